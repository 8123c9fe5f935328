"""A match with what stands around it: what every guard looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qc.matching.text import NormalText

_REACH = 14  # characters before a match that count as its clause, where no punctuation was written


@dataclass(frozen=True)
class Around:
    """The words `start:end` of `text`. `heard` are the other side's last turns, the newest first."""

    text: NormalText
    start: int
    end: int
    heard: Sequence[NormalText] = ()

    @property
    def words(self) -> str:
        """The matched words."""
        return self.text.text[self.start : self.end]

    @cached_property
    def clause(self) -> str:
        """The clause before them, from its pause on."""
        return self.text.text[self.text.clause_start(self.start) : self.start]

    @property
    def near(self) -> str:
        """The end of that clause: recognisers write few commas, so that clauses run into each other."""
        return self.clause[-_REACH:]

    @cached_property
    def before(self) -> str:
        """The sentence before them."""
        return self.text.text[self.text.sentence(self.start)[0] : self.start]

    @cached_property
    def after(self) -> str:
        """The rest of their sentence, its end mark included."""
        return self.text.text[self.end : self.text.sentence(max(self.end - 1, 0))[1]]

    @property
    def rest(self) -> str:
        """All that follows in the turn."""
        return self.text.text[self.end :]

    @property
    def is_quoted(self) -> bool:
        """Whether they stand in quotation marks."""
        return any(opened <= self.start and self.end <= closed for opened, closed in self.text.quoted)
