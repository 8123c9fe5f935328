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

_SOURCES = {"calls": "calls", "clips": "calls made of clips"}

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
    from matplotlib.ticker import NullFormatter, StrMethodFormatter  # noqa: PLC0415

    plt.rcParams.update({"svg.hashsalt": "bench-asr", "svg.fonttype": "none", "font.size": 9})
    found = sorted(points(settings), key=lambda point: point[2])
    figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
    edge = front(found)
    axes.plot([p[1] for p in edge], [p[2] for p in edge], color="#bbbbbb", linestyle="--", zorder=1)
    for number, (name, cost, errors) in enumerate(found, start=1):
        family = next(family for family in _COLOURS if name.startswith(family))
        marker, size = ("*", 160) if family == _OURS else ("o", 40)
        label, colour = f"{number}  {name}", _COLOURS[family]
        axes.scatter(cost, errors, s=size, marker=marker, color=colour, zorder=2, label=label)
        axes.annotate(str(number), (cost, errors), xytext=(6, 4), textcoords="offset points", color=colour)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("CPU-seconds per hour of two-channel recording, one thread (logarithmic)")
    axes.set_ylabel("character error rate, %")
    axes.margins(0.1)
    axes.grid(visible=True, which="major", color="#eeeeee", zorder=0)
    axes.set_title(about, fontsize=9)
    figure.legend(loc="outside right upper", frameon=False)
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    """Draw what a run left behind."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    last_line = json.loads(source.read_text(encoding="utf-8"))["summary"]
    counts = " + ".join(f"{count} {_SOURCES[name]}" for name, count in last_line["audio"].items())
    minutes = last_line["audio_s"] / 60
    draw(last_line["settings"]["all"], f"{counts}; {minutes:.0f} minutes; {last_line['model']}", target)


if __name__ == "__main__":
    main()
