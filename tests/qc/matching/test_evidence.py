"""When a match by sound is believed, and how it is told."""

from qc.language.phrase import compile_phrase
from qc.matching.sound import Heard
from qc.matching.syllables import spoken
from qc.matching.words import WordPattern


def pattern(text: str) -> WordPattern:
    return WordPattern(text, None, compile_phrase(text, {}, "zh"), True, ())


def believed(phrase: str, heard: str, confidence: float) -> bool:
    return pattern(phrase).sounds_like(Heard(heard), lambda _start, _end: confidence) is not None


def test_what_the_recogniser_is_sure_of_and_says_in_other_tones_was_said():
    assert believed("我要起诉你们", "我要骑书你们", 0.9)
    assert not believed("我要起诉你们", "我要骑书你们", 0.96)
    assert believed("商务的工号", "商务的公号", 0.96)  # the same tones: only the characters are others


def test_numbers_in_digits_and_as_read_aloud():
    number = pattern("打12378投诉")
    for said in ("打12378投诉", "打一二三七八投诉", "打幺二三七八投诉", "打1二3七8投诉"):
        assert [match.matched for match in number.letters(said)] == [said]
    assert number.letters("打12379投诉") == []


def test_pinyin_is_written_with_tones():
    assert spoken("还钱…征信") == "huán qián … zhēng xìn"
