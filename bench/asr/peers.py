"""The workers that hear with other engines: `python -m bench.asr.peers ENGINE MODEL-FOLDER`.

They run in an environment of their own (`requirements.txt` beside this file) and import nothing of
Diting. Every engine gets the same file, splits it into its channels, and hears each channel, told that it is
Mandarin, in one thread, with the weights of MODEL-FOLDER (a CTranslate2 Whisper model).
"""

import random
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper.audio import decode_audio
from numpy.typing import NDArray

from bench.asr.serving import Hear, serve

RATE = 16_000
LANGUAGE = "zh"
COMPUTE_TYPE = "int8"
_SEED = 1
_SPEECH_LEVEL = 0.1  # -20 dBFS
_FRAME = RATE * 30 // 1000

Samples = NDArray[np.float32]
Listen = Callable[[Samples], str]


def normalised(samples: Samples) -> Samples:
    """The same sound with its loud frames (30 ms, 95th percentile of the level) at -20 dBFS."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    level = float(np.percentile(np.sqrt((frames**2).mean(axis=1)), 95)) if len(frames) else 0.0
    if level <= 0.0:
        return samples
    louder: Samples = np.clip(samples * np.float32(_SPEECH_LEVEL / level), -1.0, 1.0)
    return louder


def faster_whisper(folder: Path) -> dict[str, Listen]:
    """`WhisperModel.transcribe` and `BatchedInferencePipeline`, as people set them up for telephone calls."""
    import ctranslate2  # noqa: PLC0415 - each worker loads the libraries of its own engine only
    from faster_whisper import BatchedInferencePipeline, WhisperModel  # noqa: PLC0415

    model = WhisperModel(str(folder), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=1)
    pipeline = BatchedInferencePipeline(model)

    def plain(samples: Samples, **options: Any) -> str:
        ctranslate2.set_random_seed(_SEED)
        segments, _ = model.transcribe(samples, language=LANGUAGE, **options)
        return "".join(segment.text for segment in segments)

    def batched(samples: Samples) -> str:
        segments, _ = pipeline.transcribe(
            samples, language=LANGUAGE, batch_size=8, beam_size=5, word_timestamps=True
        )
        return "".join(segment.text for segment in segments)

    return {
        "faster-whisper": plain,
        "faster-whisper, VAD": lambda samples: plain(samples, vad_filter=True),
        "faster-whisper, VAD, level, no conditioning": lambda samples: plain(
            normalised(samples), vad_filter=True, condition_on_previous_text=False
        ),
        "faster-whisper batched": batched,
        "faster-whisper batched, level": lambda samples: batched(normalised(samples)),
    }


def whisper_ctranslate2(folder: Path) -> dict[str, Listen]:
    """The command line client with the options that it has by default, and with `--batched True`."""
    import ctranslate2  # noqa: PLC0415
    from whisper_ctranslate2.commandline import CommandLine  # noqa: PLC0415
    from whisper_ctranslate2.transcribe import Transcribe  # noqa: PLC0415
    from whisper_ctranslate2.whisper_ctranslate2 import get_transcription_options  # noqa: PLC0415

    sys.argv = ["whisper-ctranslate2", "call.wav", "--language", LANGUAGE]
    arguments = CommandLine().read_command_line()
    options = get_transcription_options(arguments)

    def listener(*, batched: bool) -> Listen:
        client = Transcribe(str(folder), "cpu", 0, COMPUTE_TYPE, 1, None, True, batched, None)

        def listen(samples: Samples) -> str:
            ctranslate2.set_random_seed(_SEED)
            return str(client.inference(samples, "transcribe", LANGUAGE, False, False, options)["text"])

        return listen

    return {
        "whisper-ctranslate2": listener(batched=False),
        "whisper-ctranslate2 batched": listener(batched=True),
    }


def openai_whisper(folder: Path) -> dict[str, Listen]:
    """The original in PyTorch, 32-bit floats, with the weights of the CTranslate2 model."""
    import torch  # noqa: PLC0415

    from bench.asr.openai_weights import load_openai_model  # noqa: PLC0415

    torch.set_num_threads(1)
    model = load_openai_model(folder)

    def listen(samples: Samples, **options: Any) -> str:
        torch.manual_seed(_SEED)
        random.seed(_SEED)
        return str(model.transcribe(samples, language=LANGUAGE, fp16=False, **options)["text"])

    return {
        "openai-whisper": listen,
        "openai-whisper, beam 5": lambda samples: listen(samples, beam_size=5, best_of=5),
    }


ENGINES: Mapping[str, Callable[[Path], dict[str, Listen]]] = {
    "faster-whisper": faster_whisper,
    "whisper-ctranslate2": whisper_ctranslate2,
    "openai-whisper": openai_whisper,
}
_LIBRARIES = {
    "faster-whisper": ("faster-whisper", "ctranslate2"),
    "whisper-ctranslate2": ("whisper-ctranslate2",),
    "openai-whisper": ("openai-whisper", "torch"),
}


def _hear(listen: Listen) -> Hear:
    def hear(request: dict[str, Any]) -> list[str]:
        return [listen(channel) for channel in decode_audio(request["audio"], RATE, split_stereo=True)]

    return hear


def main() -> None:
    """Serve the settings of one engine."""
    engine, folder = sys.argv[1], Path(sys.argv[2])
    settings = ENGINES[engine](folder)
    serve(
        {name: _hear(listen) for name, listen in settings.items()},
        {name: version(name) for name in _LIBRARIES[engine]},
    )


if __name__ == "__main__":
    main()
