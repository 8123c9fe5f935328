"""`diting rules lint` and `diting rules test`."""

import json
from collections import Counter
from typing import Annotated

import typer
from rich.text import Text

from api import words
from api.cli.console import CRASHED, Language, err, line, out
from api.cli.rules.common import Json, Lang
from api.cli.rules.tree import tree
from api.rules import example_text
from api.words import Words
from qc.language.positions import Problem
from qc.lint import lint as lint_packs
from qc.workbench.book import known_packs
from qc.workbench.examples import Failure, Tested, try_examples
from store.settings import Settings

Packs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH|PACK]…", help="packs by name, folder or topic file; default: all known"),
]


def lint(packs: Packs = None, as_json: Json = False, lang: Lang = Language.ZH) -> None:
    """Show every problem of rule packs: file, line, field, and how to mend it. 检查规则文件。

    Exit code 1 when there is any.
    """
    own = Settings().rule_folders
    problems = lint_packs(packs or known_packs(own), own)
    if as_json:
        typer.echo(json.dumps([_problem(problem) for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            line(problem.say(lang.value))
        files = Counter(problem.file for problem in problems)
        out.print(
            Words(
                f"{len(problems)} 个问题，{len(files)} 个文件。",
                f"{len(problems)} problems in {len(files)} files.",
            ).say(lang.value)
            if problems
            else Words("没有问题。", "No problems.").say(lang.value)
        )
    raise typer.Exit(CRASHED if problems else 0)


def run(
    packs: Packs = None,
    rule: Annotated[str | None, typer.Option(help="only the examples of this rule")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="explain failures with every part of the rule")
    ] = False,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Run the examples inside rules, and say of each that fails what was found and why. 运行规则自带的例句。

    Exit code 1 when one does not come out as it says.
    """
    own = Settings().rule_folders
    tested = [try_examples(name, rule, own) for name in packs or known_packs(own)]
    failures = [failure for each in tested for failure in each.failures]
    if as_json:
        typer.echo(json.dumps(_tested(tested), ensure_ascii=False))
    else:
        for failure in failures:
            line(_headline(failure, lang.value))
            for text in (
                *_found(failure, lang.value),
                *tree(failure.explanation.parts, lang.value, full=full),
            ):
                err.print(Text("    ").append_text(text))
        count, rules = sum(each.examples for each in tested), sum(each.rules for each in tested)
        wrong = len(failures)
        zh = f"{count} 个例句（{rules} 条规则），{wrong} 个不符。"
        en = f"{count} examples of {rules} rules; {wrong} do not come out as they say."
        out.print(Words(zh, en).say(lang.value))
    raise typer.Exit(CRASHED if failures else 0)


def _headline(failure: Failure, lang: words.Lang) -> str:
    rule = failure.explanation.entry.compiled.name
    text = example_text(failure.example, lang)
    if failure.expected == "violates":
        said = Words(
            f"{rule} 应发现而没有发现：{text}", f"{rule} did not fire on violates[{failure.index}]: {text}"
        )
    else:
        said = Words(f"{rule} 不应发现却发现了：{text}", f"{rule} fired on allowed[{failure.index}]: {text}")
    return f"{failure.where}  {said.say(lang)}"


def _found(failure: Failure, lang: words.Lang) -> list[Text]:
    """Why the rule cannot fire on this example at all, and what it found."""
    explanation = failure.explanation
    skip = ("draft", "deprecated")  # examples are run whatever the status
    shown = (
        explanation.hindrances
        if explanation.entry.compiled.rule.status not in skip
        else explanation.hindrances[1:]
    )
    return [Text(hindrance.say(lang), style="yellow") for hindrance in shown]


def _problem(problem: Problem) -> dict[str, object]:
    zh = problem.zh or (problem.message, problem.mend)
    return {
        "code": problem.code,
        "file": problem.file,
        "line": problem.line,
        "field": problem.field,
        "message": {"zh": zh[0], "en": problem.message},
        "mend": {"zh": zh[1], "en": problem.mend},
    }


def _tested(tested: list[Tested]) -> list[dict[str, object]]:
    return [
        {
            "pack": each.pack,
            "rules": each.rules,
            "examples": each.examples,
            "failures": [
                {
                    "rule": failure.explanation.entry.compiled.name,
                    "expected": failure.expected,
                    "index": failure.index,
                    "where": failure.where,
                    "example": example_text(failure.example, "en"),
                }
                for failure in each.failures
            ],
        }
        for each in tested
    ]
