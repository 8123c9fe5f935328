"""The reader against the real format, written by the `onnx` package."""

from contextlib import suppress

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from transcription.engines.onnx_metadata import read_metadata


def model(metadata, weights=0):
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    initial = [helper.make_tensor("w", TensorProto.UINT8, [weights], bytes(weights), raw=True)]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [value], [value], initial)
    made = helper.make_model(graph, producer_name="exporter", doc_string="a model")
    made.model_version = 2**40
    helper.set_model_props(made, metadata)
    return made.SerializeToString()


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=300), max_size=6))
def test_what_was_written_is_read(tmp_path_factory, metadata):
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(model(metadata))
    assert read_metadata(path) == metadata
    assert {prop.key: prop.value for prop in onnx.load(path).metadata_props} == metadata


def test_weights_are_skipped(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(model({"vocab_size": "25055"}, weights=3_000_000))
    assert read_metadata(path) == {"vocab_size": "25055"}


WHOLE = model({"model_type": "paraformer", "neg_mean": "1,2"}, weights=50)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_breaks_off_is_no_model_or_lacks_its_end(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(WHOLE[:length])
    try:
        found = read_metadata(path)
    except ValueError:
        return
    assert found.items() < {"model_type": "paraformer", "neg_mean": "1,2"}.items()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(data)
    with suppress(ValueError):
        assert isinstance(read_metadata(path), dict)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_metadata(tmp_path / "model.onnx")
