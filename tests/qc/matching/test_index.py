"""Looking for all patterns at once finds what trying each of them finds."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.metadata import parse_call_record
from qc.compile import PackSet
from qc.evaluate import inspect
from qc.language.phrase import compile_phrase
from qc.matching.index import PatternIndex
from qc.matching.normalise import normalise_all
from qc.matching.patterns import compile_regex
from qc.matching.search import Search
from qc.matching.text import normalise
from qc.matching.words import WordMatch, WordPattern
from qc.packs import load_packs
from transcription.types import Transcript, Utterance

ROOT = Path(__file__).resolve().parents[3]
RECORD = parse_call_record({"external_id": "t", "source": "t"}, "t")


def phrase(text: str, **words: list[str]) -> WordPattern:
    compiled = compile_phrase(text, words, "zh")
    return WordPattern(text, None, compiled, compiled.fixed >= 4, ())


def regex(text: str) -> WordPattern:
    return WordPattern(text, compile_regex(text, {}), None, False, ())


PATTERNS = [
    phrase("让你在(公司|单位)~4抬不起头"),
    phrase("我给您登记异议"),
    phrase("还钱"),
    phrase("我现在就(去)?报警"),
    phrase("受~委托联系"),
    phrase("银行委托我们"),
    phrase("打12378投诉"),
    phrase("不(要)*再给我打电话了"),
    phrase("你~住~我"),
    phrase("(把你)?拉进黑名单里面"),
    phrase("扫我微信转账"),
    phrase("下个月十五号之前一定还清"),
    regex("^(嗯|好)?(对|行)$"),
    regex("(我|俺)[^。?!]{0,4}(投诉|举报)"),
    regex(".{2,}"),
    regex("(公司|单位)(吧|$|[。！])"),
    regex("[0-9]{2,}(块|元)"),
    regex("(投诉|告)(去|吧|$)($|。)"),
    regex("你(别|不要){1,2}打"),
    regex("(?:a|b)?c"),
]
ALPHABET = (
    "让你在公司单位抬不起头台我给您登记异议还钱海现就去报警抱受委托联系"
    "银行打1二三78幺投诉要再电话。？，嗯好对行块微信V下个月"
)


def found(search: Search, patterns: list[WordPattern], size: int) -> dict[tuple[str, int], list[WordMatch]]:
    return {
        (pattern.source, at): matches
        for pattern in patterns
        for at in range(size)
        if (matches := search.matches(pattern, at))
    }


def both(texts: list[str], doubt: float, recognised: bool) -> None:
    normal = normalise_all(texts)
    index = PatternIndex(PATTERNS)
    plain = Search(normal, recognised, lambda _at, _span: doubt, None)
    fast = Search(normal, recognised, lambda _at, _span: doubt, index)
    expected = found(plain, PATTERNS, len(texts))
    assert found(fast, PATTERNS, len(texts)) == expected
    every = fast.everything()
    places: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for number, at, start, end, *_ in every.written.tolist():
        places.setdefault((index.pattern(number).source, at), []).append((start, end))
    for each, at, matches in every.others:
        places[each.source, at] = [(match.start, match.end) for match in matches]
    assert places == {
        key: [(match.start, match.end) for match in matches] for key, matches in expected.items()
    }


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.text(alphabet=ALPHABET, max_size=24), min_size=1, max_size=4),
    st.sampled_from([0.3, 0.85, 0.95]),
    st.booleans(),
)
def test_any_texts(texts: list[str], doubt: float, recognised: bool):
    both(texts, doubt, recognised)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([each for each in PATTERNS if each.phrase]), st.data())
def test_phrases_said_badly(pattern: WordPattern, data: st.DataObject):
    said = list(pattern.source.translate(str.maketrans("", "", "()|~?*")))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, max(len(said) - 1, 0)))
        said[at : at + data.draw(st.integers(0, 1))] = data.draw(st.text(alphabet=ALPHABET, max_size=2))
    both(["我说", "".join(said), "好的"], 0.3, recognised=True)


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(["cn-base", "cn-telecom-client"])


def test_the_packs_judge_calls_as_without_the_index(packs: PackSet):
    plain = replace(packs, index=None)
    rng = random.Random(3)
    paths = sorted((ROOT / "bench" / "calls").glob("[HU]0*.transcript.json"))
    for path in rng.sample(paths, 2):
        said = json.loads(path.read_text(encoding="utf-8"))["utterances"]
        utterances = tuple(
            Utterance(at, each["speaker"], at * 4.0, at * 4.0 + 3, each["text"], rng.random())
            for at, each in enumerate(said)
        )
        for engine in ("given", "recogniser"):
            call = Transcript("zh", engine, "", utterances[:12])
            assert inspect(call, (), RECORD, packs) == inspect(call, (), RECORD, plain)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.text(
            alphabet="我我你好钱呃一12,:.。，！？- ab“”《》()…~\n呀ＡＢ㎡①０9'’\u3000é—龘😀İ", max_size=14
        ),
        min_size=1,
        max_size=4,
    )
)
def test_normalising_together_is_normalising_one_by_one(texts: list[str]):
    for text, one in zip(texts, normalise_all(texts), strict=True):
        plain = normalise(text)
        assert (one.text, one.layout) == (plain.text, plain.layout)


def test_half_characters_are_dropped():
    assert [text.text for text in normalise_all(["还\ud800钱"])] == ["还钱"] == [normalise("还\ud800钱").text]
