"""Error rates and cost of transcription on calls with reference transcripts.

    python bench/transcription_errors.py FOLDER [NAME…]

FOLDER holds NAME.opus, NAME.call.json and NAME.transcript.json. Prints the character error rate (CER), the
error rate of syllables (PER, pinyin without tones), turns found and spoken, and CPU-seconds.
"""

import argparse
import re
import time
from pathlib import Path

import cn2an
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from ingest.audio import decode
from ingest.metadata import load_call_record
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.text.simplify import simplify
from transcription.transcribe import transcribe
from transcription.types import Transcript

_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")
_LONGEST_NUMBER = 9


def spoken(text: str) -> str:
    """Letters and characters only, numbers as they are read, so that 4,900 and 四千九百 are the same."""
    read = _NUMBER.sub(lambda match: _read(match.group().replace(",", "")), simplify(text).lower())
    return re.sub(r"[^一-鿿a-z]", "", read.replace("幺", "一").replace("两", "二"))


def _read(number: str) -> str:
    if len(number) > _LONGEST_NUMBER or (number.startswith("0") and len(number) > 1):
        return "".join("零一二三四五六七八九"[int(digit)] for digit in number if digit.isdigit())
    return str(cn2an.an2cn(number))


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
