from transcription.types import Transcript, Utterance, Word
from transcription.voice.talk.spoken import credible, place_of, stretches


def spoken(*words, start=0.0, end=10.0, **more):
    said = Utterance(0, "agent", start, end, "".join(word[0] for word in words), 0.9, words, **more)
    return [(each.start, each.end, each.text) for each in stretches(Transcript("zh", "e", "m", (said,)))]


def test_words_without_a_pause_are_one_stretch():
    assert spoken(Word("我", 1.0, 1.3, 1), Word("说", 1.75, 2.0, 1)) == [(1.0, 2.0, "我说")]
    assert spoken(Word("我", 1.0, 1.3, 1), Word("说", 1.8, 2.0, 1)) == [(1.0, 1.3, "我"), (1.8, 2.0, "说")]


def test_words_do_not_reach_beyond_the_utterance():
    assert spoken(Word("我", 0.9, 1.3, 1), Word("说", 1.3, 2.2, 1), start=1.0, end=2.0) == [
        (1.0, 1.3, "我"),
        (1.9, 2.0, "说"),
    ]


def test_a_word_stretched_over_a_pause_is_short():
    assert credible(Word("讲", 67.1, 70.5, 0.5)) == Word("讲", 70.2, 70.5, 0.5)
    assert credible(Word("讲", 67.1, 67.6, 0.5)) == Word("讲", 67.1, 67.6, 0.5)


def test_without_words_the_utterance_is_one_stretch():
    said = Utterance(0, "agent", 1.0, 3.0, "您好")
    (stretch,) = stretches(Transcript("zh", "e", "m", (said,)))
    assert (stretch.start, stretch.end, stretch.text, stretch.timed) == (1.0, 3.0, "您好", False)


def test_machines_and_utterances_without_length_are_left_out():
    machine = Utterance(0, "agent", 1.0, 3.0, "您好", kind="announcement")
    empty = Utterance(1, "agent", 4.0, 4.0, "您好")
    assert stretches(Transcript("zh", "e", "m", (machine, empty))) == ()


def test_the_place_of_an_unknown_speaker_is_the_side():
    assert place_of(Utterance(0, "unknown", 0, 1, "喂", side=1)) == ("unknown", 1)
    assert place_of(Utterance(0, "agent", 0, 1, "喂", side=1)) == ("agent", None)
