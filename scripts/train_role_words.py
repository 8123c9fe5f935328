"""Learns how much words speak for the agent or the customer; writes transcription/speakers/role_words.tsv.

    python scripts/train_role_words.py

From the calls in `bench/calls` whose names begin with H or U (T is left for measuring), the samples, and the
wordings that the tests of the rules use. Logistic regression over runs of words; weights that matter stay.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from transcription.speakers.role_words import ANY_TURN, TABLE, RoleLanguage, runs

ROOT = Path(__file__).parent.parent
CALLS = tuple(f"{name}*.transcript.json" for name in ("bench/calls/H", "bench/calls/U", "samples/calls/"))
WORDINGS: dict[RoleLanguage, str] = {"zh": "cn_wordings*.yaml", "en": "us_wordings*.yaml"}
REGULARISATION = 0.1
FEWEST_TURNS = 3
LEAST_WEIGHT = 0.05
TURN = re.compile(r"([ac]): (.*)", re.DOTALL)

Turn = tuple[bool, str]


def call_turns(language: RoleLanguage) -> Iterator[Turn]:
    """All turns of the labelled calls: whether the agent speaks, and the text."""
    for pattern in CALLS:
        for path in sorted(ROOT.glob(pattern)):
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["language"] == language:
                yield from ((item["speaker"] == "agent", item["text"]) for item in document["utterances"])


def wording_turns(language: RoleLanguage) -> Iterator[Turn]:
    """All turns of the wordings."""
    for path in sorted((ROOT / "tests/qc/packs").glob(WORDINGS[language])):
        for kinds in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            for cases in kinds.values():
                for turn in (turn for case in cases for turn in case):
                    if found := TURN.fullmatch(turn):
                        yield found[1] == "a", found[2]


def learn(turns: list[Turn], language: RoleLanguage) -> dict[str, float]:
    """The weight of every run of words that matters."""
    found = [runs(text, language) for _, text in turns]
    seen = Counter(run for turn in found for run in turn)
    known = sorted(run for run in seen if seen[run] >= FEWEST_TURNS)
    columns = {run: column for column, run in enumerate(known)}
    places = [(row, columns[run]) for row, turn in enumerate(found) for run in sorted(turn) if run in columns]
    rows, cols = zip(*places, strict=True)
    matrix = csr_matrix(([1.0] * len(places), (rows, cols)), shape=(len(turns), len(columns)))
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    model = LogisticRegression(C=REGULARISATION, solver="liblinear", class_weight="balanced", random_state=0)
    weights = model.fit(matrix, [agent for agent, _ in turns]).coef_[0]
    intercept = {ANY_TURN: float(model.intercept_[0])}
    learnt = zip(known, map(float, weights), strict=True)
    return intercept | {run: weight for run, weight in learnt if abs(weight) >= LEAST_WEIGHT}


def main() -> None:
    """Write the table."""
    lines = []
    languages: tuple[RoleLanguage, ...] = ("zh", "en")
    for language in languages:
        turns = [*call_turns(language), *wording_turns(language)]
        learnt = learn(turns, language)
        lines += [f"{language}\t{run}\t{weight:.2f}" for run, weight in sorted(learnt.items())]
        print(f"{language}: {len(turns)} turns, {len(learnt)} weights")
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
