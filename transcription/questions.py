"""Questions to the sound of a call, and what came of them: plain values, kept beside the transcript."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A place to hear again: an utterance by its id, its text as heard, and with the words expected in it."""

    utterance: int
    as_heard: str
    as_expected: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    `readings` are texts of the utterance, each heard another way. The likelihoods are natural log
    probabilities of both texts, None where no engine could tell; `engine` and `model` are those that told,
    or that heard where none told.
    """

    question: Question
    readings: tuple[str, ...]
    likelihood_heard: float | None
    likelihood_expected: float | None
    engine: str
    model: str


def answers_to_document(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The answers as a list that `json.dumps` takes."""
    return [{**asdict(answer), "readings": list(answer.readings)} for answer in answers]


def answers_from_document(document: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """Rebuild what `answers_to_document` wrote.

    Raises:
        KeyError, TypeError: the document was not written by `answers_to_document`.
    """
    return tuple(
        Answer(**{**item, "question": Question(**item["question"]), "readings": tuple(item["readings"])})
        for item in document
    )
