"""`diting rules try` and `diting rules explain`: what rules say of sentences and calls, and why."""

import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from api import words
from api.cli.console import Language, out
from api.cli.rules import common, source
from api.cli.rules.common import Json, Lang, said
from api.cli.rules.tree import tree
from api.explained import part_json
from api.words import Words
from pipeline.result import finding_json
from qc.workbench.explain import Explanation, explain, guard_words
from qc.workbench.trial import DOUBTFUL, WHOLE_CALL, Excused, Make, Tried, makes, try_rules
from store.errors import BadInputError

PackToo = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME", help="also try this pack, by name or folder; repeatable"),
]


class Speaker(StrEnum):
    """Who says a sentence."""

    AGENT = "agent"
    CUSTOMER = "customer"


Recognised = Annotated[
    bool, typer.Option("--recognised", help="as a doubtful recogniser wrote it: matched by sound too")
]
Metadata = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="call.json for a transcript; default: NAME.call.json beside it"),
]


def try_(
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]…",
            help='sentences, each a turn: 您好, "客户：我还清了", "agent: …"; - reads lines',
        ),
    ] = None,
    transcript: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a whole call from transcript.json")
    ] = None,
    metadata: Metadata = None,
    speaker: Annotated[
        Speaker | None, typer.Option(help="who says a sentence without a name; default: try both")
    ] = None,
    recognised: Recognised = False,
    pack: PackToo = None,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Try sentences or a transcript: which rules fire, and what keeps others from it. 试一句话或一份记录。

    Of sentences it is not asked what only a whole call can tell, such as words that are missing.
    """
    makes = _calls(texts, transcript, metadata, speaker, recognised)
    call = makes[0]()
    book, _ = common.judging(call.language, pack, call.record.case.client)
    tried: list[Tried] = []
    excused: list[Excused] = []
    for make in makes:
        found, kept_from = try_rules(book, make)
        tried += [each for each in found if transcript or each.finding.how not in WHOLE_CALL]
        excused += kept_from
    if as_json:
        document = {
            "findings": [_tried(each, lang.value) for each in tried],
            "excused": list(map(_excused, excused)),
        }
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for each in tried:
        for text in _fired(each, lang.value):
            out.print(text, soft_wrap=True)
    if not tried:
        out.print(Words("没有规则发现什么。", "No rule found anything.").say(lang.value))
    for missed in excused:
        out.print(_near_miss(missed, lang.value), soft_wrap=True)


def _calls(
    texts: Sequence[str] | None,
    transcript: Path | None,
    metadata: Path | None,
    speaker: Speaker | None,
    recognised: bool,
) -> list[Make]:
    confidence = DOUBTFUL if recognised else None
    if transcript is not None:
        return [source.from_file(transcript, metadata, confidence)]
    given = list(texts or [])
    if given == ["-"]:
        given = [each.strip() for each in sys.stdin if each.strip()]
    if not given:
        raise BadInputError(
            "there is nothing to try",
            code="cli.no_input",
            mend='Give sentences in quotes, such as diting rules try "我们会上门找你", or --transcript FILE.',
        )
    return makes(given, speaker.value if speaker else None, confidence)


def _fired(each: Tried, lang: words.Lang) -> Iterator[Text]:
    """Two lines: the rule and its verdict; who said what, and what it was taken for."""
    finding = each.finding
    style = common.SEVERITY_STYLE[finding.severity]
    title = said(each.entry.compiled.rule.title, lang)
    yield Text.assemble(("● ", style), (finding.rule, "bold"), f"  {title}  ", _verdict(each, lang))
    who = words.named(words.SPEAKERS, finding.speaker).say(lang) if finding.heard and finding.speaker else ""
    what = f"“{finding.heard}”" if finding.heard else finding.why[lang]
    matched = f" → {finding.matched}" if finding.matched != finding.heard else ""
    figure = f" {finding.confidence:.2f}" if finding.confidence < 1 else ""
    how = words.named(words.HOW, finding.how).say(lang)
    yield Text.assemble(f"    {who}{what}{matched}  ", (f"{how}{figure}", "dim"))


def _verdict(each: Tried, lang: words.Lang) -> Text:
    """Certain or not, and whether it counts: rules that are not stable only show what they would say."""
    sure = each.finding.status == "certain"
    text = Text(words.CERTAINTY[each.finding.status].say(lang), style="green" if sure else "yellow")
    if each.entry.compiled.rule.status != "stable":
        text.append(Words("；", "; ").say(lang)).append(common.status_of(each.entry, lang))
    return text


def _near_miss(each: Excused, lang: words.Lang) -> Text:
    rule, heard = each.entry.compiled, each.heard
    quote = heard.text.say(lang)
    if each.by_guard:
        why = guard_words(heard.guard).say(lang)
        reason = Words(f"“{quote}”不算（{why}）", f"“{quote}” does not count ({why})")
    else:
        reason = Words(f"“{quote}”构成豁免", f"“{quote}” excuses it")
    return Text.assemble(
        ("○ ", "yellow"), (rule.name, "dim"), f" {said(rule.rule.title, lang)}: ", reason.say(lang)
    )


def _tried(each: Tried, lang: words.Lang) -> dict[str, Any]:
    return {**finding_json(each.finding, lang), "rule_status": each.entry.compiled.rule.status}


def _excused(each: Excused) -> dict[str, Any]:
    return {
        "rule": each.entry.compiled.name,
        "by": each.heard.guard if each.by_guard else "unless",
        "heard": each.heard.text.zh,
        "utterance": each.heard.utterance,
    }


def explain_(
    call: Annotated[
        str, typer.Argument(metavar="CALL", help="transcript.json, or a stored call: number or SOURCE/ID")
    ],
    rule: Annotated[str, typer.Argument(metavar="RULE", help="id, or id@version")],
    metadata: Metadata = None,
    recognised: Recognised = False,
    pack: PackToo = None,
    full: Annotated[
        bool, typer.Option("--full", help="every part of the rule, also where nothing came near")
    ] = False,
    as_json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Explain why a rule fired on a call, or why not, part by part. 逐项说明规则为何发现或未发现。"""
    file, confidence = Path(call), DOUBTFUL if recognised else None
    make = source.from_file(file, metadata, confidence) if file.is_file() else source.stored(call)
    judged = make()
    book, added = common.judging(judged.language, pack, judged.record.case.client, rule)
    explanations = [explain(entry, book, make()) for entry in book.versions(rule)]
    if as_json:
        typer.echo(json.dumps([_explained(each) for each in explanations], ensure_ascii=False))
        return
    if added is not None:
        zh = f"规则包 {added} 在这里不判断此类通话；以下按加上它说明。"
        en = f"The pack {added} does not judge such calls here; this is what it would say."
        out.print(Text(Words(zh, en).say(lang.value), style="yellow"), soft_wrap=True)
    for each in explanations:
        _show(each, lang.value, full=full)


