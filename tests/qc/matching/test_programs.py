"""Programs match what RE2 matches, place for place and group for group."""

import numpy as np
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.language.phrase import compile_phrase
from qc.matching.machine import PLACES, Lines
from qc.matching.patterns import MOST_MATCHES, OPTIONS, PatternError, characters, compile_regex, spans
from qc.matching.program import program
from qc.matching.programs import MOST_WORK, Programs

LETTERS = "还钱投诉我你a9。"


def lines_of(texts: list[str]) -> Lines:
    points = np.array([ord(char) for char in "".join(texts)], np.uint32)
    ends = np.cumsum([len(text) for text in texts], dtype=np.int32)
    begins = np.concatenate(([0], ends[:-1])).astype(np.int32)
    return Lines(points, begins, ends)


def found(source: str, texts: list[str], *, groups: bool = False) -> list[list[list[int]]] | None:
    """The places of all matches, text by text; None where they are left to RE2."""
    pairs = np.arange(len(texts))  # of expression 0
    matches = Programs(1, lambda _: (source, groups)).matches(pairs, lines_of(texts))
    if matches.left:
        return None
    rows = matches.rows.tolist()
    return [[row[2:] if groups else row[2:4] for row in rows if row[1] == line] for line in pairs]


def expected(source: str, texts: list[str]) -> list[list[list[int]]]:
    pattern = compile_regex(source, {})
    return [
        [list(characters(text.encode(), *span)) for span in spans(pattern, text.encode())] for text in texts
    ]


EXPRESSIONS = [
    "还钱",
    "(还|还钱|我还)+",
    "(还钱|还|我)(钱|$)",
    "^(嗯|我)*你",
    "[还钱]{2,}",
    "[还钱]{1,2}?我",
    "(a|还){0,3}?钱",
    "我[^。?!]{0,3}(你|钱)",
    "我[^。?!]*?钱",
    "(我?你?)投?",
    "[^我你]+$",
    "[0-9]+(钱|还)?",
    "(投诉|投我|我)?你",
    "(我|你){2,4}",
    "(?:我(?:你|钱)?)*诉",
    r"\b(a9|a)\b",
    "A",
    "[A-Z]+",
    ".",
]


@pytest.mark.parametrize("source", EXPRESSIONS)
@settings(deadline=None, max_examples=40)
@given(texts=st.lists(st.text(alphabet=LETTERS, max_size=12), min_size=1, max_size=3))
def test_an_expression_matches_as_re2(source: str, texts: list[str]):
    assert found(compile_regex(source, {}).pattern, texts) == expected(source, texts)


one = st.sampled_from([*"还钱我你a", "[还钱]", "[^我。?!]", "^", "$", "投诉"])
expressions = st.recursive(
    one,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: "(" + "|".join(parts) + ")"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,3}", "??", "*?", "{1,2}?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(expressions, st.lists(st.text(alphabet=LETTERS, max_size=10), min_size=1, max_size=2))
def test_any_expression_matches_as_re2_or_is_left_to_it(source: str, texts: list[str]):
    try:
        wanted = expected(source, texts)
    except PatternError:
        return
    assert found(compile_regex(source, {}).pattern, texts) in (wanted, None)


@pytest.mark.parametrize(
    "source", ["我~你", "我~3钱~你", "(我|你~4投)还", "(我~2你)*钱", "还(钱~5)?投诉~2(我|你)"]
)
@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet=LETTERS, max_size=14))
def test_gaps_are_where_re2_has_them(source: str, text: str):
    expression = compile_phrase(source, {}, "zh").pattern
    wanted = []
    for match in re2.compile(expression, OPTIONS).finditer(text):
        places = [place for group in range(match.re.groups + 1) for place in match.span(group)]
        wanted.append(places + [-1] * (2 + PLACES - len(places)))
    assert found(expression, [text], groups=True) == [wanted]


def test_no_more_matches_than_re2_is_asked_for():
    text = "我" * (MOST_MATCHES + 50)
    assert found("我", [text]) == expected("我", [text])


@pytest.mark.parametrize(
    "source",
    [
        "(我?)*你",  # repeats what may be empty
        "ß",  # more than one form in another case
        "[!-z]",  # letters and signs
        "(?i)a",
        r"\x{6211}",
        "|".join("我" + "你" * at for at in range(120)),
    ],
)
def test_what_may_be_read_otherwise_has_no_program(source: str):
    assert program(source) is None


def test_long_texts_are_left_to_re2():
    source, text = "我[^。?!]*你[^。?!]*钱", "我" * 800
    assert len(text) ** 2 > MOST_WORK
    assert found(source, [text]) is None
    assert found(source, [text[:20]]) == [[]]
