"""`python -m bench.rules [--peers PYTHON]`: how fast the words of all rules are looked for.

The last line of standard output is one JSON object; a table stands before it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.rules import ours, phrases, utterances
from ingest.metadata import parse_call_record
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.matching.index import PatternIndex
from qc.matching.text import fold_text
from qc.matching.words import WordPattern
from qc.packs import load_packs
from transcription.types import Transcript

PACKS = ["cn-base", "cn-telecom-client"]
GROWTH = 100
SLOW_CALLS = 4  # of an alternation of thousands of texts, so many calls are enough to know


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the other programs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", type=int, default=GROWTH, help="times as many phrases")
    args = parser.parse_args()
    packs = load_packs(PACKS)
    calls = utterances.calls(packs)
    number = sum(len(call.utterances) for call in calls)
    print(f"{number} utterances, none twice, in {len(calls)} calls; {len(packs.rules)} rules")
    result: dict[str, float | int | None] = {"utterances": number}
    result |= _stage(packs, calls, args.rounds, args.growth)
    result |= _judging(packs, calls)
    result |= _peers(packs, calls, args.peers, args.rounds)
    print(json.dumps(result))


def _stage(
    packs: PackSet, calls: list[Transcript], rounds: int, growth: int
) -> dict[str, float | int | None]:
    """The matching stage with the packs, and in turns with many times the phrases."""
    if packs.index is None:
        raise LookupError("the packs have no index")
    real = phrases.real(packs.index)
    begun = time.process_time()
    more = list(phrases.made(real, (growth - 1) * len(real), utterances.SEED))
    big = PatternIndex([*packs.index.known, *more])
    warm, rest = calls[: len(calls) // 5], calls[len(calls) // 5 :]
    for index in (packs.index, big):
        ours.prepare(index)
        ours.seconds(warm, index)
    print(
        f"{len(real)} phrases; {len(more)} more made in {time.process_time() - begun:.0f} s", file=sys.stderr
    )
    # Each share of the calls is timed once with each, in turns which is first.
    times: dict[str, list[float]] = {"packs": [], "big": []}
    parts = [rest[at::rounds] for at in range(rounds)]
    for turn, part in enumerate(parts):
        said = sum(len(call.utterances) for call in part)
        for name, index in (("packs", packs.index), ("big", big))[:: 1 if turn % 2 else -1]:
            times[name].append(ours.seconds(part, index)[0] / said)
    each = {name: statistics.median(found) for name, found in times.items()}
    grown = statistics.median(b / a for a, b in zip(times["packs"], times["big"], strict=True))
    print(f"matching: {each['packs'] * 1e6:.0f} µs an utterance; {growth} × the phrases cost {grown:.2f} ×")
    return {
        "utterances_per_s": round(1 / each["packs"]),
        "growth_100x": round(grown, 3),
        "phrases": len(real),
        "patterns": len(packs.index.known),
    }


def _judging(packs: PackSet, calls: list[Transcript]) -> dict[str, float | int | None]:
    """Judging whole calls, as recognised and as given."""
    record = parse_call_record({"external_id": "bench", "source": "bench"}, "bench")
    result: dict[str, float | int | None] = {}
    for key, engine in (
        ("judged_utterances_per_s", "recogniser"),
        ("judged_given_utterances_per_s", "given"),
    ):
        said = [Transcript(call.language, engine, "", call.utterances) for call in calls]
        warm, rest = said[: len(said) // 5], said[len(said) // 5 :]
        for call in warm:
            inspect(call, (), record, packs)
        begun = time.process_time()
        for call in rest:
            inspect(call, (), record, packs)
        spent = time.process_time() - begun
        result[key] = round(sum(len(call.utterances) for call in rest) / spent)
        print(f"judging, {engine}: {1000 * spent / len(rest):.1f} ms a call of 40 utterances")
    return result


def _peers(
    packs: PackSet, calls: list[Transcript], python: str, rounds: int
) -> dict[str, float | int | None]:
    """The exact-match work of every program, in turns."""
    real = phrases.real(packs.index) if packs.index is not None else []
    texts = sorted({row.text for each in real for row in each.sound().rows} | _letters(real))
    work = {"texts": texts, "calls": [[fold_text(said.text) for said in call.utterances] for call in calls]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.json"
        path.write_text(json.dumps(work), encoding="utf-8")
        workers = {
            name: _Worker(name, sys.executable if name in ("diting", "re") else python, path)
            for name in ("diting", "pyahocorasick", "hyperscan", "re")
        }
        for turn in range(rounds):
            for name, worker in workers.items():
                if name != "re" or turn == 0:
                    worker.run(SLOW_CALLS if name == "re" else len(calls))
        check = workers["diting"].ask(SLOW_CALLS)
        for worker in workers.values():
            worker.close()
    for name, worker in workers.items():
        expected = check if name == "re" else workers["diting"].answers[0]
        if worker.answers and worker.answers[0]["checksum"] != expected["checksum"]:
            raise SystemExit(f"{name} found something else")
    speed = {name: worker.speed for name, worker in workers.items() if worker.speed}
    print(
        f"exact work, {len(texts)} texts: "
        + ", ".join(f"{name} {value:,.0f}/s" for name, value in speed.items())
    )
    best = max((value for name, value in speed.items() if name != "diting"), default=None)
    return {
        "exact_texts": len(texts),
        **{f"exact_{name}_per_s": round(value) for name, value in speed.items()},
        "ratio_best_peer": round(speed["diting"] / best, 3) if best else None,
    }


def _letters(patterns: list[WordPattern]) -> set[str]:
    return {text for each in patterns if each.phrase for text in each.phrase.required if len(text) > 1}


class _Worker:
    """A program in a process of its own."""

    def __init__(self, name: str, python: str, work: Path) -> None:
        self.name = name
        self.answers: list[dict[str, float]] = []
        self.speed = 0.0
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name("exact.py")), str(work)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, calls: int) -> dict[str, float]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._process.stdin.write(f"{self.name} {calls}\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def run(self, calls: int) -> None:
        answer = self.ask(calls)
        if "missing" in answer:
            print(f"{self.name} is not installed: {answer['missing']}", file=sys.stderr)
            return
        self.answers.append(answer)
        self.speed = max(self.speed, calls * utterances.CALL_SIZE / answer["cpu"])

    def close(self) -> None:
        self._process.communicate()


if __name__ == "__main__":
    main()
