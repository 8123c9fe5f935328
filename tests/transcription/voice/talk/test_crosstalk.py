from transcription.types import AudioHealth, ChannelHealth, Echo, Transcript, Utterance, Word
from transcription.voice.talk.crosstalk import leaked_words

CHANNEL = ChannelHealth("speech", 10, -6, -20, -60, 40, 0, 0, 0, 0, 300, 3400)
SAID = "您这边什么时候方便处理"


def timed(number, speaker, side, text, start, step=0.2, confidence=0.9):
    words = tuple(
        Word(letter, start + k * step, start + (k + 1) * step, 0.9) for k, letter in enumerate(text)
    )
    return Utterance(number, speaker, start, start + len(text) * step, text, confidence, words, side=side)


def leaked(*said, echo=False):
    health = AudioHealth((CHANNEL, CHANNEL), echoes=(Echo(1, 300.0, -20.0),)) if echo else None
    transcript = Transcript("zh", "e", "m", said, health=health, options={"customer_channel": 1})
    return {number: sorted(places) for number, places in leaked_words(said, transcript).items()}


def test_the_same_words_a_little_later_come_from_the_other_side():
    source = timed(0, "agent", 0, SAID, 1.0)
    assert leaked(source, timed(1, "customer", 1, SAID, 1.3)) == {1: list(range(len(SAID)))}
    assert leaked(source, timed(1, "customer", 1, "您这边什么四后方便处里", 1.3)) == {
        1: list(range(len(SAID)))
    }


def test_what_is_said_after_them_is_the_speakers_own():
    source = timed(0, "agent", 0, SAID, 1.0)
    both = timed(1, "customer", 1, SAID + "我下个月发工资", 1.3)
    # Words that begin before the copy can have ended count with it.
    assert leaked(source, both) == {1: list(range(len(SAID) + 2))}


def test_of_two_at_once_the_surer_one_is_the_speaker():
    sure, unsure = timed(0, "agent", 0, SAID, 1.0), timed(1, "customer", 1, SAID, 1.0, confidence=0.5)
    assert list(leaked(sure, unsure)) == [1]
    unsure, sure = timed(0, "agent", 0, SAID, 1.0, confidence=0.5), timed(1, "customer", 1, SAID, 1.0)
    assert list(leaked(unsure, sure)) == [0]


def test_other_words_or_few_or_later_ones_are_not_leaked():
    source = timed(0, "agent", 0, SAID, 1.0)
    assert leaked(source, timed(1, "customer", 1, "我下个月发了工资再说吧", 1.3)) == {}
    assert leaked(source, timed(1, "customer", 1, "您这边", 1.3)) == {}
    assert leaked(source, timed(1, "customer", 1, SAID, 4.5)) == {}
    assert leaked(source, timed(1, "agent", 0, SAID, 1.3)) == {}


def test_where_an_echo_was_measured_less_will_do():
    source = timed(0, "agent", 0, SAID, 1.0)
    garbled = timed(1, "customer", 1, "您者喝甚么火", 1.3)
    assert leaked(source, garbled) == {}
    assert leaked(source, garbled, echo=True) == {1: [0, 1, 2, 3, 4, 5]}


def test_without_times_of_words_all_or_nothing():
    source = Utterance(0, "agent", 1.0, 3.2, SAID)
    assert leaked(source, Utterance(1, "customer", 1.4, 3.6, SAID)) == {1: [0]}
    assert leaked(source, Utterance(1, "customer", 1.4, 6.0, SAID)) == {}
