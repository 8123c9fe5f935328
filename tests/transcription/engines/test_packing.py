import numpy as np
import pytest

from ingest.audio import RATE
from transcription.engines.packing import Pack, joined, pack, unpacked
from transcription.types import Word


def test_clips_are_packed_in_order_up_to_the_limit():
    packs = pack([4.0, 5.0, 4.0, 12.0, 1.0], longest_s=12.5, gap_s=0.5)
    assert [packed.places for packed in packs] == [(0, 1), (2,), (3,), (4,)]
    assert packs[0].spans == ((0.0, 4.0), (4.5, 9.5))
    assert packs[0].seconds == 9.5


def test_packs_are_about_equally_long():
    packs = pack([4.0, 4.0, 4.0, 4.0, 4.0, 4.0], longest_s=19.0, gap_s=0.5)
    assert [packed.places for packed in packs] == [(0, 1, 2), (3, 4, 5)]


def test_without_packing_every_clip_is_alone():
    assert [packed.places for packed in pack([4.0, 0.2], longest_s=0.0, gap_s=0.5)] == [(0,), (1,)]
    assert pack([], longest_s=20.0, gap_s=0.5) == []


def test_a_pack_sounds_like_its_clips_with_silence_between():
    clips = [np.full(RATE, 0.5, dtype=np.float32), np.full(RATE // 2, -0.5, dtype=np.float32)]
    sound = joined(clips, pack([1.0, 0.5], 20.0, 0.5)[0])
    assert len(sound) == 2 * RATE
    assert set(sound[:RATE]) == {0.5}
    assert set(sound[RATE : RATE + RATE // 2]) == {0.0}
    assert set(sound[RATE + RATE // 2 :]) == {-0.5}


@pytest.mark.parametrize(
    ("start", "end", "owner"),
    [
        (0.2, 0.6, 0),
        (3.9, 4.3, 0),  # the last word before the silence ends in it
        (4.1, 4.9, 1),  # the first word after it begins before it
        (4.4, 5.2, 1),
        (8.0, 9.9, 1),
    ],
)
def test_a_word_goes_to_the_clip_that_it_ends_in(start, end, owner):
    packed = Pack((7, 8), ((0.0, 4.0), (4.5, 9.5)))
    shares = unpacked([Word("字", start, end, 0.8)], packed)
    assert [len(share) for share in shares] == [owner == 0, owner == 1]
    word = shares[owner][0]
    offset, limit = packed.spans[owner]
    assert word.start == pytest.approx(max(start - offset, 0.0))
    assert word.end == pytest.approx(min(end, limit) - offset)
