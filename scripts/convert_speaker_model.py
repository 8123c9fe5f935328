"""Makes the shipped speaker model from the weights in the Resemblyzer wheel.

    pip download --no-deps Resemblyzer==0.1.4
    python scripts/convert_speaker_model.py Resemblyzer-0.1.4-py3-none-any.whl

The weights are an old PyTorch file; PyTorch is not needed: the file is a few pickles and plain arrays, and
only three harmless names are allowed in them. The same wheel gives the same model, byte for byte.
"""

import argparse
import hashlib
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = "resemblyzer/pretrained.pt"
WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
TARGET = Path(__file__).parent.parent / "transcription" / "speakers" / "models" / "ge2e.onnx"
MELS = 40
UNITS = 256
LAYERS = 3
OPSET = 17
IR_VERSION = 8

Array = NDArray[np.float32]


class Storage(NamedTuple):
    """One array of the file, before its bytes are read."""

    key: str
    length: int


class Piece(NamedTuple):
    """A tensor: where it lies in a storage, and its shape."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]


class WeightsReader(pickle.Unpickler):
    """Reads the pickles of a PyTorch file, and nothing but tensors of 32-bit floats."""

    _ALLOWED: Mapping[tuple[str, str], Callable[..., object] | str] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, *_: Piece(
            storage, offset, shape
        ),
        ("torch", "FloatStorage"): "float32",
    }

    def find_class(self, module: str, name: str) -> object:
        """The stand-in for a name in the pickle; any other name is refused."""
        if (module, name) not in self._ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")
        return self._ALLOWED[module, name]

    def persistent_load(self, pid: tuple[str, str, str, str, int, None]) -> Storage:
        """A reference to the arrays that follow the pickles."""
        return Storage(pid[2], pid[4])


def read_weights(file: IO[bytes]) -> dict[str, Array]:
    """All tensors of the model by name."""
    for _ in ("magic number", "protocol", "byte order and sizes"):
        WeightsReader(file).load()
    state: Mapping[str, Piece] = WeightsReader(file).load()["model_state"]
    arrays: dict[str, Array] = {}
    for key in WeightsReader(file).load():
        (length,) = struct.unpack("<q", file.read(8))
        arrays[key] = np.frombuffer(file.read(4 * length), "<f4")
    return {
        name: arrays[piece.storage.key][piece.offset : piece.offset + int(np.prod(piece.shape))].reshape(
            piece.shape
        )
        for name, piece in state.items()
    }


def reorder_gates(stacked: Array) -> Array:
    """PyTorch stacks the gates as input, forget, cell, output; ONNX as input, output, forget, cell."""
    entry, forget, cell, output = np.split(stacked, 4)
    return np.concatenate([entry, output, forget, cell])


def build(weights: Mapping[str, Array]) -> onnx.ModelProto:
    """The encoder as ONNX: mel frames (windows, frames, 40) to embeddings (windows, 256) of unit length.

    Weights are kept as 16-bit floats, half the size, and widened once when the model is loaded.
    """
    nodes, constants = [], []

    def constant(name: str, value: Array) -> str:
        constants.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
        nodes.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        return name

    nodes.append(helper.make_node("Transpose", ["mels"], ["frames"], perm=[1, 0, 2]))
    heard = "frames"
    for layer in range(LAYERS):
        inputs = [
            heard,
            constant(f"W{layer}", reorder_gates(weights[f"lstm.weight_ih_l{layer}"])[None]),
            constant(f"R{layer}", reorder_gates(weights[f"lstm.weight_hh_l{layer}"])[None]),
            constant(
                f"B{layer}",
                np.concatenate(
                    [reorder_gates(weights[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
                )[None],
            ),
        ]
        nodes.append(helper.make_node("LSTM", inputs, [f"all{layer}", f"last{layer}"], hidden_size=UNITS))
        heard = f"heard{layer}"
        nodes.append(helper.make_node("Squeeze", [f"all{layer}", "direction"], [heard]))
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "direction"))
    constants.append(numpy_helper.from_array(np.array([0], np.int64), "first"))
    nodes += [
        helper.make_node("Squeeze", [f"last{LAYERS - 1}", "first"], ["state"]),
        helper.make_node(
            "Gemm",
            [
                "state",
                constant("linear.weight", weights["linear.weight"]),
                constant("linear.bias", weights["linear.bias"]),
            ],
            ["raw"],
            transB=1,
        ),
        helper.make_node("Relu", ["raw"], ["positive"]),
        helper.make_node("LpNormalization", ["positive"], ["embeddings"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "ge2e",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["windows", "frames", MELS])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["windows", UNITS])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="diting")
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Convert the wheel named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--to", type=Path, default=TARGET)
    options = parser.parse_args()
    with zipfile.ZipFile(options.wheel) as wheel:
        source = hashlib.sha256(wheel.read(WEIGHTS)).hexdigest()
        if source != WEIGHTS_SHA256:
            raise SystemExit(f"{options.wheel}: {WEIGHTS} has SHA-256 {source}, expected {WEIGHTS_SHA256}")
        with wheel.open(WEIGHTS) as file:
            data = build(read_weights(file)).SerializeToString(deterministic=True)
    options.to.write_bytes(data)
    print(f"{options.to}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
