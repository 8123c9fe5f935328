"""Train the likeness model: `make train-likeness`.

    python -m scripts.train_likeness [--calls FOLDER]…

Learns from the banks (qc/likeness/bank/zh), from wordings and from the turns of labelled calls. Scores are
turned into probabilities on calls held out in turn: whole calls, so that a call is measured by a model that
saw nothing of it. Writes qc/likeness/model/zh. The same input gives the same bytes.
"""

import argparse
from pathlib import Path

import numpy as np

from qc.likeness.bank import content_hash, shipped_banks
from qc.likeness.model import ARTEFACT, save
from scripts.likeness.data import read_calls, read_ordinary, read_rule_examples, read_wordings
from scripts.likeness.learning import (
    Floats,
    design,
    fit,
    held_out_scores,
    lines_of,
    lines_of_calls,
    ordinary_lines,
    rarities_of,
)
from scripts.likeness.thresholds import Measure, measure_all

ROOT = Path(__file__).parents[1]
WORDINGS = [ROOT / "tests/qc/packs" / name for name in ("cn_wordings.yaml", "cn_wordings_by_kind.yaml")]
PACKS = [ROOT / "qc/packs" / name for name in ("cn-base", "cn-telecom-client")]
ORDINARY = [ROOT / "scripts/word_choice_lines" / name for name in ("agents_bank.txt", "agents_telecom.txt")]
CALLS = [ROOT / "bench/calls", ROOT.parent / "shared/devset/audio"]
_MOST = 127  # of a signed byte


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--calls",
        type=Path,
        action="append",
        help="folder of labelled calls; bench/calls by default, and the development set where there is one",
    )
    parser.add_argument("--without", default="TWXYZ", help="first letters of calls to leave out")
    parser.add_argument("--target", type=Path, default=ARTEFACT / "zh")
    options = parser.parse_args()
    folders = options.calls or CALLS
    train([folder for folder in folders if folder.is_dir()], options.target, options.without)


def train(folders: list[Path], target: Path, without: str) -> None:
    """Train on the banks and the calls in `folders`, and write the model to `target`."""
    banks = shipped_banks()
    names = sorted(banks)
    turns = read_calls(folders, without)
    lines = lines_of(banks.values(), [*read_wordings(WORDINGS), *read_rule_examples(PACKS)])
    lines += ordinary_lines(read_ordinary(ORDINARY), names)
    measures = measure_all(lines, turns, names, held_out_scores(lines, turns, names))
    for measure in measures:
        print(_row(measure))
    taught = [*lines, *lines_of_calls(turns, names)]
    rarity = rarities_of(taught)
    weights, offsets = fit(taught, names, design(taught, rarity))
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / _MOST
    about = {
        "bank_hash": content_hash(banks),
        "banks": {measure.bank: measure.stored() for measure in measures},
        "grams": list(rarity),
        "rarity": [round(value, 4) for value in rarity.values()],
        "scale": _plain(scale),
        "bias": _plain(offsets),
        "learned_from": {"lines": len(lines), "turns": len(turns), "calls": len({t.call for t in turns})},
    }
    save(target, about, np.rint(weights / scale).astype(np.int8))


def _plain(values: Floats) -> list[float]:
    return [round(float(value), 6) for value in values]


def _row(measure: Measure) -> str:
    def share(value: float | None) -> str:
        return "  — " if value is None else f"{value:.2f}"

    return (
        f"{measure.bank:30} {measure.positives:4} AP {share(measure.average_precision)}"
        f"  from {share(measure.report_at)}:"
        f" precision {share(measure.precision)} recall {share(measure.recall)}"
        f"  certain from {share(measure.certain_at)}"
    )


if __name__ == "__main__":
    main()
