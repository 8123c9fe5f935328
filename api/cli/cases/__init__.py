"""`diting cases`: the handling of warnings and complaints."""

import typer

from api.cli.cases import looking, verbs

app = typer.Typer(
    help="Cases: warnings and complaints, from the report to closing. 预警与投诉的处理。",
    no_args_is_help=True,
)

app.command("list")(looking.list_)
app.command("show")(looking.show)
app.command("history")(looking.history)
app.command("allowed")(looking.allowed)
app.command("diagram")(looking.diagram)
app.command("act")(verbs.act_)
for _name, _verb in verbs.generated():
    app.command(_name)(_verb)
