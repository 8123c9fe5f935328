from dataclasses import replace

import numpy as np
import pytest

from ingest.audio import RATE
from transcription.surroundings import mark_announcements, unreached, with_surroundings
from transcription.types import LineSound, SpokenNumber, Transcript, Utterance, Word

OFF = "您好，您拨打的电话已关机，请稍后再拨。"
LEAVE = "您好，我现在不方便接听电话，请在提示音后留言。"
MESSAGE = "李先生您好，请您尽快回电，谢谢。"
RINGS = LineSound("ringback", 1, 0.5, 20.0, 0.99, ((0.5, 1.5), (19.0, 20.0)))


def call(*said, **rest):
    """Utterances of 3 s every 4 s: (speaker, text)."""
    utterances = tuple(
        Utterance(i, speaker, 4.0 * i, 4.0 * i + 3.0, text, side={"agent": 0, "customer": 1}.get(speaker))
        for i, (speaker, text) in enumerate(said)
    )
    return Transcript("zh", "scripted", "script", utterances, **rest)


def kinds(transcript):
    return [(utterance.speaker, utterance.kind) for utterance in transcript.utterances]


def test_an_announcement_is_not_the_customer_speaking():
    marked = mark_announcements(call(("customer", OFF), ("agent", "怎么又关机了。")))

    assert kinds(marked) == [("customer", "announcement"), ("agent", "speech")]
    assert marked.line == (LineSound("announcement", 1, 0.0, 3.0, 0.95),)


def test_who_speaks_after_the_announcement_is_a_person():
    words = (
        Word("欢迎致电", 0.0, 1.0, 0.9),
        Word("华岑通信", 1.0, 1.6, 0.9),
        Word("喂", 2.2, 2.4, 0.9),
        Word("哪位", 2.4, 3.0, 0.9),
    )
    text = "欢迎致电华岑通信，喂，哪位6号"
    number = SpokenNumber("number", 13, 14, "6", "6")
    greeted = call(("customer", text))
    greeted = replace(greeted, utterances=(replace(greeted.utterances[0], words=words, numbers=(number,)),))
    machine, person = mark_announcements(greeted).utterances

    assert (machine.id, machine.kind, machine.text, machine.end) == (
        0,
        "announcement",
        "欢迎致电华岑通信，",
        1.6,
    )
    assert (person.id, person.kind, person.text, person.start) == (1, "speech", "喂，哪位6号", 2.2)
    assert person.words == words[2:]
    assert [(item.start, item.end) for item in person.numbers] == [(4, 5)]


def test_what_a_side_quotes_after_it_has_spoken_is_speech():
    marked = mark_announcements(call(("customer", "我打了好几遍，没人管。"), ("customer", OFF)))

    assert kinds(marked) == [("customer", "speech")] * 2


def test_agents_on_their_own_channel_are_never_taken_for_machines():
    given = call(("agent", "您好，欢迎致电华岑通信。"), ("customer", "你好。"))

    assert mark_announcements(given) is given


def test_a_call_without_machines_is_left_as_it_is():
    given = call(("agent", "您好，请问是李先生吗？"), ("customer", "是我。"))

    assert mark_announcements(given) is given
    assert unreached(given, 8.0) is None


@pytest.mark.parametrize(
    ("transcript", "code"),
    [
        (call(("customer", OFF)), "call.not_connected"),
        (call(("customer", OFF), ("agent", "又关机了，记一下。")), "call.not_connected"),
        (call(("customer", LEAVE)), "call.voicemail"),
        (call(("customer", LEAVE), ("agent", MESSAGE)), "call.voicemail"),
        (call(("customer", "您好，欢迎致电华岑通信。"), ("customer", "喂，你好，哪位？")), None),
        (call(("customer", OFF), ("agent", "喂？"), ("customer", "喂，我刚开机。")), None),
        (call(line=(RINGS,)), "call.not_connected"),
        (call(("agent", "没人接啊。"), line=(RINGS,)), "call.not_connected"),
        (call(("agent", "喂您好？"), ("customer", "哎，你好。"), line=(RINGS,)), None),
        (call(), None),
        (call(unheard=(("customer", 21.0, 24.0),), line=(RINGS,)), None),
    ],
)
def test_whether_anybody_was_reached(transcript, code):
    assert unreached(mark_announcements(transcript), 22.0) == code


def test_rings_long_before_the_end_prove_nothing():
    early = call(("agent", MESSAGE), line=(replace(RINGS, end=6.0, parts=((0.5, 1.5), (5.0, 6.0))),))

    assert unreached(early, 60.0) is None


def test_the_problems_stand_among_the_others_once():
    once = with_surroundings(call(("customer", OFF), problems=("transcript.empty",)), None)

    assert once.problems == ("transcript.empty", "call.not_connected")
    assert with_surroundings(once, None) == once


def test_a_recording_is_measured_where_its_sides_speak(make_audio, voice):
    silent = np.zeros(30 * RATE, np.float32)
    spoken = np.concatenate([voice(0.2, pitch, -20) for pitch in np.linspace(100, 180, 150)])
    audio = make_audio(np.stack([spoken, silent]))
    said = Utterance(0, "agent", 0.0, 29.0, "您好", side=0)
    heard = with_surroundings(Transcript("zh", "scripted", "script", (said,)), audio)

    assert heard.health is not None
    assert [channel.state for channel in heard.health.channels] == ["speech", "silent"]
    assert heard.problems == ("audio.dead_channel",)


def test_a_given_transcript_learns_from_the_sound_what_else_is_on_the_line(make_audio):
    times = np.arange(RATE) / RATE
    ring = np.concatenate((0.2 * np.sin(2 * np.pi * 450 * times), np.zeros(4 * RATE)))
    audio = make_audio(np.tile(ring, 3)[None])

    given = with_surroundings(Transcript("zh", "given", "", ()), audio)

    assert [(sound.kind, len(sound.parts)) for sound in given.line] == [("ringback", 3)]
    assert given.problems == ("call.not_connected",)
    assert with_surroundings(given, audio) == given