def _show(explanation: Explanation, lang: words.Lang, *, full: bool) -> None:
    rule = explanation.entry.compiled
    out.print(Text.assemble((rule.name, "bold"), "  ", (said(rule.rule.title, lang), "bold")))
    for hindrance in explanation.hindrances:
        no = Words("不判断本通电话：", "does not judge this call: ").say(lang)
        out.print(Text(f"  {no}{hindrance.say(lang)}", style="yellow"), soft_wrap=True)
    for finding in explanation.findings:
        verdict = words.CERTAINTY[finding.status].say(lang)
        found = Words("发现", "found").say(lang)
        where = ", ".join(f"#{at}" for at in finding.utterances)
        quote = f"“{finding.heard}”" if finding.heard else finding.why[lang]
        out.print(Text(f"  ► {found} {where} {quote} — {verdict}", style="bold green"), soft_wrap=True)
    if not explanation.findings:
        out.print(Text("  ► " + Words("没有发现。", "Nothing found.").say(lang), style="bold"))
    for doubt in explanation.doubts:
        why = Words("存疑，因为", "unsure, because ").say(lang)
        out.print(Text(f"  {why}{doubt.say(lang)}", style="yellow"), soft_wrap=True)
    for text in tree(explanation.parts, lang, full=full):
        out.print(Text("  ").append_text(text), soft_wrap=True)
    out.print()


def _explained(explanation: Explanation) -> dict[str, Any]:
    return {
        "rule": explanation.entry.compiled.name,
        "findings": [finding_json(finding, "zh") for finding in explanation.findings],
        "hindrances": [text._asdict() for text in explanation.hindrances],
        "doubts": [text._asdict() for text in explanation.doubts],
        "parts": [part_json(part) for part in explanation.parts],
    }
