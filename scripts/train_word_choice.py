"""Count what `transcription.text.word_choice` chooses words by.

    python scripts/train_word_choice.py --dictionary dict.txt TEXT…

TEXT are labelled calls (NAME.transcript.json), wordings (.yaml) and lines (.txt) of our own. Lines in which a
rule finds a violation or an alarm are left out: the model must not pull words towards an accusation. The
dictionary is that of jieba 0.42.1 (MIT): `word frequency kind` a line. Writes
transcription/text/word_choice.json.gz.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin, pinyin

from ingest.metadata import CallRecord
from qc.evaluate import inspect
from qc.findings import Finding
from qc.packs import default_packs, load_packs
from transcription.text.simplify import simplify
from transcription.text.word_choice import MODEL_FILE
from transcription.types import Speaker, Transcript, Utterance

TARGET = Path(__file__).parents[1] / "transcription" / "text" / MODEL_FILE
_BESIDE_THE_WORDS = ("absence", "fact", "cue")
_ALARMS = ("self_harm", "complaint_intent")
_OTHER, _EDGE = "$", "^"
_CHINESE = re.compile(r"[一-鿿]+")
_NOT_CHINESE = re.compile(r"[^一-鿿]+")
# A dictionary word rarer than this only adds noise, and so do characters of a syllable beyond the most used.
_RARE_WORD, _CHARACTERS = 20, 12


def lines_of(path: Path) -> Iterator[str]:
    """Every Chinese sentence that the file holds, wherever it is in it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        yield from _strings(text.splitlines())
        return
    document = yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text)
    yield from _strings(document)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(_NOT_CHINESE.sub("", value)) > 1:
            yield simplify(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def is_harmless(line: str, packs: Any) -> bool:
    """Whether no rule finds a violation or an alarm in the line, whoever said it."""
    speakers: tuple[Speaker, ...] = ("agent", "customer")
    for speaker in speakers:
        said = Transcript("zh", "given", "", (Utterance(0, speaker, 0.0, 1.0, line),))
        record = CallRecord(external_id="line", source="training")
        findings = inspect(said, (), record, packs).findings
        if any(_accuses(finding) for finding in findings):
            return False
    return True


def _accuses(finding: Finding) -> bool:
    grave = finding.kind == "violation" or finding.category in _ALARMS
    return grave and finding.how not in _BESIDE_THE_WORDS


def count_calls(lines: list[str]) -> Counter[str]:
    """How often each character, pair and triple occurs; what is not Chinese is one sign."""
    counts: Counter[str] = Counter()
    for line in lines:
        padded = 2 * _EDGE + _NOT_CHINESE.sub(_OTHER, line) + _OTHER
        for end in range(2, len(padded)):
            counts.update(padded[end - size : end + 1] for size in range(3))
    return counts


def count_dictionary(path: Path) -> Counter[str]:
    """How often each character and pair occurs in words, by the frequency of the words."""
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        word, frequency, *_kind = line.split()
        if not _CHINESE.fullmatch(word) or (int(frequency) < _RARE_WORD and len(word) > 1):
            continue
        for index, char in enumerate(word):
            counts[char] += int(frequency)
            if index:
                counts[word[index - 1 : index + 1]] += int(frequency)
    return counts


def sounds_of(calls: Counter[str], dictionary: Counter[str]) -> dict[str, str]:
    """The characters of every syllable that are used most, in calls and in words."""
    total, words = (sum(n for gram, n in counts.items() if len(gram) == 1) for counts in (calls, dictionary))
    chars = {gram for gram in (*calls, *dictionary) if len(gram) == 1 and _CHINESE.fullmatch(gram)}
    use = {char: calls[char] / total + dictionary[char] / words for char in chars}
    sounds: dict[str, list[str]] = {}
    for char in sorted(chars, key=lambda char: (-use[char], char)):
        for syllable in {*pinyin(char, style=Style.NORMAL, heteronym=True)[0], *lazy_pinyin(char)}:
            sounds.setdefault(syllable, []).append(char)
    return {syllable: "".join(found[:_CHARACTERS]) for syllable, found in sorted(sounds.items())}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dictionary", type=Path, required=True)
    parser.add_argument("texts", type=Path, nargs="+")
    arguments = parser.parse_args()
    packs = load_packs(default_packs("zh"))
    lines = list(dict.fromkeys(line for path in arguments.texts for line in lines_of(path)))
    kept = [line for line in lines if is_harmless(line, packs)]
    calls, dictionary = count_calls(kept), count_dictionary(arguments.dictionary)
    document = {"calls": dict(calls), "dictionary": dict(dictionary), "sounds": sounds_of(calls, dictionary)}
    data = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    TARGET.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{len(kept)} of {len(lines)} lines, {len(calls)} n-grams of calls, {len(dictionary)} of words")
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
