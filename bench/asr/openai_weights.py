"""The weights of a CTranslate2 Whisper model as openai-whisper names them, so that both hear with the same.

CTranslate2 keeps the projections of query, key and value as one matrix and the shared embedding once;
nothing else differs but the names. Only models that were not quantised when they were converted (float16 or
float32) can be read back.

    .venv-bench/bin/python -m bench.asr.openai_weights MODEL-FOLDER CLIP…

proves it: openai-whisper writes the same text for each clip as faster-whisper in 32-bit floats.
"""

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES: dict[int, np.dtype[Any]] = {
    0: np.dtype("<f4"),
    1: np.dtype("i1"),
    2: np.dtype("<i2"),
    3: np.dtype("<i4"),
    4: np.dtype("<f2"),
}
_FORMAT_VERSION = 6
_HEAD_SIZE = 64  # in every Whisper model

Array = NDArray[np.float32]
Weights = dict[str, Array]


def read_ctranslate2(path: Path) -> Weights:
    """All weights of a CTranslate2 `model.bin` (format 6), as 32-bit floats.

    Raises:
        ValueError: the file has another format, or its weights are quantised.
    """
    content = path.read_bytes()
    reader = _Reader(content)
    version, spec, _revision, count = (
        reader.number("I"),
        reader.text(),
        reader.number("I"),
        reader.number("I"),
    )
    if version != _FORMAT_VERSION or spec != "WhisperSpec":
        raise ValueError(f"{path}: format {version} of {spec}, not format {_FORMAT_VERSION} of WhisperSpec")
    weights: Weights = {}
    for _ in range(count):
        name = reader.text()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        kind, size = _TYPES[reader.number("B")], reader.number("I")
        if name.endswith("weight") and kind.kind != "f":
            raise ValueError(f"{path}: {name} is quantised; convert the model without quantisation")
        values = np.frombuffer(content, kind, size // kind.itemsize, reader.skip(size))
        weights[name] = values.reshape(shape).astype(np.float32)
    return weights


class _Reader:
    """Reads little-endian numbers and texts one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, kind: str) -> int:
        place = self.skip(struct.calcsize(f"<{kind}"))
        return int(struct.unpack_from(f"<{kind}", self._content, place)[0])

    def text(self) -> str:
        length = self.number("H")
        place = self.skip(length)
        return self._content[place : place + length - 1].decode()

    def skip(self, size: int) -> int:
        """Where the next `size` bytes begin."""
        self._at += size
        return self._at - size


def openai_names(weights: Weights) -> Weights:
    """The same weights under openai-whisper's names: its `state_dict`."""
    return dict(_renamed(weights))


def _renamed(weights: Weights) -> Iterator[tuple[str, Array]]:
    for number in (1, 2):
        yield from _pair(weights, f"encoder/conv{number}", f"encoder.conv{number}")
    yield "encoder.positional_embedding", weights["encoder/position_encodings/encodings"]
    yield "decoder.positional_embedding", weights["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", weights["decoder/embeddings/weight"]
    yield from _norm(weights, "encoder/layer_norm", "encoder.ln_post")
    yield from _norm(weights, "decoder/layer_norm", "decoder.ln")
    for side in ("encoder", "decoder"):
        for layer in range(_layers(weights, side)):
            yield from _block(weights, f"{side}/layer_{layer}", f"{side}.blocks.{layer}")


def _block(weights: Weights, source: str, target: str) -> Iterator[tuple[str, Array]]:
    own, cross = f"{source}/self_attention", f"{source}/attention"
    yield from _norm(weights, f"{own}/layer_norm", f"{target}.attn_ln")
    yield from _split(weights, f"{own}/linear_0", f"{target}.attn", ("query", "key", "value"))
    yield from _pair(weights, f"{own}/linear_1", f"{target}.attn.out")
    if f"{cross}/linear_0/weight" in weights:
        yield from _norm(weights, f"{cross}/layer_norm", f"{target}.cross_attn_ln")
        yield from _pair(weights, f"{cross}/linear_0", f"{target}.cross_attn.query")
        yield from _split(weights, f"{cross}/linear_1", f"{target}.cross_attn", ("key", "value"))
        yield from _pair(weights, f"{cross}/linear_2", f"{target}.cross_attn.out")
    yield from _norm(weights, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
    yield from _pair(weights, f"{source}/ffn/linear_0", f"{target}.mlp.0")
    yield from _pair(weights, f"{source}/ffn/linear_1", f"{target}.mlp.2")


def _pair(weights: Weights, source: str, target: str) -> Iterator[tuple[str, Array]]:
    yield f"{target}.weight", weights[f"{source}/weight"]
    yield f"{target}.bias", weights[f"{source}/bias"]


def _norm(weights: Weights, source: str, target: str) -> Iterator[tuple[str, Array]]:
    yield f"{target}.weight", weights[f"{source}/gamma"]
    yield f"{target}.bias", weights[f"{source}/beta"]


def _split(weights: Weights, source: str, target: str, parts: tuple[str, ...]) -> Iterator[tuple[str, Array]]:
    matrices = np.split(weights[f"{source}/weight"], len(parts))
    biases = np.split(weights[f"{source}/bias"], len(parts))
    for part, matrix, bias in zip(parts, matrices, biases, strict=True):
        yield f"{target}.{part}.weight", matrix
        if part != "key":  # keys have no bias; CTranslate2 keeps zeros in its place
            yield f"{target}.{part}.bias", bias


def _layers(weights: Weights, side: str) -> int:
    return len(
        {name.split("/")[1] for name in weights if name.startswith(f"{side}/layer_") and "attention" in name}
    )


def dimensions(state: Weights) -> dict[str, int]:
    """The sizes that openai-whisper needs to build the model, read off its `state_dict`."""
    width = state["decoder.token_embedding.weight"].shape[1]
    layers = {
        side: len({n.split(".")[2] for n in state if n.startswith(f"{side}.blocks.")})
        for side in ("encoder", "decoder")
    }
    return {
        "n_mels": state["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": state["encoder.positional_embedding"].shape[0],
        "n_audio_state": width,
        "n_audio_head": width // _HEAD_SIZE,
        "n_audio_layer": layers["encoder"],
        "n_vocab": state["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": state["decoder.positional_embedding"].shape[0],
        "n_text_state": width,
        "n_text_head": width // _HEAD_SIZE,
        "n_text_layer": layers["decoder"],
    }


def load_openai_model(folder: Path) -> Any:
    """An openai-whisper model (32-bit floats, CPU) with the weights of a CTranslate2 model folder."""
    import torch  # noqa: PLC0415 - in the peers' environment only
    from whisper.model import ModelDimensions, Whisper  # noqa: PLC0415

    state = openai_names(read_ctranslate2(folder / "model.bin"))
    model = Whisper(ModelDimensions(**dimensions(state)))
    model.load_state_dict({name: torch.from_numpy(values) for name, values in state.items()})
    _set_alignment_heads(model, json.loads((folder / "config.json").read_text())["alignment_heads"])
    return model.eval()


def _set_alignment_heads(model: Any, heads: list[list[int]]) -> None:
    import torch  # noqa: PLC0415

    chosen = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in heads:
        chosen[layer, head] = True
    model.register_buffer("alignment_heads", chosen.to_sparse(), persistent=False)


def main() -> int:
    """Compare what both programs write for some clips; returns 1 when a text differs."""
    from faster_whisper import WhisperModel  # noqa: PLC0415
    from faster_whisper.audio import decode_audio  # noqa: PLC0415

    folder, clips = Path(sys.argv[1]), sys.argv[2:]
    converted = load_openai_model(folder)
    original = WhisperModel(str(folder), device="cpu", compute_type="float32", cpu_threads=1)
    equal = True
    for clip in clips:
        sound = decode_audio(clip)
        found = converted.transcribe(sound, language="zh", fp16=False, beam_size=5, temperature=0.0)["text"]
        segments, _ = original.transcribe(sound, language="zh", beam_size=5, temperature=0.0)
        wanted = "".join(segment.text for segment in segments)
        equal &= found == wanted
        print(f"{'same' if found == wanted else 'DIFFERENT'}: {clip}\n  {found}\n  {wanted}")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
