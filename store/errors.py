"""The error tree. Every error a person may see has a stable code, a place, and a way to mend it.

DitingError
├── SettingsError            a setting is missing, malformed or unsafe
├── BadInputError            what came from outside cannot be used (command line: exit 2)
│   ├── MetadataError        call.json
│   ├── AudioError           the recording
│   ├── TranscriptError      transcript.json
│   └── RuleError            a rule file
├── NotFoundError
├── ConflictError            the state changed meanwhile, or the transition is not allowed
├── IntegrityError           stored data no longer matches its hash
└── EngineError              a speech engine or model is not usable
"""

from typing import Any


def printable(name: str) -> str:
    """A file name as text: bytes that no text can hold, which file systems allow, become question marks."""
    return name.encode(errors="replace").decode()


class DitingError(Exception):
    """Base of all errors that Diting raises on purpose.

    Args:
        message: what is wrong, in plain words.
        code: stable dotted code (`audio.empty`), documented in docs/errors.md.
        where: file, field or setting concerned, if any.
        mend: what the reader can do about it, if known.
    """

    http_status = 500
    exit_code = 1

    def __init__(self, message: str, *, code: str, where: str | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.where = None if where is None else printable(where)
        self.mend = mend

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors come back whole from the processes of a pool."""
        return _rebuilt, (type(self), self.args, dict(self.__dict__))

    def __str__(self) -> str:
        """One line: `where: message. mend [code]`."""
        place = f"{self.where}: " if self.where else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{place}{self.message}.{mend} [{self.code}]"


def _rebuilt(kind: type[DitingError], args: tuple[Any, ...], told: dict[str, Any]) -> DitingError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(told)
    return error


class SettingsError(DitingError):
    """A setting is missing, malformed or unsafe."""

    exit_code = 2


class BadInputError(DitingError):
    """What came from outside cannot be used."""

    http_status = 422
    exit_code = 2


class MetadataError(BadInputError):
    """call.json is unreadable or contradicts itself."""


class AudioError(BadInputError):
    """The recording cannot be decoded or holds no usable sound."""


class TranscriptError(BadInputError):
    """transcript.json is unreadable."""


class RuleError(BadInputError):
    """A rule file is wrong; `where` is `file:line field`."""


class NotFoundError(DitingError):
    """The thing asked for does not exist (or the asker may not know that it does)."""

    http_status = 404
    exit_code = 2


class ConflictError(DitingError):
    """The state changed meanwhile, or the step is not allowed from the present state."""

    http_status = 409


class IntegrityError(DitingError):
    """Stored data no longer matches its hash."""


class EngineError(DitingError):
    """A speech engine or its model is not usable."""
