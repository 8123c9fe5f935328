"""Messages as the robots show them."""

from typing import Final
from zoneinfo import ZoneInfo

from complaint_warnings.notices.types import Letter
from complaint_warnings.notices.wording import Language, facts, items, label, line, title

_CUT: Final = "\n\n…"
_SPECIAL: Final = str.maketrans({character: "\\" + character for character in "\\`*_[]()#~>|!<"})


def lines(letter: Letter, language: Language, zone: ZoneInfo) -> list[str]:
    """The lines of a message in markdown, without its title."""
    document = letter.document
    found = [f"- {_plain(line(item, language, zone))}{_link(item, language)}" for item in items(document)]
    if not found:
        found = [f"**{fact.label}**: {_plain(fact.value)}" for fact in facts(document, language, zone)]
        link = document.get("link")
        found += [f"[{label('link', language)}]({link})"] if link else []
    return found


def text(letter: Letter, language: Language, zone: ZoneInfo, *, limit: int) -> str:
    """The whole message in markdown, of at most `limit` bytes of UTF-8; the end says which message it is."""
    head = f"### {_plain(title(letter.document, language))}"
    foot = f"\n\n{letter.message_id}"
    body = "\n\n".join([head, *lines(letter, language, zone)])
    return cut(body, limit - len(foot.encode())) + foot


def cut(body: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, ended with `…` when something is missing."""
    raw = body.encode()
    if len(raw) <= limit:
        return body
    return raw[: limit - len(_CUT.encode())].decode(errors="ignore") + _CUT


def _plain(value: str) -> str:
    """A value that markdown does nothing with."""
    return " ".join(value.split()).translate(_SPECIAL)


def _link(item: object, language: Language) -> str:
    link = item.get("link") if isinstance(item, dict) else None
    return f" [{label('link', language)}]({link})" if link else ""
