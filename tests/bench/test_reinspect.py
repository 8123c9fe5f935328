"""The bench of judging again makes the calls that it says it makes."""

import random

from bench.reinspect import CALLS_OF_DEBTOR, Maker, templates, varied
from ingest.metadata import parse_call_record
from transcription.given import parse_transcript


def test_calls_are_made_from_the_seen_series_alone() -> None:
    names = {call["external_id"][0] for call, _ in templates()}
    assert names == {"H", "U", "V"}


def test_the_same_number_makes_the_same_call_and_no_two_read_alike() -> None:
    count = 2 * len(templates())
    first, second = Maker(), Maker()
    made = [first.call(at) for at in range(count)]
    assert made == [second.call(at) for at in range(count)]
    texts = {tuple(turn["text"] for turn in transcript["utterances"]) for _, transcript in made}
    assert len(texts) == count


def test_four_calls_belong_to_one_debtor_one_after_the_other() -> None:
    maker = Maker()
    records = [parse_call_record(maker.call(at)[0], "test") for at in range(CALLS_OF_DEBTOR + 1)]
    assert [record.debtor_key == records[0].debtor_key for record in records] == [True] * 4 + [False]
    moments = [record.started_at for record in records[:4] if record.started_at]
    assert moments == sorted(moments)
    assert parse_transcript(maker.call(0)[1], "test").language == "zh"


def test_numbers_and_names_are_drawn_anew_in_the_same_length() -> None:
    text = varied("王先生您欠了三千五百元，工号308", random.Random(1))
    assert len(text) == len("王先生您欠了三千五百元，工号308")
    assert text != "王先生您欠了三千五百元，工号308"
    assert "先生您欠了" in text
    assert "工号" in text
