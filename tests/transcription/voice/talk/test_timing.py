import pytest

from transcription.types import Transcript, Utterance, Word
from transcription.voice.talk.interaction import converse

TEXTS = ("我跟你说这个事情", "先把钱交了再谈别的", "昨天下午就已经去过了")


def utterance(number, speaker, start, end, text=None, **more):
    return Utterance(number, speaker, start, end, text or TEXTS[number], **more)


def timed(number, speaker, *parts, confidence=0.9):
    """An utterance of (text, start, end) parts, each character timed evenly."""
    words = []
    for text, start, end in parts:
        step = (end - start) / len(text)
        words += [
            Word(letter, start + k * step, start + (k + 1) * step, 0.9) for k, letter in enumerate(text)
        ]
    text = "".join(part[0] for part in parts)
    # The detector starts early and ends late.
    start, end = parts[0][1] - 0.1, parts[-1][2] + 0.2
    return Utterance(number, speaker, start, end, text, confidence, tuple(words))


def cues(*utterances, **more):
    return converse(Transcript("zh", "e", "m", utterances, **more))[1]


def found(*utterances, **more):
    kinds = ("overlap", "interruption", "backchannel")
    return [(c.kind, c.speaker, c.value, c.utterances) for c in cues(*utterances, **more) if c.kind in kinds]


def kinds(*utterances, **more):
    return [cue[0] for cue in found(*utterances, **more)]


def test_starting_over_the_other_and_taking_the_turn_is_an_interruption():
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4, 8)) == [
        ("overlap", "agent", 1.0, (1,)),
        ("interruption", "agent", 1.0, (1,)),
    ]


@pytest.mark.parametrize(
    "text", ["嗯。", "好的，好的。", "对", "Uh-huh.", "okay", "行行行", "明白您的意思", "I see"]
)
def test_a_back_channel_interrupts_nobody(text):
    said = found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.3, 5.8, text))
    assert said == [("backchannel", "agent", 1.5, (1,))]


def test_who_gives_way_again_did_not_take_the_turn():
    assert found(utterance(0, "customer", 0, 8), utterance(1, "agent", 4, 6)) == [
        ("overlap", "agent", 2.0, (1,))
    ]


def test_a_slightly_early_start_is_neither():
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.8, 8)) == []
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.6, 8)) == [
        ("overlap", "agent", 0.4, (1,))
    ]


def test_a_question_is_clear_before_its_last_words():
    asked = "请问是李先生本人吗"
    assert kinds(utterance(0, "agent", 0, 5, asked), utterance(1, "customer", 4.4, 8)) == ["overlap"]
    assert "interruption" in kinds(utterance(0, "agent", 0, 5, asked), utterance(1, "customer", 4, 8))


def test_one_speaker_does_not_interrupt_himself():
    assert found(utterance(0, "agent", 0, 5), utterance(1, "agent", 4, 8)) == []


def test_both_beginning_at_once_after_a_silence_is_no_interruption():
    before = utterance(0, "agent", 0, 2)
    assert kinds(before, utterance(1, "customer", 4, 6), utterance(2, "agent", 4.4, 8)) == ["overlap"]


def test_who_began_in_time_had_the_floor_at_once():
    before = utterance(0, "agent", 0, 2)
    said = cues(before, utterance(1, "customer", 2.4, 4), utterance(2, "agent", 2.8, 6))
    assert [(cue.kind, cue.speaker, cue.confidence) for cue in said] == [
        ("overlap", "agent", 1.0),
        ("interruption", "agent", 0.6),
    ]
    assert said[1].because.en == (
        "started 1.2 s before the other had finished, and took the turn; the other had only just begun"
    )
    yielded = utterance(2, "agent", 3.4, 6)
    assert kinds(before, utterance(1, "customer", 2.9, 4), yielded) == ["overlap"]


def test_a_short_remark_takes_no_turn():
    said = kinds(
        utterance(0, "customer", 0, 5), utterance(1, "agent", 4.4, 5.3), utterance(2, "customer", 5.5, 9)
    )
    assert said == ["overlap"]


@pytest.mark.parametrize("answer", ["对，二十号发工资", "是的就是那天", "Right, on the twentieth"])
def test_finishing_the_others_sentence_is_no_interruption(answer):
    said = kinds(
        utterance(0, "customer", 0, 5, "我大概要到这个月的"),
        utterance(1, "agent", 4.3, 5.9, "二十号左右"),
        utterance(2, "customer", 6.1, 9, answer),
    )
    assert said == ["overlap"]


def test_the_same_words_taken_up_are_a_sentence_finished():
    said = (
        utterance(0, "customer", 0, 5, "我大概要到这个月的"),
        utterance(1, "agent", 4.3, 5.9, "二十号左右"),
    )
    assert kinds(*said, utterance(2, "customer", 6.1, 9, "二十号左右发")) == ["overlap"]
    assert "interruption" in kinds(*said, utterance(2, "customer", 6.1, 9, "你听我说完行不行"))


def test_both_saying_goodbye_at_once_interrupt_nobody():
    said = kinds(
        utterance(0, "agent", 0, 5, "麻烦您了，再见"),
        utterance(1, "customer", 4.2, 6.8, "好，谢谢，再见再见"),
    )
    assert said == ["overlap"]


def test_the_edges_are_those_of_the_words():
    # By the edges of the utterances the answer starts 0.6 s early, by the words 0.3 s.
    first = timed(0, "customer", ("我这个月工资还没有发下来", 0.2, 4.0))
    assert found(first, timed(1, "agent", ("那您看什么时候可以处理", 3.7, 6.5))) == [
        ("overlap", "agent", 0.3, (1,))
    ]


