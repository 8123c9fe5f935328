import struct
from pathlib import Path

import numpy as np
import pytest

from bench.asr.openai_weights import dimensions, openai_names, read_ctranslate2
from transcription.engines.bundled_model import bundled_model


def _model(path: Path, weights: dict[str, np.ndarray], *, version: int = 6) -> Path:
    kinds = {np.dtype("f4"): 0, np.dtype("i1"): 1, np.dtype("f2"): 4}

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    parts = [struct.pack("<I", version), text("WhisperSpec"), struct.pack("<II", 3, len(weights))]
    for name, values in weights.items():
        shape = struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
        parts += [text(name), shape, struct.pack("<BI", kinds[values.dtype], values.nbytes), values.tobytes()]
    path.write_bytes(b"".join(parts) + struct.pack("<I", 0))
    return path


def test_weights_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    written = {
        "encoder/conv1/weight": np.arange(24, dtype="f2").reshape(4, 2, 3),
        "encoder/conv1/bias": np.array([0.5, -1.0], dtype="f4"),
        "decoder/pre_norm": np.array(1, dtype="i1"),
    }
    read = read_ctranslate2(_model(tmp_path / "model.bin", written))
    assert list(read) == list(written)
    for name, values in written.items():
        assert read[name].dtype == np.float32
        np.testing.assert_array_equal(read[name], values)


def test_other_formats_and_quantised_weights_are_refused(tmp_path: Path) -> None:
    weights = {"encoder/conv1/weight": np.ones((2, 2), dtype="i1")}
    with pytest.raises(ValueError, match="conv1/weight is quantised"):
        read_ctranslate2(_model(tmp_path / "a", weights))
    with pytest.raises(ValueError, match="format 5"):
        read_ctranslate2(_model(tmp_path / "b", weights, version=5))


def test_fused_projections_are_taken_apart() -> None:
    def ones(*shape: int) -> np.ndarray:
        return np.ones(shape, dtype=np.float32)

    block = "decoder/layer_0"
    weights = {
        f"{block}/self_attention/linear_0/weight": np.repeat(np.float32([1, 2, 3]), 4)[:, None] * ones(1, 4),
        f"{block}/self_attention/linear_0/bias": np.repeat(np.float32([1, 0, 3]), 4),
        f"{block}/attention/linear_1/weight": np.repeat(np.float32([5, 6]), 4)[:, None] * ones(1, 4),
        f"{block}/attention/linear_1/bias": np.repeat(np.float32([0, 6]), 4),
    }
    for part in ("self_attention", "attention", "ffn"):
        weights |= {f"{block}/{part}/layer_norm/{kind}": ones(4) for kind in ("gamma", "beta")}
    for linear in ("self_attention/linear_1", "attention/linear_0", "attention/linear_2"):
        weights |= {f"{block}/{linear}/weight": ones(4, 4), f"{block}/{linear}/bias": ones(4)}
    weights |= {f"{block}/ffn/linear_0/weight": ones(16, 4), f"{block}/ffn/linear_0/bias": ones(16)}
    weights |= {f"{block}/ffn/linear_1/weight": ones(4, 16), f"{block}/ffn/linear_1/bias": ones(4)}
    for side in ("encoder", "decoder"):
        weights |= {f"{side}/layer_norm/{kind}": ones(4) for kind in ("gamma", "beta")}
        weights[f"{side}/position_encodings/encodings"] = ones(8, 4)
    weights |= {f"encoder/conv{n}/{kind}": ones(4, 2, 3) for n in (1, 2) for kind in ("weight", "bias")}
    weights["decoder/embeddings/weight"] = ones(10, 4)
    state = openai_names(weights)
    own, cross = "decoder.blocks.0.attn", "decoder.blocks.0.cross_attn"
    for part, value in (("query", 1), ("key", 2), ("value", 3)):
        np.testing.assert_array_equal(state[f"{own}.{part}.weight"], np.full((4, 4), value))
    np.testing.assert_array_equal(state[f"{own}.value.bias"], np.full(4, 3))
    np.testing.assert_array_equal(state[f"{cross}.key.weight"], np.full((4, 4), 5))
    np.testing.assert_array_equal(state[f"{cross}.value.bias"], np.full(4, 6))
    assert not [name for name in state if name.endswith("key.bias")]


def test_every_weight_of_the_bundled_model_finds_its_place() -> None:
    state = openai_names(read_ctranslate2(bundled_model() / "model.bin"))
    assert dimensions(state) == {
        "n_mels": 80,
        "n_audio_ctx": 1500,
        "n_audio_state": 512,
        "n_audio_head": 8,
        "n_audio_layer": 6,
        "n_vocab": 51865,
        "n_text_ctx": 448,
        "n_text_state": 512,
        "n_text_head": 8,
        "n_text_layer": 6,
    }
    # Whisper base has 71,825,920 trained parameters; the encoder's positions are kept beside them.
    assert sum(values.size for values in state.values()) == 71_825_920 + 1500 * 512
    assert len(state) == 245
