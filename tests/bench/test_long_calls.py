import wave
from pathlib import Path

import av
import pytest

from bench.asr.growth import Shape
from bench.long_calls import (
    FULL,
    QUICK,
    InspectionFailedError,
    Plan,
    Used,
    cost_ratio,
    inspect,
    make,
    memory_ratio,
)

CALLS = Path(__file__).parents[2] / "samples" / "calls"


def seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        assert container.duration is not None
        return container.duration / 1_000_000


def test_the_calls_are_as_long_as_their_names_say() -> None:
    assert FULL.shapes() == {
        "short": Shape(150.0, 0.5),
        "long": Shape(3600.0, 0.5),
        "sparse": Shape(360.0, 0.1),
        "dense": Shape(3600.0, 1.0),
        "start": Shape(2.0, 0.5),
    }
    assert {shape.speech_s / shape.share for shape in QUICK.shapes().values()} == {120.0, 600.0, 4.0}


def test_calls_are_made_of_the_lengths_planned(tmp_path: Path) -> None:
    make(CALLS, Plan(long_s=20, short_s=8, cost_s=10), tmp_path)
    lengths = {path.stem: seconds(path) for path in tmp_path.glob("*.wav")}
    assert lengths == {
        name: pytest.approx(length)
        for name, length in {"short": 8, "long": 20, "sparse": 10, "dense": 10, "start": 4}.items()
    }


def test_a_call_that_cannot_be_inspected_stops_the_bench(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "empty.wav"), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
    with pytest.raises(InspectionFailedError, match=r"exit code 2: empty\.wav: .*\[audio\.no_sound\]"):
        inspect(tmp_path / "empty.wav", tmp_path / "log")


def test_the_start_of_a_process_is_no_cost_of_a_call() -> None:
    used = {"sparse": Used(66.0, 800.0), "dense": Used(426.0, 1000.0), "start": Used(6.0, 400.0)}
    assert cost_ratio(used) == 0.143
    assert cost_ratio({"sparse": Used(66.0, 800.0)}) is None


def test_memory_is_that_of_the_long_call_by_the_short_one() -> None:
    used = {"long": Used(300.0, 1200.0), "short": Used(20.0, 800.0)}
    assert memory_ratio(used) == 1.5
    assert memory_ratio({}) is None
