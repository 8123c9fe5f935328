"""The trained model: how like the examples of each bank a text is. Small, local, deterministic.

One weight for each bank and gram, found by logistic regression (scripts/train_likeness.py), and for each
bank a curve from scores to probabilities measured on calls that were held out. Loaded when first asked.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qc.likeness.calibration import Curve
from qc.likeness.features import Rows, Values, Vocabulary

FORMAT = 1
MODEL_LANGUAGES = ("zh",)  # a model is shipped for these
ARTEFACT = Path(__file__).parent / "model"
_WEIGHTS, _ABOUT = "weights.npy.gz", "about.json.gz"
Scores = Values


@dataclass(frozen=True, slots=True)
class BankModel:
    """What was measured for one bank.

    `curve` turns a score into a probability. `report_at`: from this probability on a hit is worth a look;
    `certain_at`: from this one on at least 95 of 100 hits were right on calls never trained on, None where
    that was never reached.
    """

    name: str
    curve: Curve
    report_at: float
    certain_at: float | None


class Model:
    """Weights and measures of all banks. `bank_hash` is that of the banks it was trained on."""

    def __init__(self, about: dict[str, Any], weights: NDArray[np.int8], digest: str = "") -> None:
        self.bank_hash: str = about["bank_hash"]
        self.digest = digest
        self.banks: dict[str, BankModel] = {
            name: BankModel(name, Curve(*entry["curve"]), entry["report_at"], entry["certain_at"])
            for name, entry in about["banks"].items()
        }
        self.names: tuple[str, ...] = tuple(self.banks)
        self.column = {name: at for at, name in enumerate(self.names)}
        self.vocabulary = Vocabulary(dict(zip(about["grams"], about["rarity"], strict=True)))
        self._weights = weights
        self._scale = np.array(about["scale"], dtype=np.float64)
        self._bias = np.array(about["bias"], dtype=np.float64)

    def scores(self, texts: Sequence[str]) -> Scores:
        """The score of each normalised text for each bank: an array (texts, banks)."""
        return self.scores_of(self.vocabulary.weigh_texts(texts))

    def scores_of(self, weighed: Sequence[tuple[Rows, Values]]) -> Scores:
        """The same for texts that the vocabulary has weighed."""
        out = np.empty((len(weighed), len(self.names)))
        for at, (rows, values) in enumerate(weighed):
            out[at] = values @ self._weights[rows]
        scores: Scores = out * self._scale + self._bias
        return scores

    def weights(self, rows: Rows, bank: str) -> Values:
        """The weights of grams, by their rows, for a bank."""
        column = self.column[bank]
        weights: Values = self._weights[rows, column] * self._scale[column]
        return weights


def save(folder: Path, about: dict[str, Any], weights: NDArray[np.int8]) -> None:
    """Write a model; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = BytesIO()
    np.save(plain, weights, allow_pickle=False)
    (folder / _WEIGHTS).write_bytes(gzip.compress(plain.getvalue(), mtime=0))
    text = json.dumps({"format": FORMAT, **about}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / _ABOUT).write_bytes(gzip.compress(text.encode(), mtime=0))


def load(folder: Path) -> Model:
    """Read a model that `save` wrote."""
    about_packed, weights_packed = (folder / _ABOUT).read_bytes(), (folder / _WEIGHTS).read_bytes()
    digest = hashlib.sha256(about_packed + weights_packed).hexdigest()
    about = json.loads(gzip.decompress(about_packed))
    if about["format"] != FORMAT:
        raise ValueError(f"{folder}: format {about['format']}, this program reads {FORMAT}")
    weights = np.load(BytesIO(gzip.decompress(weights_packed)), allow_pickle=False)
    return Model(about, weights, digest)


@lru_cache(maxsize=4)
def shipped_model(language: str = "zh") -> Model:
    """The model that Diting ships, loaded once for each process."""
    return load(ARTEFACT / language)
