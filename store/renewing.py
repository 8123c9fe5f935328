"""Brings stored recordings under the current key. Each recording tells by itself what is left to do, so a run
that was killed is simply begun again."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Literal

from store.errors import DitingError, NotFoundError, SettingsError
from store.recordings import Changed, RecordingStore

What = Literal["plain", "older_keys"]
AT_ONCE: Final = 4
"""An S3 store answers slowly, but to many."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of one recording: `error` where it stayed as it was because of that."""

    sha256: str
    changed: Changed
    error: DitingError | None = None


def renew(recordings: RecordingStore, hashes: Iterable[str], what: What) -> Iterator[Renewed]:
    """Encrypt the plain ones, or bring those under older keys under the current one. One that cannot be read
    does not keep the others from being done.

    Raises:
        SettingsError: `settings.recording_keys`, there are no keys.
    """
    if recordings.keys is None:
        raise SettingsError(
            "there is no key to encrypt recordings with",
            code="settings.recording_keys",
            where="DITING_RECORDING_KEYS_FILE",
            mend="Name a file, and make the first key with `diting recordings new-key`.",
        )
    waiting = iter(hashes)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(islice(waiting, AT_ONCE * 16)):
            yield from pool.map(partial(_renew, recordings, what), batch)


def _renew(recordings: RecordingStore, what: What, sha256: str) -> Renewed:
    try:
        plain = recordings.sealed_by(sha256) is None
        if plain != (what == "plain"):
            return Renewed(sha256, "as_it_was")
        return Renewed(sha256, recordings.renew(sha256))
    except NotFoundError:  # it was deleted meanwhile
        return Renewed(sha256, "as_it_was")
    except DitingError as error:
        deleted = error.code == "recording.deleted"
        return Renewed(sha256, "as_it_was", None if deleted else error)