def test_a_pause_between_words_is_nobodys():
    first = timed(0, "customer", ("我这个月工资", 0.2, 2.0), ("还没有发下来", 3.5, 5.5))
    assert found(first, timed(1, "agent", ("那您看什么时候", 2.2, 3.4))) == []


def test_the_turn_taken_goes_on_through_pauses():
    first = timed(0, "customer", ("我是被一个招聘的骗了有回执", 0.2, 4.2))
    second = timed(1, "agent", ("回执有什么用", 3.2, 4.0), ("钱打没打到你卡上", 5.2, 7.0))
    assert kinds(first, second) == ["overlap", "interruption"]
    resumed = timed(2, "customer", ("你让我说完", 4.4, 5.6))
    assert kinds(first, second, resumed)[:1] == ["overlap"]
    assert "interruption" not in kinds(first, second, resumed)


def test_who_agrees_first_and_then_takes_the_turn_did_not_cut_in():
    first = timed(0, "customer", ("怎么账单反而多了两百多块钱", 0.2, 4.2))
    second = timed(1, "agent", ("明白您的意思", 3.0, 4.1), ("这一千五是先冲抵利息", 4.5, 7.0))
    assert kinds(first, second) == ["overlap"]


def test_unclear_murmurs_over_the_others_speech_are_listening():
    first = timed(0, "agent", ("这个月的最低还款是八百四十块钱到期日是二十五号", 0.2, 7.0))
    murmur = timed(1, "customer", ("最低金额", 3.0, 3.9), confidence=0.5)
    said = cues(first, murmur)
    assert [(cue.kind, cue.speaker, cue.confidence) for cue in said] == [("backchannel", "customer", 0.5)]
    assert said[0].because.en == "too short to say anything"
    assert kinds(first, timed(1, "customer", ("最低金额", 3.0, 3.9))) == ["overlap"]
    assert kinds(first, timed(1, "customer", ("不", 3.0, 3.4))) == ["backchannel"]


@pytest.mark.parametrize("aside", ["清醒了", "试试试试", "二十五"])
def test_remarks_while_the_other_goes_on_are_listening_however_heard(aside):
    first = timed(0, "agent", ("这个月的最低还款是八百四十块钱到期日是二十五号", 0.2, 7.0))
    assert kinds(first, timed(1, "customer", (aside, 3.0, 3.9))) == ["backchannel"]
    # Near the end of the other's words it may be the beginning of an answer.
    assert kinds(first, timed(1, "customer", (aside, 6.0, 6.9))) == ["overlap"]


@pytest.mark.parametrize("objection", ["不是的", "你听我", "等等", "No no"])
def test_objections_are_more_than_listening(objection):
    first = timed(0, "agent", ("这个月的最低还款是八百四十块钱到期日是二十五号", 0.2, 7.0))
    assert kinds(first, timed(1, "customer", (objection, 3.0, 3.9))) == ["overlap"]


def test_speech_without_words_interrupts_nobody():
    said = (utterance(0, "customer", 0, 5),)
    assert found(*said, unheard=(("agent", 4.0, 8.0),)) == []


def test_a_yes_to_a_question_is_an_answer_not_a_sign_of_listening():
    yes = utterance(1, "customer", 3.2, 3.6, "嗯")
    more = utterance(2, "agent", 4, 7)
    assert kinds(utterance(0, "agent", 0, 3, "您是李先生吗"), yes, more) == []
    assert kinds(utterance(0, "agent", 0, 3, "您的账单逾期了"), yes, more) == ["backchannel"]
    assert kinds(utterance(0, "agent", 0, 3, "您的账单逾期了"), yes, utterance(2, "agent", 5, 7)) == []


def test_the_same_words_at_the_same_time_are_one_speakers():
    said = (utterance(0, "customer", 0, 5), utterance(1, "agent", 0.4, 5.4, TEXTS[0]))
    assert cues(*said) == []
    assert kinds(*said[:1], utterance(1, "agent", 1, 5.4)) == ["overlap"]


def test_an_answer_after_the_echo_of_the_question_is_no_interruption():
    asked = timed(0, "agent", ("您这边什么时候方便把这个钱交一下", 0.2, 4.0))
    echoed = timed(
        1, "customer", ("您这边什么时候方便把这个钱交一下", 0.6, 4.4), ("我下个月发了工资交", 5.2, 8.0)
    )
    (cue,) = cues(asked, echoed, utterance(2, "agent", 12.0, 13.0))
    assert (cue.kind, cue.speaker, cue.start) == ("slow_response", "agent", 8.0)


def test_machines_are_nobody():
    machine = utterance(1, "customer", 4, 8, "您拨打的用户暂时无法接通", kind="announcement")
    assert found(utterance(0, "agent", 0, 5), machine) == []


def test_two_sides_of_unknown_roles_are_two():
    said = (utterance(0, "unknown", 0, 5, side=0), utterance(1, "unknown", 4, 8, side=1))
    assert kinds(*said) == ["overlap", "interruption"]
    assert kinds(utterance(0, "unknown", 0, 5, side=0), utterance(1, "unknown", 4, 8, side=0)) == []


def test_voices_on_one_channel_make_an_interruption_doubtful():
    said = (utterance(0, "customer", 0, 5), utterance(1, "agent", 4, 8))
    cue = cues(*said, options={"split": "voices"})[-1]
    assert (cue.kind, cue.confidence) == ("interruption", 0.5)
    assert cue.because.en.endswith("both voices are on one channel, which blurs who spoke when")
