"""Inspects labelled calls in several processes and compares each with its labels."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Literal

from pipeline.evaluation import CallOutcome, Span, compare
from pipeline.inspect_call import CallFiles, CallInspector
from pipeline.labels import LabelledCall, Labels, load_labels
from pipeline.result import to_json
from store.errors import BadInputError
from store.settings import Settings
from transcription.given import load_transcript

Source = Literal["audio", "transcript"]

_inspector: CallInspector | None = None  # one per worker process: rules and model are loaded once


def run_labelled(
    calls: Sequence[LabelledCall],
    *,
    source: Source,
    settings: Settings,
    packs: Sequence[str] = (),
    jobs: int = 1,
) -> Iterator[CallOutcome]:
    """The outcomes of labelled calls, in their order, as they become known.

    Args:
        calls: what `find_labelled` found, each with a file of the kind `source`.
        source: listen to the recordings, or take the words from the reference transcripts.
        settings: engine and rules; each process uses one thread of the engine.
        packs: rule packs to use besides the default ones.
        jobs: number of processes.

    Raises:
        BadInputError: a label file is wrong; nothing can be counted then.
    """
    labels = [load_labels(call.labels) for call in calls]
    context = multiprocessing.get_context("spawn")  # speech engines do not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open, initargs=(settings, packs)) as pool:
        yield from pool.map(partial(_outcome, source), calls, labels)


def _open(settings: Settings, packs: Sequence[str]) -> None:
    global _inspector  # noqa: PLW0603 - the way to keep a model in a pool's process
    _inspector = CallInspector(settings, packs=packs)


def _outcome(source: Source, call: LabelledCall, labels: Labels) -> CallOutcome:
    if _inspector is None:
        raise RuntimeError("the process was not opened")
    try:
        turns = _reference(call) if source == "audio" else None
        result = to_json(_inspector.inspect(_files(source, call)))
    except BadInputError as error:
        return CallOutcome(call.name, labels, status="refused", reason=str(error))
    return compare(call.name, labels, result, turns)


def _files(source: Source, call: LabelledCall) -> CallFiles:
    if source == "audio":
        return CallFiles(recording=call.recording, metadata=call.metadata)
    return CallFiles(transcript=call.transcript, metadata=call.metadata)


def _reference(call: LabelledCall) -> list[Span]:
    """The reference turns, for placing what was heard; none when the folder has no transcript."""
    if call.transcript is None:
        return []
    return [Span(u.speaker, u.start, u.end) for u in load_transcript(call.transcript).utterances]
