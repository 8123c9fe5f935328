"""One ticket, and the collector's feedback, as lines at the terminal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.words import Lang, Words
from qc.review.wording import state_words
from qc.taxonomy import CATEGORIES

_VERDICTS = {
    "true": Words("成立", "true"),
    "false": Words("不成立", "false"),
    "unsure": Words("无法判断", "unsure"),
    "upheld": Words("维持", "upheld"),
    "overturned": Words("推翻", "overturned"),
}


def of_ticket(document: dict[str, Any], lang: Lang, zone: ZoneInfo) -> Iterator[str]:
    """The ticket, line by line."""
    version = Words(f"版本 {document['version']}", f"version {document['version']}").say(lang)
    yield f"{document['id']}  {document['call']}  {state_words(document['state'], lang)}  {version}"
    for name, words in (
        ("machine", Words("机器", "machine")),
        ("human", Words("人工", "people")),
        ("final", Words("定稿", "final")),
    ):
        result = document[name]
        if result is not None:
            yield f"{words.say(lang)}: {result['score']} ({result['band']})"
    if document["appeal_until"] is not None:
        yield Words("申诉截止：", "Appeals until ").say(lang) + _when(document["appeal_until"], zone)
    for finding in document["findings"]:
        category = _category(finding["category"], lang)
        yield f"  {finding['id']}  {category}  {_at(finding['start'])}  {finding['heard']}"
    for review in document["reviews"]:
        yield from _review(review, lang)
    for one in (document["appeal"] or {}).get("grounds", ()):
        yield Words("  申诉 ", "  appealed ").say(lang) + f"{_item(one)}: {one['reason']}"
    for one in (document["appeal"] or {}).get("rulings", ()):
        yield f"  {_item(one)}: {_VERDICTS[one['ruling']].say(lang)} {one['reason']}"


def of_feedback(document: dict[str, Any], lang: Lang) -> Iterator[str]:
    """The feedback, line by line."""
    if not document["points"]:
        yield Words("没有计入的问题。", "Nothing stands against you.").say(lang)
    for point in document["points"]:
        clip = point["clip"]
        place = "" if clip is None else f"  {_at(clip['start'])}–{_at(clip['end'])}"
        yield f"■ {point['title'][lang]}{place}  [{_item(point)}]"
        if point["heard"]:
            yield Words("  原话：", "  Said: ").say(lang) + point["heard"]
        yield Words("  问题：", "  Why: ").say(lang) + point["why"][lang]
        for clause in point["clauses"]:
            parts = [clause["source"], clause["article"], clause["quote"]]
            yield Words("  依据：", "  Clause: ").say(lang) + " ".join(part for part in parts if part)
        yield Words("  建议：", "  Better: ").say(lang) + point["better"][lang]
    card = document["scorecard"]
    if card is not None:
        passed = Words("合格", "passed") if card["passed"] else Words("不合格", "failed")
        yield f"{card['title'][lang]}: {card['points']:g} ({passed.say(lang)})"
    if document["words"]:
        yield document["words"]


def _review(review: dict[str, Any], lang: Lang) -> Iterator[str]:
    done = Words("（已提交）", " (done)").say(lang) if review["done"] else ""
    yield f"{review['reviewer']}{done}"
    for one in review["decisions"]:
        yield f"  {_item(one)}: {_VERDICTS[one['verdict']].say(lang)} {one['comment'] or ''}".rstrip()
    for one in review["missed"]:
        span = f"{_at(one['start'])}–{_at(one['end'])}"
        yield f"  m{one['missed']}  {_category(one['category'], lang)}  {span}  {one['comment']}"
    for item, rating in review["ratings"].items():
        yield f"  {item} = {rating}"
    if review["scorecard"] is not None:
        yield f"  {review['card']}: {review['scorecard']['points']:g}"


def _item(one: dict[str, Any]) -> str:
    return str(one["finding"]) if one["finding"] is not None else f"m{one['missed']}"


def _category(name: str, lang: Lang) -> str:
    return CATEGORIES[name].zh if lang == "zh" else CATEGORIES[name].en


def _at(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
