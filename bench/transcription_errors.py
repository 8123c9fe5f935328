"""Error rates and cost of transcription on calls with reference transcripts.

    python -m bench.transcription_errors FOLDER [NAME…]

FOLDER holds NAME.opus, NAME.call.json and NAME.transcript.json. Prints the character error rate (CER), the
error rate of syllables (PER, pinyin without tones), turns found and spoken, and CPU-seconds.
"""

import argparse
import time
from pathlib import Path

from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from bench.asr.errors import spoken
from ingest.audio import decode
from ingest.metadata import load_call_record
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.transcribe import transcribe
from transcription.types import Transcript


def _said(transcript: Transcript, speaker: str) -> str:
    return spoken("".join(u.text for u in transcript.utterances if u.speaker == speaker))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    names = arguments.names or sorted(
        path.stem for path in arguments.folder.glob("*.opus") if ".mono" not in path.name
    )
    engine = make_engine("faster-whisper")
    total = wrong = wrong_sounds = 0
    seconds = cpu = 0.0
    for name in names:
        reference = load_transcript(arguments.folder / f"{name}.transcript.json")
        started = time.process_time()
        audio = decode(arguments.folder / f"{name}.opus")
        heard = transcribe(audio, load_call_record(arguments.folder / f"{name}.call.json"), engine)
        used = time.process_time() - started
        length = errors = sounds = 0
        for speaker in ("agent", "customer"):
            expected, found = _said(reference, speaker), _said(heard, speaker)
            length += len(expected)
            errors += Levenshtein.distance(found, expected)
            sounds += Levenshtein.distance(lazy_pinyin(found), lazy_pinyin(expected))
        turns = f"turns {len(heard.utterances)}/{len(reference.utterances)}"
        print(f"{name}  {_rates(errors, sounds, length)}  {turns}  {used:.1f} s of {audio.duration_s:.0f} s")
        total, wrong, wrong_sounds = total + length, wrong + errors, wrong_sounds + sounds
        seconds, cpu = seconds + audio.duration_s, cpu + used
    print(f"all   {_rates(wrong, wrong_sounds, total)}  {cpu:.0f} CPU-seconds for {seconds:.0f} s")


def _rates(errors: int, sounds: int, length: int) -> str:
    return f"CER {errors / length:.3f}  PER {sounds / length:.3f}"


if __name__ == "__main__":
    main()
