import json
from dataclasses import replace
from datetime import UTC, datetime

from transcription.document import cues_from_document, cues_to_document, from_document, to_document
from transcription.types import (
    AudioHealth,
    Because,
    ChannelHealth,
    Cue,
    Duplicate,
    Echo,
    LineSound,
    RejectedText,
    RoleDecision,
    Transcript,
    Utterance,
    Word,
)

TRANSCRIPT = Transcript(
    language="zh",
    engine="faster-whisper",
    model="whisper-base",
    utterances=(
        Utterance(
            0,
            "agent",
            0.5,
            2.25,
            "您好",
            0.91,
            (Word("您", 0.5, 0.7, 0.99), Word("好", 0.7, 0.9, 0.5)),
            side=1,
        ),
        Utterance(
            1,
            "unknown",
            3.0,
            4.0,
            "谁呀",
            role_trust=0.0,
            doubts=("low_confidence",),
            measures={"speech_s": 0.8, "log_probability": -1.1},
        ),
    ),
    options={"beam_size": 5, "temperature": 0.0, "prompt": None, "vad": True},
    rejected=(
        RejectedText("customer", 5.0, 6.0, "谢谢观看", "stock_phrase", side=0, measures={"no_speech": 0.8}),
    ),
    unheard=(("customer", 5.0, 6.0),),
    problems=("roles.unknown",),
    line=(
        LineSound("ringback", 1, 0.5, 7.0, 0.99, ((0.5, 1.5), (6.0, 7.0))),
        LineSound("music", 0, 8.0, 20.0, 0.8),
    ),
    health=AudioHealth(
        (ChannelHealth("speech", 20.0, -6.0, -22.0, -55.0, 33.0, 0.1, 0.0, 0.02, 0.0, 187.5, 3400.0),) * 2,
        Duplicate(10.0, -6.0, True),
        (Echo(1, 120.0, -20.5),),
        2.0,
    ),
    roles=RoleDecision("person", 1.0, "cli:wang", datetime(2026, 3, 5, 2, 30, tzinfo=UTC)),
)
CUES = (
    Cue(
        "raised_voice", "agent", 1.0, 2.0, 3.1, "sd over own baseline", (0,), 0.8, Because("音量 +7", "+7 dB")
    ),
    Cue("dead_air", "unknown", 10.0, 40.0, 30.0, "s"),
)


def test_a_transcript_survives_json_unchanged():
    assert from_document(json.loads(json.dumps(to_document(TRANSCRIPT)))) == TRANSCRIPT


def test_a_transcript_from_before_sides_and_decisions_were_noted_is_read():
    document = to_document(TRANSCRIPT)
    del document["roles"]
    for item in (*document["utterances"], *document["rejected"]):
        del item["side"]

    read = from_document(document)

    assert read.roles is None
    assert {item.side for item in (*read.utterances, *read.rejected)} == {None}
    assert replace(read.utterances[0], side=1) == TRANSCRIPT.utterances[0]


def test_a_transcript_from_before_doubts_were_noted_is_read():
    document = to_document(TRANSCRIPT)
    for item in (*document["utterances"], *document["rejected"]):
        item.pop("doubts", None)
        del item["measures"]

    read = from_document(document)

    assert {item.doubts for item in read.utterances} == {()}
    assert [item.measures for item in (*read.utterances, *read.rejected)] == [{}, {}, {}]
    assert read.utterances[0] == TRANSCRIPT.utterances[0]


def test_words_are_written_as_in_the_result_file():
    assert to_document(TRANSCRIPT)["utterances"][0]["words"] == [
        ["您", 0.5, 0.7, 0.99],
        ["好", 0.7, 0.9, 0.5],
    ]


def test_cues_survive_json_unchanged():
    assert cues_from_document(json.loads(json.dumps(cues_to_document(CUES)))) == CUES


def test_reasons_from_before_there_were_two_languages_still_load():
    (first, _) = cues_to_document(CUES)
    (cue,) = cues_from_document([{**first, "because": "+7.0 dB"}])
    assert cue.because == ("+7.0 dB", "+7.0 dB")


def test_documents_from_before_health_and_line_sounds_were_noted_still_load():
    document = to_document(TRANSCRIPT)
    for key in ("line", "health"):
        del document[key]
    for utterance in document["utterances"]:
        del utterance["kind"]

    old = from_document(document)

    assert (old.line, old.health) == ((), None)
    assert [utterance.kind for utterance in old.utterances] == ["speech", "speech"]
