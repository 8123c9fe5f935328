"""Recordings for players that seek: byte ranges, and a playable copy of what browsers cannot play."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from fastapi import Response

from api.http.problems import BadRequest
from api.masked_copies import MaskedCopies
from api.report.audio import for_browser
from store.recordings import RecordingStore
from transcription.privacy.sound import Stretch, copy_name

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_KEEP_BYTES = 64 * 1024 * 1024


class RangeError(BadRequest):
    """The part asked for lies outside the recording."""

    http_status = 416


@dataclass(frozen=True, slots=True)
class Playable:
    """How a recording is played. `content` is None when browsers play the original itself."""

    media_type: str
    size: int
    content: bytes | None


class Playback:
    """Works out once per recording how browsers play it, and keeps converted copies within a budget."""

    def __init__(self, recordings: RecordingStore) -> None:
        self._recordings = recordings
        self._copies = MaskedCopies(recordings)
        self._known: OrderedDict[str, Playable] = OrderedDict()
        self._lock = Lock()

    def find(self, sha256: str) -> Playable:
        """How to play a recording; one that nobody can play is handed out as it is.

        Raises:
            NotFoundError: `recording.not_found`.
            IntegrityError: `recording.damaged`.
        """
        with self._lock:
            if sha256 in self._known and not self._recordings.exists(sha256):  # it was deleted meanwhile
                del self._known[sha256]
            if sha256 not in self._known:
                original = self._recordings.read(sha256)
                audio = for_browser(original)
                if audio is None:
                    self._keep(sha256, Playable("application/octet-stream", len(original), None))
                else:
                    content = audio.content if audio.converted else None
                    self._keep(sha256, Playable(audio.media_type, len(audio.content), content))
            self._known.move_to_end(sha256)
            return self._known[sha256]

    def _keep(self, sha256: str, playable: Playable) -> None:
        self._known[sha256] = playable
        while len(self._known) > 1 and sum(len(p.content or b"") for p in self._known.values()) > _KEEP_BYTES:
            self._known.popitem(last=False)

    def respond(self, sha256: str, range_header: str | None) -> Response:
        """The recording, or the part of it that a `Range` header asks for.

        Raises:
            RangeError: `request.range`.
        """
        playable = self.find(sha256)
        version = sha256 if playable.content is None else f"{sha256}-copy"
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{version}"'}
        part = parse_range(range_header, playable.size)
        if part is None:
            content = self._bytes(sha256, playable, 0, playable.size)
            return Response(content, media_type=playable.media_type, headers=headers)
        start, end = part
        headers["Content-Range"] = f"bytes {start}-{end}/{playable.size}"
        content = self._bytes(sha256, playable, start, end - start + 1)
        return Response(content, 206, media_type=playable.media_type, headers=headers)

    def respond_masked(self, sha256: str, tones: Sequence[Stretch], range_header: str | None) -> Response:
        """Like `respond`, of the copy with a tone over these stretches.

        Raises:
            RangeError: `request.range`.
        """
        content = self._copies.read(sha256, tones)
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{copy_name(sha256, tones)}"'}
        part = parse_range(range_header, len(content))
        if part is None:
            return Response(content, media_type="audio/ogg", headers=headers)
        start, end = part
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return Response(content[start : end + 1], 206, media_type="audio/ogg", headers=headers)

    def _bytes(self, sha256: str, playable: Playable, start: int, length: int) -> bytes:
        if playable.content is not None:
            return playable.content[start : start + length]
        return self._recordings.read_range(sha256, start, length)


def part_of(response: Response, duration_s: float) -> tuple[float, float]:
    """From when to when an answer plays, in seconds, as near as its bytes tell."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    if match is None:
        return 0.0, round(duration_s, 1)
    first, last, size = map(int, match.groups())
    return round(duration_s * first / size, 1), round(duration_s * (last + 1) / size, 1)


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and last byte asked for, or None for everything (no header, or one we may ignore).

    Raises:
        RangeError: `request.range`.
    """
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or start > end:
        raise RangeError(
            f"the recording has {size} bytes", code="request.range", where=f"header Range: {header}"
        )
    return start, end
