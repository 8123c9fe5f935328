"""The worker that hears with Diting: `transcription.transcribe.transcribe` with its default settings."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.asr.recordings import CHANNELS, LANGUAGE
from bench.asr.serving import serve
from ingest.audio import decode
from ingest.metadata import load_call_record
from transcription.engines.engine import Engine, EngineSettings
from transcription.engines.registry import make_engine
from transcription.transcribe import transcribe

ENGINE = "faster-whisper"


def hear(engine: Engine, request: dict[str, Any]) -> list[str]:
    """The accepted text of each channel. Peers are told the language, so Diting is told it as well."""
    record = load_call_record(Path(request["record"])).model_copy(update={"language": LANGUAGE})
    channels = record.channels or CHANNELS
    transcript = transcribe(decode(Path(request["audio"])), record, engine)
    return [
        "".join(u.text for u in transcript.utterances if u.speaker == channels[index]) for index in (0, 1)
    ]


def main() -> None:
    """Serve the default setting, and the one that is cheaper by decoding with a beam of one."""
    serve(
        {
            "diting": partial(hear, make_engine(ENGINE)),
            "diting, beam 1": partial(hear, make_engine(ENGINE, EngineSettings(beam_size=1))),
        },
        {"diting": version("diting")},
    )


if __name__ == "__main__":
    main()
