import json

import pytest

from store.errors import TranscriptError
from transcription.given import load_transcript, parse_transcript
from transcription.types import Word


def said(**changes):
    return {"speaker": "agent", "start": 0.5, "end": 2.0, "text": "您好"} | changes


def document(*utterances, **fields):
    return {"language": "zh", "utterances": list(utterances)} | fields


def test_a_file_is_read_as_said(tmp_path):
    path = tmp_path / "call.transcript.json"
    path.write_text(json.dumps(document(said(), said(speaker="customer", start=2, end=3, text="誰呀？"))))
    transcript = load_transcript(path)
    assert (transcript.language, transcript.engine, transcript.problems) == ("zh", "given", ())
    assert [(u.id, u.speaker, u.start, u.end, u.text, u.confidence) for u in transcript.utterances] == [
        (0, "agent", 0.5, 2.0, "您好", 1.0),
        (1, "customer", 2.0, 3.0, "谁呀？", 1.0),
    ]


def test_words_and_confidence_are_kept():
    transcript = parse_transcript(document(said(confidence=0.7, words=[["您好", 0.5, 0.9, 0.6]])), "t")
    assert transcript.utterances[0].confidence == 0.7
    assert transcript.utterances[0].words == (Word("您好", 0.5, 0.9, 0.6),)


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (document(), ("transcript.empty",)),
        (document(said(text=" ")), ("transcript.empty",)),
        (document(said(), language=None), ("language.unknown",)),
        (document(said(), language="ja"), ("language.unsupported",)),
        (document(said(speaker="unknown")), ("roles.unknown",)),
    ],
)
def test_what_cannot_be_judged_is_said(data, problems):
    assert parse_transcript(data, "t").problems == problems


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "t"),
        ({}, "t: utterances"),
        ({"utterances": {}}, "t: utterances"),
        (document(language=5), "t: language"),
        (document("您好"), "t: utterances[0]"),
        (document(said(), said(speaker="boss")), "t: utterances[1].speaker"),
        (document(said(text=None)), "t: utterances[0].text"),
        (document(said(start="0.5")), "t: utterances[0].start"),
        (document(said(start=True)), "t: utterances[0].start"),
        (document(said(start=-1)), "t: utterances[0].start"),
        (document(said(end=0.4)), "t: utterances[0].end"),
        (document(said(end=float("nan"))), "t: utterances[0].end"),
        (document(said(confidence=1.2)), "t: utterances[0].confidence"),
        (document(said(words="您好")), "t: utterances[0].words"),
        (document(said(words=[["您", 0.5, 0.6]])), "t: utterances[0].words[0]"),
        (document(said(words=[["您", 0.5, 0.4, 1.0]])), "t: utterances[0].words[0].end"),
        (document(said(start=5, end=6), said(start=1, end=2)), "t: utterances[1].start"),
    ],
)
def test_a_wrong_field_is_named(data, where):
    with pytest.raises(TranscriptError) as caught:
        parse_transcript(data, "t")
    assert (caught.value.code, caught.value.where) == ("transcript.bad_value", where)
    assert caught.value.mend


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_an_unreadable_file_is_refused(tmp_path, content):
    path = tmp_path / "call.transcript.json"
    path.write_bytes(content)
    with pytest.raises(TranscriptError) as caught:
        load_transcript(path)
    assert (caught.value.code, caught.value.where) == ("transcript.unreadable", str(path))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TranscriptError) as caught:
        load_transcript(tmp_path / "none.json")
    assert caught.value.code == "transcript.unreadable"
