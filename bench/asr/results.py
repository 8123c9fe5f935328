"""What came of a run: per setting and source the errors and the cost, and the figures of the last line."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.asr.errors import Errors, count_errors
from bench.asr.recordings import Recording
from bench.asr.workers import Heard

OURS = "diting"
DEFAULT_PEER = "faster-whisper"
BATCHED_PEER = "faster-whisper batched"
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Errors and CPU-seconds of one setting over some recordings."""

    errors: Errors = field(default_factory=Errors)
    cpu_s: float = 0.0
    audio_s: float = 0.0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.errors + other.errors, self.cpu_s + other.cpu_s, self.audio_s + other.audio_s)

    @property
    def cost(self) -> float:
        """CPU-seconds per hour of two-channel recording."""
        return self.cpu_s * _HOUR_S / self.audio_s if self.audio_s else 0.0

    def as_dict(self) -> dict[str, float]:
        """The figures as the last line of a run gives them."""
        errors = self.errors
        return {
            "cer": round(errors.rate, 4),
            "deletions": round(errors.share(errors.deletions), 4),
            "insertions": round(errors.share(errors.insertions), 4),
            "substitutions": round(errors.share(errors.substitutions), 4),
            "cpu_s_per_hour": round(self.cost, 1),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one setting made of one recording."""

    setting: str
    recording: Recording
    duration_s: float
    heard: Heard

    @property
    def figures(self) -> Figures:
        """The errors of both channels, each aligned on its own."""
        errors = Errors()
        for said, text in zip(self.recording.said, self.heard.texts, strict=True):
            errors += count_errors(said, text)
        return Figures(errors, self.heard.cpu_s, self.duration_s)

    def as_dict(self) -> dict[str, Any]:
        """Everything about it, so that figures can be checked by hand."""
        return {
            "setting": self.setting,
            "recording": self.recording.name,
            "source": self.recording.source,
            "duration_s": round(self.duration_s, 2),
            "cpu_s": round(self.heard.cpu_s, 2),
            "wall_s": round(self.heard.wall_s, 2),
            "errors": asdict(self.figures.errors),
            "texts": self.heard.texts,
        }


def totals(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Figures]]:
    """Figures per source of recordings (and `all`), and in each per setting."""
    found: dict[str, dict[str, Figures]] = {"all": {}}
    for outcome in outcomes:
        for source in ("all", outcome.recording.source):
            settings = found.setdefault(source, {})
            settings[outcome.setting] = settings.get(outcome.setting, Figures()) + outcome.figures
    return found


def is_ours(setting: str) -> bool:
    """Whether a setting is Diting's own."""
    return setting.startswith(OURS)


def summary(outcomes: Sequence[Outcome], about: Mapping[str, Any]) -> dict[str, Any]:
    """The last line of a run. What was not measured in it is null."""
    figures = totals(outcomes)
    settings = figures["all"]
    recordings = {outcome.recording: outcome.duration_s for outcome in outcomes}
    peers = {name: made.errors.rate for name, made in settings.items() if not is_ours(name)}
    best = min(peers, key=lambda name: peers[name]) if peers else None
    ours = settings.get(OURS)
    return {
        "cpu_ratio_batched": _ratio(settings, BATCHED_PEER),
        "cpu_ratio_default": _ratio(settings, DEFAULT_PEER),
        "cer": round(ours.errors.rate, 4) if ours else None,
        "cer_best_peer": round(peers[best], 4) if best else None,
        "best_peer": best,
        "audio": dict(Counter(recording.source for recording in recordings)),
        "audio_s": round(sum(recordings.values()), 1),
        **about,
        "settings": {
            source: {name: made.as_dict() for name, made in of_source.items()}
            for source, of_source in figures.items()
        },
    }


def _ratio(settings: Mapping[str, Figures], peer: str) -> float | None:
    if OURS not in settings or peer not in settings or not settings[peer].cost:
        return None
    return round(settings[OURS].cost / settings[peer].cost, 3)


def table(settings: Mapping[str, Figures]) -> str:
    """A Markdown table of settings, the fewest errors first."""
    lines = [
        "| setting | CER | deleted | inserted | substituted | CPU-s per hour | × batched |",
        "|---|---|---|---|---|---|---|",
    ]
    batched = settings[BATCHED_PEER].cost if BATCHED_PEER in settings else 0.0
    for name, made in sorted(settings.items(), key=lambda item: item[1].errors.rate):
        e = made.errors
        shares: Sequence[int] = (e.deletions, e.insertions, e.substitutions)
        cells = [f"{e.rate:.3f}", *(f"{e.share(count):.3f}" for count in shares), f"{made.cost:.0f}"]
        cells.append(f"{made.cost / batched:.2f}" if batched else "")
        lines.append(f"| {f'**{name}**' if is_ours(name) else name} | {' | '.join(cells)} |")
    return "\n".join(lines)
