"""vCon, the IETF's container of conversations (draft-ietf-vcon-vcon-core-04), read. Analysis is ignored: what
other systems concluded is no evidence here."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from ingest.formats.clock import from_clock
from ingest.formats.documents import read_json
from ingest.formats.pbx import seconds, without_blanks
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, FormatOptions, InlineRecording, Unreadable
from store.errors import BadInputError

_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_DIALOGS: Final = 1_000
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}")
_MEDIA: Final = ("audio/", "video/")


class VconOptions(FormatOptions):
    """How this system fills vCons.

    Attributes:
        agent_roles: values of a party's `role` that mean a collector.
        customer_roles: likewise the customer.
        stereo: recordings have one channel for each entry of `parties`. The draft writes both these and mono
            mixes as a list; where it is not known, channels are left to be told from the content.
    """

    agent_roles: tuple[str, ...] = ("agent", "collector", "employee", "supervisor", "坐席", "催收员")
    customer_roles: tuple[str, ...] = ("customer", "contact", "debtor", "caller", "callee", "客户", "债务人")
    stereo: bool = False


def read(stream: BinaryIO, where: str, options: VconOptions) -> Iterator[Described | Unreadable]:
    """The recordings in one vCon, each as one call."""
    try:
        data = read_json(stream, where, _MOST_BYTES)
        dialogs = _dialogs(data, where)
    except BadInputError as error:
        yield Unreadable(where, error)
        return
    for index, dialog in dialogs:
        place = f"{where} dialog[{index}]"
        try:
            yield _described(data, dialog, index, place, options, only=len(dialogs) == 1)
        except BadInputError as error:
            yield Unreadable(place, error)


def check_content(content: bytes, content_hash: str, where: str) -> None:
    """Compare a recording with the hash that its record states.

    Raises:
        BadInputError: `format.bad_value`, it is another one.
    """
    name, _, expected = content_hash.partition("-")
    if name.lower() != "sha512":
        return  # the draft names no other algorithm; what cannot be checked is left to the transport
    actual = base64.urlsafe_b64encode(hashlib.sha512(content).digest()).rstrip(b"=").decode()
    if actual != expected.rstrip("="):
        raise refusal("format.bad_value", "the recording is not the one whose hash the vCon states", where)


def _dialogs(data: Any, where: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The dialogs with recordings, by their place in the vCon.

    Raises:
        BadInputError: this is no vCon that can be read.
    """
    if not isinstance(data, Mapping):
        raise refusal("format.missing", "this is no vCon: it is no object", where)
    if "ciphertext" in data:
        raise refusal("format.unsupported", "the vCon is encrypted", where)
    if "signatures" in data or ("payload" in data and "dialog" not in data):
        raise refusal("format.unsupported", "the vCon is signed: verify it and send what was signed", where)
    critical = data.get("critical") or data.get("must_support") or []
    if critical:
        named = ", ".join(str(each)[:40] for each in critical[:5]) if isinstance(critical, list) else ""
        raise refusal("format.unsupported", f"the vCon must not be read without extensions: {named}", where)
    if not isinstance(data.get("uuid"), str) or not 1 <= len(data["uuid"]) <= 150:
        raise refusal("format.missing", "this is no vCon: it has no uuid", where)
    dialogs = data.get("dialog") or []
    if not isinstance(dialogs, list) or len(dialogs) > _MOST_DIALOGS:
        raise refusal("format.bad_value", "`dialog` is no list of dialogs", where)
    found = [(at, each) for at, each in enumerate(dialogs) if isinstance(each, Mapping) and _is_sound(each)]
    if not found:
        raise refusal("format.missing", "the vCon holds no recording", where)
    return found


def _is_sound(dialog: Mapping[str, Any]) -> bool:
    media = dialog.get("mediatype") or dialog.get("mimetype") or ""
    return dialog.get("type") == "recording" and (not media or str(media).lower().startswith(_MEDIA))


def _described(
    data: Mapping[str, Any],
    dialog: Mapping[str, Any],
    index: int,
    where: str,
    options: VconOptions,
    *,
    only: bool,
) -> Described:
    uuid = data["uuid"]
    inline, url, content_hash = _content(dialog, where)
    document: dict[str, object] = {
        "external_id": uuid if only else f"{uuid}#{index}",
        "source": options.source,
        **from_clock(_text(dialog.get("start")), options.zone).fields(),
        **_people(data, dialog, where, options),
        "duration_s": seconds(str(dialog.get("duration", ""))),
        "vcon": without_blanks({"uuid": uuid, "dialog": index, "subject": _text(data.get("subject"))}),
    }
    name = _text(dialog.get("filename"))
    about: dict[str, object] = {"file": name} if name else {}
    channels = _channels(data, dialog, options)
    if channels:
        about["channels"] = channels
    if about:
        document["recording"] = about
    document = without_blanks(document) | {"started_at": document["started_at"]}
    return Described(document, url or name, where, inline=inline, content_hash=content_hash)


