"""Conditions on times: silence, talking over each other, how fast somebody speaks."""

from typing import Literal, Self

from pydantic import Field, model_validator

from qc.language.base import Strict, wrong

SilencePlace = Literal["anywhere", "within_turn", "between_turns", "before_answer"]


class SilenceTest(Strict):
    """Nobody speaks for `min_seconds`, at least `times` times.

    `within_turn`: between two words or utterances of one speaker; `between_turns`: from the end of one
    speaker's words to the start of the other's, who is the speaker asked for; `before_answer`: the same after
    a question. `anywhere`: whoever spoke before and after.
    """

    min_seconds: float = Field(gt=0)
    place: SilencePlace = "anywhere"
    times: int = Field(1, ge=1)


class OverlapTest(Strict):
    """The speaker begins while the other still speaks: at least `times` times for `min_seconds` each, and for
    `total_seconds` in all."""

    min_seconds: float | None = Field(None, gt=0)
    total_seconds: float | None = Field(None, gt=0)
    times: int = Field(1, ge=1)


class RateTest(Strict):
    """Characters (English: syllables) a second: above `faster_than` or below `slower_than`.

    `utterance`: in each utterance of at least `min_characters`, at least `times` of them; `call`: in all
    utterances of the window together.
    """

    faster_than: float | None = Field(None, gt=0)
    slower_than: float | None = Field(None, gt=0)
    over: Literal["utterance", "call"] = "utterance"
    min_characters: int = Field(8, ge=1)
    times: int = Field(1, ge=1)

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.faster_than is None) == (self.slower_than is None):
            raise wrong("give faster_than or slower_than", "请写 faster_than 或 slower_than 其中一个")
        if self.over == "call" and self.times > 1:
            raise wrong("the whole call is measured once; leave times out", "全部合计只算一次，请去掉 times")
        return self


class Limits(Strict):
    """A number of at least, or at most, so much; both limits are inside."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise wrong("give at_least or at_most", "请写 at_least 或 at_most")
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise wrong("at_most is below at_least", "at_most 小于 at_least")
        return self
