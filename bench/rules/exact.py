"""The same exact-match work for every program: where in which utterance does one of many texts begin?

Run as a program it answers requests on standard input, one name a line, with the CPU-seconds of one pass and
a checksum of what was found; so all can be measured in turns, each in the environment it is installed in.
"""

import json
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

Found = set[tuple[int, int]]  # number of the utterance, place in it
Matcher = Callable[[Sequence[str]], Found]


def diting(texts: Sequence[str]) -> Matcher:
    import numpy as np  # noqa: PLC0415 (only where it is installed)

    from qc.matching.grams import begins  # noqa: PLC0415
    from qc.matching.grams import texts as tables  # noqa: PLC0415

    known = tables(texts)

    def find(lines: Sequence[str]) -> Found:
        points = np.frombuffer("\n".join(lines).encode("utf-32-le"), np.uint32)
        return _placed(lines, ((place, place + 1) for place in begins(known, points).tolist()))

    return find


def pyahocorasick(texts: Sequence[str]) -> Matcher:
    import ahocorasick  # noqa: PLC0415

    automaton = ahocorasick.Automaton()
    for text in texts:
        automaton.add_word(text, len(text))
    automaton.make_automaton()
    find = automaton.iter
    return lambda lines: _placed(
        lines, ((last - size + 1, last + 1) for last, size in find("\n".join(lines)))
    )


def hyperscan(texts: Sequence[str]) -> Matcher:
    import hyperscan as hs  # noqa: PLC0415

    database = hs.Database()
    sizes = [len(text.encode()) for text in texts]
    database.compile(
        expressions=[text.encode() for text in texts],
        ids=list(range(len(texts))),
        elements=len(texts),
        literal=True,
        flags=[0] * len(texts),
    )
    scratch = hs.Scratch(database)

    def find(lines: Sequence[str]) -> Found:
        whole = "\n".join(lines).encode()
        found: list[tuple[int, int]] = []
        # A start of match costs Hyperscan more than the length of the literal, which is known.
        database.scan(
            whole, scratch=scratch,
            match_event_handler=lambda number, _from, end, _flags, _context: found.append((number, end)),
        )  # fmt: skip
        places = {end - sizes[number] for number, end in found}
        return _in_characters(lines, places)

    return find


def plain_re(texts: Sequence[str]) -> Matcher:
    pattern = re.compile("(?=" + "|".join(map(re.escape, sorted(texts, key=len))) + ")")
    return lambda lines: _placed(
        lines, ((match.start(), match.start() + 1) for match in pattern.finditer("\n".join(lines)))
    )


PROGRAMS: dict[str, Callable[[Sequence[str]], Matcher]] = {
    "diting": diting, "pyahocorasick": pyahocorasick, "hyperscan": hyperscan, "re": plain_re,
}  # fmt: skip


def _placed(lines: Sequence[str], spans: Iterable[tuple[int, int]]) -> Found:
    """Spans in joined lines, in order of their ends, as places in lines."""
    found: Found = set()
    at, start, end = 0, 0, len(lines[0])
    for first, last in spans:
        while last > end:
            at += 1
            start, end = end + 1, end + 1 + len(lines[at])
        found.add((at, first - start))
    return found


def _in_characters(lines: Sequence[str], places: set[int]) -> Found:
    """Places in the bytes of joined lines as places in lines."""
    found: Found = set()
    start = 0
    ordered = sorted(places, reverse=True)
    for at, line in enumerate(lines):
        encoded = line.encode()
        while ordered and ordered[-1] < start + len(encoded):
            found.add((at, len(encoded[: ordered.pop() - start].decode())))
        start += len(encoded) + 1
    return found


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    matchers: dict[str, Matcher] = {}
    for line in sys.stdin:
        name, most = line.split()
        try:
            matcher = matchers.get(name) or matchers.setdefault(name, PROGRAMS[name](work["texts"]))
        except ImportError as error:
            print(json.dumps({"missing": str(error)}), flush=True)
            continue
        calls = work["calls"][: int(most)]
        matcher(calls[0])
        begun = time.process_time()
        found = [matcher(lines) for lines in calls]
        cpu = time.process_time() - begun
        checksum = zlib.crc32(json.dumps([sorted(each) for each in found]).encode())
        print(json.dumps({"cpu": cpu, "checksum": checksum, "found": sum(map(len, found))}), flush=True)


if __name__ == "__main__":
    main()
