"""How long judging a call takes: `python bench/rules.py [--calls N]`.

Builds a call of 40 utterances from the examples of the packs themselves, so that rules have something to
find, and judges it as given text and as recognised text (matching by sound on).
"""

import argparse
import statistics
import time

from ingest.metadata import parse_call_record
from qc.evaluate import inspect
from qc.packs import load_packs
from transcription.types import Transcript, Utterance

UTTERANCES = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20)
    calls = parser.parse_args().calls
    started = time.process_time()
    packs = load_packs(["cn-base", "cn-telecom-client"])
    print(f"loading {len(packs.rules)} rules: {time.process_time() - started:.2f} s")
    texts = [
        (rule.side, example)
        for rule in packs.rules
        for example in (*rule.rule.examples.violates, *rule.rule.examples.allowed)
        if isinstance(example, str)
    ]
    record = parse_call_record({"external_id": "bench", "source": "bench"}, "bench")
    for engine in ("given", "recogniser"):
        times = []
        for call in range(calls + 1):
            chosen = [texts[(call * UTTERANCES + at) % len(texts)] for at in range(UTTERANCES)]
            utterances = tuple(
                Utterance(
                    at, "customer" if side == "customer" else "agent", at * 4.0, at * 4.0 + 3, text, 0.7
                )
                for at, (side, text) in enumerate(chosen)
            )
            said = Transcript("zh", engine, "", utterances)
            begun = time.process_time()
            inspect(said, (), record, packs)
            times.append(time.process_time() - begun)
        first, rest = times[0], times[1:]
        print(
            f"{engine}: first call {first:.2f} s, then median {statistics.median(rest):.3f} s, "
            f"worst {max(rest):.3f} s of {len(rest)} calls"
        )


if __name__ == "__main__":
    main()
