"""`diting rules`: the workbench of those who write rules."""

import typer

from api.cli.rules import again, backtest, catalogue, check, comparing, new, page, schema, trying, versions

app = typer.Typer(
    help="Look at, write, check, try and compare rules. 查看、编写、检查、试用和比较规则。",
    no_args_is_help=True,
)
app.command("list")(catalogue.list_rules)
app.command("show")(page.show)
app.command("new")(new.new)
app.command("lint")(check.lint)
app.command("test")(check.run)
app.command("try")(trying.try_)
app.command("explain")(trying.explain_)
app.command("diff")(comparing.diff)
app.command("schema")(schema.schema)
app.command("propose")(versions.propose)
app.command("approve")(versions.approve)
app.command("withdraw")(versions.withdraw)
app.command("restore")(versions.restore)
app.command("versions")(versions.versions)
app.command("reinspect")(again.reinspect)
app.command("backtest")(backtest.backtest)
