"""What earlier calls left open: disputes and requests not to be called, until something settles them.

An entry of the history opens a matter with `stop_request` or `dispute` (true, or a word such as `amount`), or
with the outcome of that name, and settles it with `resolved` (true, or the names of what is settled). Fields
of the case say how things stand now: `stop_requested`, `dispute_open`, `vulnerable`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.metadata import CallRecord, EarlierCall, oldest_first
from qc.answers import NO, Answer
from qc.language.facts import Matter, Standing
from qc.parties import DEBTOR, person_of, relation_of, same_person

_ON_CASE: dict[Matter, tuple[str, ...]] = {
    "stop_request": ("stop_requested", "stop_request"),
    "dispute": ("dispute_open",),
    "vulnerable": ("vulnerable",),
}
_SAID: dict[Matter, tuple[str, str]] = {
    "stop_request": ("要求停止联系", "asked for contact to stop"),
    "dispute": ("提出异议", "disputed the debt"),
    "vulnerable": ("说明特殊情况", "told of special circumstances"),
}
_NO_WORDS = frozenset(
    ["", "false", "no", "none", "0", "否", "无", "resolved", "withdrawn", "已解决", "已撤回"]
)
_CLOSING_WORDS = frozenset(["resolved", "withdrawn", "settled", "已解决", "已撤回"])


@dataclass(frozen=True, slots=True)
class _Open:
    """A matter that is open: since which entry, and whether the record says outright that it still is."""

    call: EarlierCall | None
    outright: bool


def standing(wanted: Standing, record: CallRecord) -> Answer:
    """Whether the matter is open when this call begins."""
    matter = wanted.of
    zh, en = _SAID[matter]
    on_case = _on_case(matter, record)
    if on_case is False:
        return NO
    opened = _opened(wanted, record)
    if opened is None and on_case is None:
        return NO
    since = None if opened is None else _when(opened.call)
    said = (f"此前已{zh}", f"{en} earlier") if since is None else (f"{since}{zh}", f"{en} on {since}")
    sure = on_case is True or (opened is not None and opened.outright)
    return Answer(True, said, sure=sure, since=since or "case")


def _on_case(matter: Matter, record: CallRecord) -> bool | None:
    """What the case itself says about now; None where it says nothing."""
    extra = record.case.model_extra or {}
    for name in _ON_CASE[matter]:
        if extra.get(name) is not None:
            return _is_yes(extra[name])
    return None


def _opened(wanted: Standing, record: CallRecord) -> _Open | None:
    """The entry that opened what is open when this call begins. Entries of unknown time count as the
    oldest, so that whatever settles a matter settles theirs, and leave doubt."""
    now: _Open | None = None
    undated = [call for call in record.history if call.started_at is None]
    dated = [call for call in oldest_first(record.history) if call.started_at is not None]
    for call in (*undated, *dated):
        if not _concerns(wanted.of, call, record):
            continue
        if _claims(call, wanted.of):
            # A request holds until it is taken back; a dispute may have been looked into since.
            outright = wanted.of == "stop_request" or _settles_nothing(call)
            now = _Open(call, outright and call.started_at is not None)
        if now is not None and _settled(call, wanted):
            now = None
    return now


def _concerns(matter: Matter, call: EarlierCall, record: CallRecord) -> bool:
    """Whether what was said then is about this call: a third party speaks for itself alone, and what the
    debtor asked binds the calls to everybody."""
    if person_of(call, record) == DEBTOR:
        return matter == "stop_request" or relation_of(record) == DEBTOR
    return same_person(call, record) is not False


def _claims(call: EarlierCall, matter: Matter) -> bool:
    given = getattr(call, matter, None) if matter != "vulnerable" else (call.model_extra or {}).get(matter)
    return _is_yes(given) or (given is None and (call.outcome or "").strip().lower() == matter)


def _settled(call: EarlierCall, wanted: Standing) -> bool:
    """Whether the entry closes the matter, perhaps the one that it opened itself."""
    matter = wanted.of
    given = getattr(call, matter, None) if matter != "vulnerable" else None
    closed = isinstance(given, str) and given.strip().lower() in _CLOSING_WORDS
    if "record" in wanted.settled_by and (closed or _names(call.resolved, matter)):
        return True
    if _claims(call, matter):
        return False
    if "inbound" in wanted.settled_by and (call.direction or "").strip().lower() == "inbound":
        return True
    promised = _is_yes(call.promise) or (call.outcome or "").strip().lower() == "promise_to_pay"
    return "promise" in wanted.settled_by and promised


def _names(resolved: object, matter: Matter) -> bool:
    """`resolved: true` settles all that is open, else the matters it names: dispute, dispute.amount …"""
    if isinstance(resolved, Sequence) and not isinstance(resolved, str):
        return any(_names(one, matter) for one in resolved)
    if isinstance(resolved, str) and resolved.strip().lower().partition(".")[0] in _ON_CASE:
        return resolved.strip().lower().partition(".")[0] == matter
    return _is_yes(resolved)


def _settles_nothing(call: EarlierCall) -> bool:
    """Whether the entry says outright that nothing was settled."""
    return call.resolved is not None and not _is_yes(call.resolved)


def _is_yes(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in _NO_WORDS
    return bool(value)


def _when(call: EarlierCall | None) -> str | None:
    return None if call is None or call.started_at is None else f"{call.started_at:%Y-%m-%d %H:%M}"
