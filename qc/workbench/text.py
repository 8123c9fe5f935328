"""Words in both languages."""

from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One meaning in Chinese and English."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The words in one language."""
        return self.zh if lang == "zh" else self.en


def both(words: str) -> Text:
    """The same words in both languages."""
    return Text(words, words)
