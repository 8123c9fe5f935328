"""What conditions find: hits, some in an utterance, some true of the whole call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qc.findings import How


@dataclass(frozen=True, slots=True)
class Hit:
    """Evidence. `utterance` is None for a fact of the call. `span` is in normalised text. `others` are
    further utterances that belong to the evidence. `start`/`end` override the utterance's times (cues).
    `measured` says in Chinese and English what a fact or cue amounted to. `since` names the utterance or the
    earlier call that opened the state which the evidence is judged by, `cause` what was said then.
    `attributes`, in Chinese and English, go with the finding, and into its reason where that names them.
    `bank` names the examples of what was found before, where the evidence is a finding."""

    utterance: int | None
    span: tuple[int, int] | None
    how: How
    matched: str
    confidence: float = 1.0
    sure: bool = True
    others: tuple[int, ...] = ()
    start: float | None = None
    end: float | None = None
    measured: tuple[str, str] = ("", "")
    since: str | None = None
    cause: "Hit | None" = None
    attributes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    bank: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a condition: by utterance, and for the whole call."""

    placed: Mapping[int, tuple[Hit, ...]] = field(default_factory=dict)
    whole: tuple[Hit, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.placed or self.whole)

    def all(self) -> list[Hit]:
        """Every hit, those of the call first, then in order of utterance and place."""
        inside = [hit for at in sorted(self.placed) for hit in self.placed[at]]
        return [*self.whole, *inside]


NOTHING = Found()


def placed(hits: Iterable[Hit]) -> Found:
    """Hits sorted to their utterances; those without one are true of the whole call."""
    by_utterance: dict[int, list[Hit]] = {}
    whole: list[Hit] = []
    for hit in hits:
        if hit.utterance is None:
            whole.append(hit)
        else:
            by_utterance.setdefault(hit.utterance, []).append(hit)
    return Found({at: tuple(found) for at, found in by_utterance.items()}, tuple(whole))
