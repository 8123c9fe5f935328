"""`diting tickets`: the review of calls."""

import typer

from api.cli.tickets import looking, verbs

app = typer.Typer(
    help="QC tickets: review, feedback, appeal, final result. 质检工单：判定、反馈、申诉、定稿。",
    no_args_is_help=True,
)

app.command("list")(looking.list_)
app.command("show")(looking.show)
app.command("history")(looking.history)
app.command("feedback")(looking.feedback)
app.command("allowed")(looking.allowed)
app.command("diagram")(looking.diagram)
for _name, _verb in verbs.generated():
    app.command(_name)(_verb)
