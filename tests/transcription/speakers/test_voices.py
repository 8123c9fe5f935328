import json
from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE, decode
from ingest.sound import Sound
from store.errors import EngineError
from transcription.sound.channels import Channel, normalise_level
from transcription.sound.levels import measure_levels
from transcription.sound.speech import Stretch, detect_pieces
from transcription.speakers import embedding
from transcription.speakers.embedding import embed
from transcription.speakers.voices import Split, split_by_voice

CALLS = Path(__file__).parents[3] / "samples" / "calls"


def mixed(name):
    """A sample call on one channel, the customer 3 dB lower, and who truly speaks when."""
    call = decode(CALLS / f"{name}.opus").sound
    samples = call.read(0, call.length)
    sound = Sound.from_array(samples[:1] + 0.7 * samples[1:])
    mono = normalise_level(Channel(sound, 0, measure_levels(sound)[0]))
    said = json.loads((CALLS / f"{name}.transcript.json").read_text(encoding="utf-8"))["utterances"]
    return mono, [(item["speaker"], item["start"], item["end"]) for item in said]


def split(mono, pieces=None):
    return split_by_voice(mono.part, pieces or detect_pieces(mono))


def right_share(found, said):
    """Share of the speech time with the right speaker, under the better naming of the two voices."""
    seconds = np.zeros((2, 2))
    for row, role in enumerate(("agent", "customer")):
        for column, side in enumerate(found.sides):
            seconds[row, column] = sum(
                max(0.0, min(end, part.end) - max(start, part.start))
                for who, start, end in said
                if who == role
                for part in side
            )
    return max(np.trace(seconds), np.trace(seconds[:, ::-1])) / seconds.sum()


# An agent who shouts sounds like somebody else: the second call is the hard one.
@pytest.mark.parametrize(("name", "least"), [("S01-clean", 0.98), ("S02-abuse", 0.9)])
def test_two_people_on_one_channel_are_told_apart(name, least):
    mono, said = mixed(name)
    found = split(mono)
    assert right_share(found, said) > least
    assert found.sides[0][0].start < found.sides[1][0].start
    assert 0.1 < found.clarity <= 1


def test_a_stretch_is_cut_where_the_other_begins_to_speak():
    mono, said = mixed("S01-clean")
    agent = next((start, end) for who, start, end in said if who == "agent" and end - start > 4)
    customer = next((start, end) for who, start, end in said if who == "customer" and end - start > 2)
    both = np.concatenate([mono.part(*agent), mono.part(*customer)])
    length = len(both) / RATE
    found = split_by_voice(lambda _start, _end: both, [Stretch(0.0, length)])
    (first,), (second,) = found.sides
    assert first.end == second.start == pytest.approx(agent[1] - agent[0], abs=0.6)
    assert (first.start, second.end) == (0.0, length)


def test_the_split_is_the_same_every_time():
    mono, _ = mixed("S01-clean")
    pieces = detect_pieces(mono)[:12]
    assert split(mono, pieces) == split(mono, pieces)


def test_one_short_stretch_or_none_is_one_voice():
    mono, said = mixed("S01-clean")
    piece = Stretch(said[0][1], said[0][1] + 0.9)
    assert split(mono, [piece]) == Split(((piece,), ()), 0.0)
    assert split_by_voice(mono.part, []) == Split(((), ()), 0.0)


def test_a_voice_is_nearer_to_itself_than_to_another_and_loudness_is_no_part_of_it():
    mono, said = mixed("S01-clean")
    long = {who: (start, end) for who, start, end in said if end - start > 3}
    voices = {who: embed(mono.part(*span), [80])[0] for who, span in long.items()}
    again = {who: embed(0.1 * mono.part(span[1] - 1.6, span[1]), [80])[0] for who, span in long.items()}
    for who, other in (("agent", "customer"), ("customer", "agent")):
        assert voices[who] @ again[who] > voices[who] @ again[other]


def test_a_damaged_model_is_never_used(monkeypatch, tmp_path):
    (tmp_path / "ge2e.onnx").write_bytes(b"something else")
    monkeypatch.setattr(embedding, "_MODELS", tmp_path)
    embedding._encoder.cache_clear()
    with pytest.raises(EngineError) as caught:
        embed(np.zeros(RATE, dtype=np.float32), [50])
    assert caught.value.code == "model.damaged"
    embedding._encoder.cache_clear()
