"""Shows how the embedded runner comes along."""

from collections.abc import Mapping

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from api import words
from api.words import Lang, Words
from pipeline.events import Event, StageEnded, StageProgress, StageStarted, WorkerLost
from pipeline.states import FINAL_STATES, STAGES, Stage

STAGE_WORDS: Mapping[Stage, Words] = {
    "transcribe": Words("转写", "transcribing"),
    "hear": Words("听音", "hearing"),
    "inspect": Words("质检", "inspecting"),
    "assess": Words("评估", "assessing"),
}


class RunDisplay:
    """A bar over all calls and a line for each call in hand; where nobody watches, a plain line for each
    call that is done.

    Args:
        console: where to show it.
        names: what to call the calls, by id.
        total: how many calls are to be worked on.
        lang: the language shown.
    """

    def __init__(self, console: Console, names: Mapping[int, str], total: int, lang: Lang) -> None:
        self._console, self._names, self._lang = console, names, lang
        self._total, self._done = total, 0
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._all = self._progress.add_task(Words("通话", "calls").say(lang), total=total)
        self._lines: dict[int, TaskID] = {}

    def __enter__(self) -> "RunDisplay":
        """Starts to draw."""
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Takes the drawing away."""
        self._progress.stop()

    def hear(self, event: Event) -> None:
        """Takes in one event of the runner."""
        if isinstance(event, StageStarted | StageProgress):
            share = event.share if isinstance(event, StageProgress) else 0.0
            self._move(event.call_id, event.stage, share)
        elif isinstance(event, StageEnded):
            self._move(event.call_id, event.stage, 1.0)
            if event.state in FINAL_STATES:
                self._finish(event)
        elif isinstance(event, WorkerLost):
            self._console.print(f"worker {event.pid} died; another one takes its place", markup=False)

    def _move(self, call_id: int, stage: Stage, share: float) -> None:
        if call_id not in self._lines:
            self._lines[call_id] = self._progress.add_task("", total=len(STAGES))
        name = self._names.get(call_id, str(call_id))
        self._progress.update(
            self._lines[call_id],
            description=f"{name} {STAGE_WORDS[stage].say(self._lang)}",
            completed=STAGES.index(stage) + share,
        )

    def _finish(self, event: StageEnded) -> None:
        self._done += 1
        self._progress.remove_task(self._lines.pop(event.call_id))
        self._progress.update(self._all, completed=self._done)
        if not self._console.is_terminal:
            state = words.named(words.STATUSES, event.state).say(self._lang)
            name = self._names.get(event.call_id, str(event.call_id))
            self._console.print(f"[{self._done}/{self._total}] {name} {state}", markup=False)
