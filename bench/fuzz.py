"""Random rule files and calls, as many as asked for: `make fuzz` (10,000). The last line is JSON.

Counts what was refused with a problem and what was judged, and the worst CPU seconds for either; with every
hostile expression the slowest utterance. A crash ends the run with the example that caused it.
"""

import argparse
import json
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from qc.language.regexes import refuse_emptiness
from qc.matching.patterns import PatternError, compile_regex, spans
from tests.qc import fuzzing, fuzzing_calls
from tests.qc.test_fuzz import survives

UTTERANCES = ("a" * 10_000, "ab" * 5_000, "还" * 10_000, "今天还钱" * 2_500, "x" * 9_999 + "!")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}: {options.examples} rule files and calls …")
    outcomes: Counter[str] = Counter()
    worst = {"refused": 0.0, "judged": 0.0}

    @seed(options.seed)
    @settings(
        max_examples=options.examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(fuzzing.topics(), fuzzing_calls.transcripts(), fuzzing_calls.cues, fuzzing_calls.records())
    def run(topic, transcript, cues, record):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        begun = time.process_time()
        outcome = survives(topic, transcript, cues, record)
        outcomes[outcome] += 1
        worst[outcome] = max(worst[outcome], time.process_time() - begun)

    run()
    slowest, expression = slowest_expression()
    print(f"slowest expression on 10,000 characters: {expression[:60]!r}, {slowest * 1000:.1f} ms")
    print(
        json.dumps(
            {
                "examples": outcomes.total(),
                "seed": options.seed,
                **outcomes,
                "crashes": 0,
                "worst_refused_s": round(worst["refused"], 3),
                "worst_judged_s": round(worst["judged"], 3),
                "worst_regex_ms": round(slowest * 1000, 1),
            }
        )
    )


def slowest_expression() -> tuple[float, str]:
    """The most CPU seconds that an accepted expression takes for one utterance of 10,000 characters."""
    slowest = (0.0, "")
    for source in (*fuzzing.REGEXES, *fuzzing.BAD_REGEXES):
        try:
            compiled = compile_regex(source, {"family": ["爸", "妈"]})
            refuse_emptiness(compiled)
        except PatternError:
            continue
        for text in UTTERANCES:
            encoded = text.encode()
            begun = time.process_time()
            spans(compiled, encoded)  # as the index looks for it
            slowest = max(slowest, (time.process_time() - begun, source))
    return slowest


if __name__ == "__main__":
    main()