def _content(dialog: Mapping[str, Any], where: str) -> tuple[InlineRecording | None, str | None, str | None]:
    """The recording itself or its URL, and the hash that is stated of it."""
    hashes = dialog.get("content_hash")
    stated = hashes[0] if isinstance(hashes, list) and hashes else hashes
    content_hash = stated[:200] if isinstance(stated, str) else None
    url, body = dialog.get("url"), dialog.get("body")
    if isinstance(url, str) and url:
        if len(url) > 4_000:
            raise refusal("format.bad_value", "the URL is longer than any that can be right", where)
        return None, url, content_hash
    if not isinstance(body, str) or not body:
        raise refusal("format.missing", "the dialog holds no recording: it may have been redacted", where)
    if (dialog.get("encoding") or "base64url") != "base64url":
        raise refusal("format.unsupported", "a recording is written as base64url", where)
    if not _BASE64URL.fullmatch(body):
        raise refusal("format.bad_value", "the recording is not base64url", where)
    try:
        content = base64.urlsafe_b64decode(body.rstrip("=") + "=" * (-len(body.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        raise refusal("format.bad_value", "the recording is not base64url", where) from None
    if content_hash:
        check_content(content, content_hash, where)
    media = dialog.get("mediatype") or dialog.get("mimetype")
    return InlineRecording(content, media if isinstance(media, str) else None), None, content_hash


def _people(
    data: Mapping[str, Any], dialog: Mapping[str, Any], where: str, options: VconOptions
) -> dict[str, object]:
    """Agent, customer and direction, as far as the parties' roles tell."""
    present = _indices(dialog.get("parties"))
    parties = data.get("parties")
    listed: Sequence[Any] = parties if isinstance(parties, list) else []
    if any(index >= len(listed) for index in present):
        raise refusal("format.bad_value", "the dialog names a party that the vCon lacks", where)
    by_role: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for index in present or range(len(listed)):
        role = _role(listed[index], options)
        if role is not None and isinstance(listed[index], Mapping):
            by_role.setdefault(role, (index, listed[index]))
    fields: dict[str, object] = {}
    if "agent" in by_role:
        party = by_role["agent"][1]
        agent = {"id": _text(party.get("uuid")) or _address(party), "name": _text(party.get("name"))}
        fields["agent"] = without_blanks(agent)
    customer: dict[str, object] = {"timezone": options.customer_zone}
    if "customer" in by_role:
        party = by_role["customer"][1]
        customer |= {"name": _text(party.get("name")), "number": _address(party)}
    fields["customer"] = without_blanks(customer)
    originator = dialog.get("originator", present[0] if present else None)
    for role, direction in (("agent", "outbound"), ("customer", "inbound")):
        if role in by_role and by_role[role][0] == originator:
            fields["direction"] = direction
    return fields


def _channels(data: Mapping[str, Any], dialog: Mapping[str, Any], options: VconOptions) -> dict[str, object]:
    if options.channels is not None:
        return {str(index): role for index, role in options.channels.items()}
    entries, parties = dialog.get("parties"), data.get("parties")
    if not options.stereo or not isinstance(entries, list) or not isinstance(parties, list):
        return {}
    channels: dict[str, object] = {}
    for channel, entry in enumerate(entries[:8]):
        roles = {_role(parties[index], options) for index in _indices(entry) if index < len(parties)}
        if len(roles) == 1 and None not in roles:
            channels[str(channel)] = roles.pop()
    return channels


def _role(party: Any, options: VconOptions) -> str | None:
    role = party.get("role") if isinstance(party, Mapping) else None
    word = role.strip().lower() if isinstance(role, str) else ""
    if word in options.agent_roles:
        return "agent"
    return "customer" if word in options.customer_roles else None


def _address(party: Mapping[str, Any]) -> str | None:
    """A number: `tel` is a tel URL, with or without its scheme; a SIP address counts by its user part."""
    tel = _text(party.get("tel"))
    if tel:
        return tel.removeprefix("tel:").partition(";")[0][:100]
    sip = _text(party.get("sip"))
    if not sip:
        return None
    return sip.removeprefix("sips:").removeprefix("sip:").partition("@")[0][:100] or None


def _indices(value: Any) -> list[int]:
    """Indices of parties: one, a list, or a list with lists in it; null stands for an unused channel."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value] if value >= 0 else []
    if not isinstance(value, list):
        return []
    flat = [inner for each in value for inner in (each if isinstance(each, list) else [each])]
    return [each for each in flat if isinstance(each, int) and not isinstance(each, bool) and each >= 0]


def _text(value: Any) -> str | None:
    return value.strip()[:400] or None if isinstance(value, str) else None
