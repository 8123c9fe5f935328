"""Every guard against sentences as people say them: `+` excused, `-` not; the match stands in brackets.

The sentences lie in `zh/` and `en/`, a file for each guard. Those under `seen` were used when the guards were
written; those under `fresh` were written afterwards, and no guard was changed because of them: they say how
good a guard is on what it has not met.
"""

from pathlib import Path

import pytest

from qc.context.around import Around
from qc.context.guards import GUARDS
from qc.matching.text import normalise

HERE = Path(__file__).parent
# What the guards get wrong in the sentences they were written with: what cannot be told without the sound.
KNOWN = {
    "zh/seen/corrected": {"[是我爱人]不是是我弟弟", "我[五号还]不不不十五号", "[我妈生病了]不是是我奶奶"},
    "en/seen/read_back": {"it says in the letter you mailed me [final notice]"},
}
FILES = sorted(HERE.glob("*/*/*.tsv"))
SEEN = [path for path in FILES if path.parent.name == "seen"]
FRESH = [path for path in FILES if path.parent.name == "fresh"]


def sentences(path: Path) -> list[tuple[bool, str]]:
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(sign == "+", text) for sign, text in lines]


def excused(guard: str, sentence: str, language: str) -> bool:
    before, _, rest = sentence.partition("[")
    match, _, after = rest.partition("]")
    text = normalise(before + match + after)
    start = len(normalise(before + "x").text) - 1
    said = Around(text, start, start + len(normalise(match).text))
    return GUARDS[guard](said, language)


def mistakes(path: Path) -> set[str]:
    language = path.parent.parent.name
    return {text for wanted, text in sentences(path) if excused(path.stem, text, language) != wanted}


def name(path: Path) -> str:
    return path.relative_to(HERE).with_suffix("").as_posix()


@pytest.mark.parametrize("path", SEEN, ids=name)
def test_sentences_the_guard_was_written_with(path: Path):
    assert mistakes(path) == KNOWN.get(name(path), set())


@pytest.mark.parametrize(("language", "least", "excused_by_mistake"), [("zh", 55, 3), ("en", 30, 7)])
def test_sentences_the_guards_never_met(language: str, least: int, excused_by_mistake: int):
    """The figures of docs/quality.md; they may only get better."""
    right = wrong = 0
    for path in FRESH:
        if path.parent.parent.name == language:
            found = mistakes(path)
            right += len(sentences(path)) - len(found)
            wrong += sum(text in found for wanted, text in sentences(path) if not wanted)
    assert right >= least
    assert wrong <= excused_by_mistake


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("guard", list(GUARDS))
def test_every_guard_has_sentences_of_both_kinds(guard: str, language: str):
    found = [
        each for kind in ("seen", "fresh") for each in sentences(HERE / language / kind / f"{guard}.tsv")
    ]
    least = 40 if language == "zh" else 20
    assert len(found) >= least
    assert min(sum(wanted for wanted, _ in found), sum(not wanted for wanted, _ in found)) >= least / 3
    assert len({text for _, text in found}) == len(found)
    assert all(text.count("[") == text.count("]") == 1 for _, text in found)
