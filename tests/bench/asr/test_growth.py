from pathlib import Path

import numpy as np
import pytest

from bench.asr.growth import Piece, Shape, arrange, pieces
from bench.asr.recordings import find_calls
from bench.asr.telephone import LINE_RATE

SAMPLES = Path(__file__).parents[3] / "samples/calls"
SAID = [Piece(0, np.full(LINE_RATE, 0.5, np.float32)), Piece(1, np.full(LINE_RATE // 2, 0.5, np.float32))]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1])
def test_a_call_holds_as_much_speech_as_wanted(share: float) -> None:
    call = arrange(SAID, Shape(6.0, share), np.random.default_rng(1))
    assert call.shape == (2, round(6.0 / share * LINE_RATE))
    spoken = call > 0.25
    assert spoken[0].sum() == 4 * LINE_RATE
    assert spoken[1].sum() == 2 * LINE_RATE
    assert not np.any(spoken[0] & spoken[1])


def test_pieces_are_what_each_side_said() -> None:
    (call,) = [call for call in find_calls(SAMPLES) if call.name == "S01-clean"]
    found = pieces([call])
    assert {piece.side for piece in found} == {0, 1}
    levels = [float(np.sqrt(np.mean(piece.samples**2))) for piece in found]
    assert min(levels) > 0.005
