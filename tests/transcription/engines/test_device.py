"""Where a model computes. Decided without a GPU; the tests of the real library run where there is none."""

import ctranslate2
import numpy as np
import pytest

from store.errors import EngineError
from store.settings import Settings
from transcription.engines.device import chosen_device, speaks_of_cuda
from transcription.engines.engine import EngineSettings
from transcription.engines.registry import engine_settings, make_engine
from transcription.engines.survey import chosen_problem
from transcription.engines.whisper_model import as_array

NO_GPU_HERE = pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="this machine has a GPU")


@pytest.mark.parametrize(
    ("asked", "gpus", "chosen"),
    [("cpu", 2, "cpu"), ("auto", 0, "cpu"), ("auto", 2, "cuda"), ("cuda", 1, "cuda")],
)
def test_the_device_that_is_asked_for(asked, gpus, chosen):
    assert chosen_device(asked, lambda: gpus) == chosen


def test_whoever_asks_for_a_gpu_never_gets_the_processor():
    with pytest.raises(EngineError) as caught:
        chosen_device("cuda", lambda: 0)
    assert (caught.value.code, caught.value.where) == ("engine.no_gpu", "DITING_DEVICE")


def test_gpus_are_not_counted_for_who_wants_none():
    def count() -> int:
        raise AssertionError

    assert chosen_device("cpu", count) == "cpu"


def test_what_libraries_say_where_cuda_is_missing():
    assert speaks_of_cuda(RuntimeError("Library libcublas.so.12 is not found or cannot be loaded"))
    assert speaks_of_cuda(RuntimeError("CUDA driver version is insufficient for CUDA runtime version"))
    assert not speaks_of_cuda(RuntimeError("Unable to open file 'model.bin' in model"))


def test_the_setting_reaches_the_engine():
    assert engine_settings(Settings(device="auto", compute_type="auto")) == EngineSettings(
        device="auto", compute_type="auto", models_folder=Settings().data_dir / "models"
    )


@NO_GPU_HERE
@pytest.mark.parametrize("engine", ["faster-whisper", "sherpa-onnx"])
def test_a_gpu_that_is_not_there_is_said_before_anything_is_loaded(engine):
    problem = chosen_problem(Settings(engine=engine, device="cuda"))
    assert problem is not None
    assert problem.code == "engine.no_gpu"
    with pytest.raises(EngineError) as caught:
        make_engine(engine, EngineSettings(device="cuda"))
    assert caught.value.code == "engine.no_gpu"


@NO_GPU_HERE
def test_a_transcript_says_what_it_was_really_computed_on(tmp_path):
    made = make_engine("faster-whisper", EngineSettings(device="auto", models_folder=tmp_path))
    assert (made.options["device"], made.options["compute_type"]) == ("cpu", "int8_float32")


@NO_GPU_HERE
@pytest.mark.parametrize("asked", ["float16", "nonsense"])
def test_a_compute_type_that_the_device_has_not_is_refused_by_name(tmp_path, asked):
    with pytest.raises(EngineError) as caught:
        make_engine("faster-whisper", EngineSettings(compute_type=asked, models_folder=tmp_path))
    assert (caught.value.code, caught.value.where) == ("engine.compute_type", "DITING_COMPUTE_TYPE")
    assert "float32, int8" in caught.value.mend


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_what_a_gpu_encodes_can_be_read(kind):
    """The encoder's output has the type that the model computes in, which a processor seldom has."""
    given = np.array([[0.5, -2.0]], dtype=np.float32)
    stored = ctranslate2.StorageView.from_array(given).to(getattr(ctranslate2.DataType, kind))
    assert as_array(stored).tolist() == [[0.5, -2.0]]
