"""Tiny models for sherpa-onnx that hear tones: each pitch is a token, silence is none.

They have the inputs, outputs and metadata of exported SenseVoice and Paraformer models, so that the real
library loads them, computes its features of real sound, and decodes.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ingest.audio import RATE, Samples

MELS, WINDOW, SHIFT = 80, 7, 6
FEATURES = MELS * WINDOW
# Log energy of a tone's own band is above this, of all others and of silence far below.
_THRESHOLD = 15.0
_NEVER = -100.0
_LANGUAGES = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12}
_WITH_ITN, _WITHOUT_ITN = 14, 15

Metadata = dict[str, str]


def pitch(band: int) -> float:
    """Hertz at the middle of a mel band, as the feature extractor cuts them."""

    def mel(hertz: float) -> float:
        return 1127 * math.log(1 + hertz / 700)

    low, high = mel(20), mel(RATE / 2)
    return 700 * (math.exp((low + (band + 1) * (high - low) / (MELS + 1)) / 1127) - 1)


def sound(*parts: tuple[int | None, float]) -> Samples:
    """Tones (by band) and silences (None) one after the other, each with its seconds."""
    pieces = []
    for band, seconds in parts:
        times = np.arange(round(seconds * RATE)) / RATE
        hertz = pitch(band) if band is not None else 0.0
        pieces.append(0.3 * np.sin(2 * np.pi * hertz * times))
    return np.concatenate(pieces).astype(np.float32)


def sense_voice(
    folder: Path,
    bands: Mapping[str, int],
    *,
    auto: str = "zh",
    name: str = "model.onnx",
    more_tokens: Sequence[str] = (),
    change: Metadata | None = None,
) -> Path:
    """Write a SenseVoice-shaped model and its tokens.

    Args:
        bands: the mel band that stands for each token.
        auto: the language it tells when it is to find out itself.
        more_tokens: tokens before all others.
        change: metadata to write instead; an empty value leaves the key out.
    """
    marks = [*(f"<|{name}|>" for name in ("zh", "en", "yue", "ja", "ko", "nospeech")), "<|NEUTRAL|>"]
    marks += ["<|Speech|>", "<|withitn|>", "<|woitn|>"]
    symbols = ["<blank>", "<s>", "</s>", *dict.fromkeys([*more_tokens, *bands]), *marks]
    ids = {symbol: index for index, symbol in enumerate(symbols)}
    told = {
        code: ids[f"<|{auto if language == 'auto' else language}|>"] for language, code in _LANGUAGES.items()
    }
    normed = {_WITH_ITN: ids["<|withitn|>"], _WITHOUT_ITN: ids["<|woitn|>"]}
    constants = _listening(bands, ids) | {
        "languages": _one_hot(told, len(ids)),
        "norms": _one_hot(normed, len(ids)),
        "labels": _one_hot({0: ids["<|NEUTRAL|>"], 1: ids["<|Speech|>"]}, len(ids))[None, :2],
        "one": np.array([1]),
        "two": np.array([2, len(ids)]),
    }
    nodes = [
        *_frames("x"),
        helper.make_node("Gather", ["languages", "language"], ["language_row"]),
        helper.make_node("Unsqueeze", ["language_row", "one"], ["language_frame"]),
        helper.make_node("Gather", ["norms", "text_norm"], ["norm_row"]),
        helper.make_node("Unsqueeze", ["norm_row", "one"], ["norm_frame"]),
        helper.make_node("Shape", ["language"], ["count"]),
        helper.make_node("Concat", ["count", "two"], ["label_shape"], axis=0),
        helper.make_node("Expand", ["labels", "label_shape"], ["label_frames"]),
        helper.make_node(
            "Concat", ["language_frame", "label_frames", "norm_frame", "frames"], ["logits"], axis=1
        ),
    ]
    inputs = [_value("x", TensorProto.FLOAT, ["N", "T", FEATURES])] + [
        _value(name, TensorProto.INT32, ["N"]) for name in ("x_length", "language", "text_norm")
    ]
    outputs = [_value("logits", TensorProto.FLOAT, ["N", "L", len(ids)])]
    metadata = _statistics(len(ids)) | {
        "model_type": "sense_voice_ctc",
        "normalize_samples": "0",
        "with_itn": str(_WITH_ITN),
        "without_itn": str(_WITHOUT_ITN),
        **{f"lang_{language}": str(code) for language, code in _LANGUAGES.items()},
    }
    return _write(folder, name, symbols, nodes, inputs, outputs, constants, metadata | (change or {}))


def paraformer(
    folder: Path,
    bands: Mapping[str, int],
    *,
    times: bool = True,
    name: str = "model.int8.onnx",
    change: Metadata | None = None,
) -> Path:
    """Write a Paraformer-shaped model and its tokens: it fires a token whenever another tone begins."""
    symbols = ["<blank>", "<s>", "</s>", *bands]
    ids = {symbol: index for index, symbol in enumerate(symbols)}
    constants = _listening(bands, ids) | {
        "zero": np.array([0]),
        "one": np.array([1]),
        "minus_one": np.array([-1]),
        "thirds": np.array([0, 0, 0, 2]),
        "flat": np.array([1, -1]),
        "last": np.ones((1, 1), np.float32),
        "end": _one_hot({0: ids["</s>"]}, len(ids))[None, :1],
    }
    nodes = [
        *_frames("speech"),
        helper.make_node("ArgMax", ["frames"], ["best"], axis=2, keepdims=0),
        helper.make_node("Squeeze", ["best", "zero"], ["tokens"]),
        helper.make_node("Slice", ["tokens", "zero", "minus_one", "zero"], ["all_but_last"]),
        helper.make_node("Concat", ["zero", "all_but_last"], ["before"], axis=0),
        helper.make_node("Equal", ["tokens", "before"], ["same"]),
        helper.make_node("Equal", ["tokens", "zero"], ["silent"]),
        helper.make_node("Or", ["same", "silent"], ["quiet"]),
        helper.make_node("Not", ["quiet"], ["fires"]),
        helper.make_node("Compress", ["frames", "fires"], ["fired"], axis=1),
        helper.make_node("Concat", ["fired", "end"], ["logits"], axis=1),
        helper.make_node("Cast", ["fires"], ["peaks"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["peaks"], ["number"], keepdims=1),
        helper.make_node("Cast", ["number"], ["token_num"], to=TensorProto.INT32),
        helper.make_node("Unsqueeze", ["peaks", "one"], ["column"]),
        helper.make_node("Pad", ["column", "thirds"], ["in_thirds"]),
        helper.make_node("Reshape", ["in_thirds", "flat"], ["row"]),
        helper.make_node("Concat", ["row", "last"], ["us_cif_peak"], axis=1),
        helper.make_node("Identity", ["us_cif_peak"], ["us_alphas"]),
    ]
    inputs = [
        _value("speech", TensorProto.FLOAT, ["N", "T", FEATURES]),
        _value("speech_lengths", TensorProto.INT32, ["N"]),
    ]
    outputs = [
        _value("logits", TensorProto.FLOAT, ["N", "L", len(ids)]),
        _value("token_num", TensorProto.INT32, ["N"]),
        *(_value(name, TensorProto.FLOAT, ["N", "K"]) for name in ("us_alphas", "us_cif_peak")),
    ]
    metadata = _statistics(len(ids)) | {"model_type": "paraformer"} | (change or {})
    return _write(
        folder, name, symbols, nodes, inputs, outputs if times else outputs[:2], constants, metadata
    )


def _listening(bands: Mapping[str, int], ids: Mapping[str, int]) -> dict[str, NDArray[np.float32]]:
    """A token scores the mean energy in its band over the frames of a window, silence the threshold."""
    weights = np.zeros((FEATURES, len(ids)), np.float32)
    offset = np.full(len(ids), _NEVER, np.float32)
    offset[0] = _THRESHOLD
    for token, band in bands.items():
        weights[band::MELS, ids[token]] = 1 / WINDOW
        offset[ids[token]] = 0.0
    return {"weights": weights, "offset": offset}


def _frames(source: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("MatMul", [source, "weights"], ["energies"]),
        helper.make_node("Add", ["energies", "offset"], ["frames"]),
    ]


def _one_hot(places: Mapping[int, int], width: int) -> NDArray[np.float32]:
    table = np.full((16, width), _NEVER, np.float32)
    for row, column in places.items():
        table[row, column] = 50.0
    return table


def _statistics(count: int) -> Metadata:
    return {
        "vocab_size": str(count),
        "lfr_window_size": str(WINDOW),
        "lfr_window_shift": str(SHIFT),
        "neg_mean": ",".join(["0"] * FEATURES),
        "inv_stddev": ",".join(["1"] * FEATURES),
    }


def _value(name: str, kind: int, shape: list[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _write(
    folder: Path,
    name: str,
    symbols: Sequence[str],
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    constants: Mapping[str, NDArray],
    metadata: Metadata,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    initial = [numpy_helper.from_array(array, key) for key, array in constants.items()]
    graph = helper.make_graph(nodes, "tones", inputs, outputs, initial)
    # As old as the oldest library version that must read it.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {key: value for key, value in metadata.items() if value})
    onnx.checker.check_model(model)
    onnx.save(model, folder / name)
    lines = [f"{symbol} {index}\n" for index, symbol in enumerate(symbols)]
    (folder / "tokens.txt").write_text("".join(lines), encoding="utf-8")
    return folder
