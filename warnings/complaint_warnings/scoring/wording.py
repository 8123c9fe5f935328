"""Reads wording.yaml: what the warnings say to people, in Chinese and English."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from complaint_warnings.types import Language, Level

_FILE = Path(__file__).parent / "wording.yaml"


@lru_cache(maxsize=1)
def _wording() -> dict[str, dict[str, dict[Language, str]]]:
    words: dict[str, dict[str, dict[Language, str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return words


def _say(section: str, name: str, language: Language, value: str = "") -> str:
    return _wording()[section][name][language].format(value=value)


def sentence(name: str, language: Language, value: str = "", remarks: Sequence[str] = ()) -> str:
    """Why the indicator `name` has its points: one sentence, with remarks in brackets."""
    channel = name.removeprefix("complaint_intent.")
    if channel != name:
        text = _say("sentences", "complaint_intent", language, _say("channels", channel, language))
    else:
        text = _say("sentences", name, language, value)
    if language == "zh":
        return text + (f"（{'；'.join(remarks)}）。" if remarks else "。")
    return text + (f" ({'; '.join(remarks)})." if remarks else ".")


def remark(name: str, language: Language, value: str = "") -> str:
    """A remark that goes in the brackets of a sentence."""
    return _say("remarks", name, language, value)


def level_name(level: Level, language: Language) -> str:
    """低, 中, 高, or low, medium, high."""
    return _say("levels", level, language)


def source_name(source: str) -> str:
    """Where a warning came from, in both languages."""
    return _both("sources", source)


def source_words(source: str) -> tuple[str, str]:
    """Where a warning came from, in Chinese and in English; a source without a name as it stands."""
    pair = _wording()["sources"].get(source)
    return (pair["zh"], pair["en"]) if pair else (source, source)


def kind_name(kind: str) -> str:
    """Warning or complaint, in both languages."""
    return _both("kinds", kind)


def verdict_name(verdict: str) -> str:
    """What the reviewer signed, in both languages."""
    return _both("verdicts", verdict)


def result_name(result: str) -> str:
    """How a case ended, in both languages."""
    return _both("results", result)


def _both(section: str, name: str) -> str:
    pair = _wording()[section].get(name)
    return f"{pair['zh']} {pair['en']}" if pair else name


def first_advice(names: Sequence[str], level: Level, language: Language) -> str:
    """The first advice: for the gravest trigger among the indicators `names`, then for the level."""
    by_level = _say("level_advice", level, language)
    for key in _wording()["trigger_advice"]:
        if any(name == key or (key.endswith(".") and name.startswith(key)) for name in names):
            gap = "" if language == "zh" else " "
            return f"{_say('trigger_advice', key, language)}{gap}{by_level}"
    return by_level
