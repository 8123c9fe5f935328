"""Draw the cost of every setting against its errors: `python -m bench.asr.plot RESULTS.json PICTURE.svg`.

Runs in the peers' environment, which has matplotlib.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_OURS = "diting"
_COLOURS = {
    _OURS: "#c0392b",
    "faster-whisper": "#2c6fbb",
    "whisper-ctranslate2": "#2e8b57",
    "openai-whisper": "#7f6a93",
}

Point = tuple[str, float, float]


def points(settings: Mapping[str, Mapping[str, float]]) -> list[Point]:
    """Name, CPU-seconds per hour, and errors in percent of every setting."""
    return [(name, made["cpu_s_per_hour"], made["cer"] * 100) for name, made in settings.items()]


def front(found: Sequence[Point]) -> list[Point]:
    """The settings that no other one beats in cost and errors both, the cheapest first."""
    best: list[Point] = []
    for point in sorted(found, key=lambda point: (point[1], point[2])):
        if not best or point[2] < best[-1][2]:
            best.append(point)
    return best


def draw(settings: Mapping[str, Mapping[str, float]], about: str, target: Path) -> None:
    """Write the picture; the same figures make the same file."""
    import matplotlib as mpl  # noqa: PLC0415 - in the peers' environment only

    mpl.use("svg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    plt.rcParams.update({"svg.hashsalt": "bench-asr", "svg.fonttype": "none", "font.size": 9})
    found = points(settings)
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    edge = front(found)
    axes.plot([p[1] for p in edge], [p[2] for p in edge], color="#bbbbbb", linestyle="--", zorder=1)
    for name, cost, errors in found:
        family = next(family for family in _COLOURS if name.startswith(family))
        marker, size = ("*", 160) if family == _OURS else ("o", 40)
        axes.scatter(cost, errors, s=size, marker=marker, color=_COLOURS[family], zorder=2)
        axes.annotate(name, (cost, errors), xytext=(6, 5), textcoords="offset points", color=_COLOURS[family])
    axes.set_xscale("log")
    axes.set_xlabel("CPU-seconds per hour of two-channel recording, one thread (logarithmic)")
    axes.set_ylabel("character error rate, %")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.15)
    axes.grid(visible=True, which="both", color="#eeeeee", zorder=0)
    axes.set_title(about, fontsize=9)
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    """Draw what a run left behind."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    last_line = json.loads(source.read_text(encoding="utf-8"))["summary"]
    counts = ", ".join(f"{count} recordings from {name}" for name, count in last_line["audio"].items())
    minutes = last_line["audio_s"] / 60
    draw(last_line["settings"]["all"], f"{counts}; {minutes:.0f} minutes; {last_line['model']}", target)


if __name__ == "__main__":
    main()
