"""Judges all chosen calls again, in this process or in several."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from pipeline.judging import Judge
from pipeline.reinspection.batch import Portion, judge_again
from pipeline.reinspection.choice import Choice
from pipeline.tools import Tools, open_tools
from store.settings import Settings

BATCH: Final = 200  # calls that are written in one transaction

_tools: Tools | None = None  # one per process of the pool: rules are loaded once
_judge: Judge | None = None


def reinspect(tools: Tools, choice: Choice, *, jobs: int = 1, batch: int = BATCH) -> Iterator[Portion]:
    """Judge the chosen calls again; says after each batch what became of it. May be broken off and begun anew
    at any time: what is done is done.

    Args:
        tools: of this process.
        choice: which calls; their packs are those of now, until all is done.
        jobs: processes.
        batch: so many calls are written together.
    """
    batches = list(choice.batches(batch))
    if jobs == 1 or len(batches) < 2:
        judge = tools.judge.pinned()
        for calls in batches:
            yield judge_again(tools, judge, calls)
        return
    context = multiprocessing.get_context("spawn")  # database connections do not survive a fork
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open, initargs=(tools.settings,)) as pool:
        yield from pool.map(_portion, batches)


def _open(settings: Settings) -> None:
    global _tools, _judge  # noqa: PLW0603 - the way to keep rules in a pool's process
    _tools = open_tools(settings)
    _judge = _tools.judge.pinned()


def _portion(calls: Sequence[int]) -> Portion:
    if _tools is None or _judge is None:
        raise RuntimeError("the process was not opened")
    return judge_again(_tools, _judge, calls)
