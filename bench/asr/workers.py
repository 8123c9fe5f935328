"""The bench's side of the workers: one process per engine, asked for one recording at a time."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.asr.recordings import Recording

ROOT = Path(__file__).parents[2]
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


class WorkerError(Exception):
    """A worker cannot be started, or has ended."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one setting wrote for one recording, per channel, and what it cost."""

    texts: tuple[str, str]
    cpu_s: float
    wall_s: float


class Worker:
    """An engine in a process of its own, with all of its settings loaded."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        environment = (
            os.environ
            | dict.fromkeys(_THREADS, "1")
            | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'warnings'}"}
        )
        self._log = log
        with log.open("ab") as stderr:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    cwd=ROOT,
                    env=environment,
                    encoding="utf-8",
                )
            except OSError as error:
                raise WorkerError(f"{error}; `make bench-asr` sets up what the workers need") from error
        try:
            hello = self._receive()
        except WorkerError:
            self.close()
            raise
        self.settings: tuple[str, ...] = tuple(hello["settings"])
        self.versions: Mapping[str, str] = hello["versions"]

    def hear(self, setting: str, recording: Recording) -> Heard:
        """Hear a recording in one of the worker's settings.

        Raises:
            WorkerError: the engine failed, or its process ended.
        """
        request = {"setting": setting, "audio": str(recording.audio), "record": str(recording.record)}
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._ended() from error
        answer = self._receive()
        if "error" in answer:
            raise WorkerError(f"{setting} on {recording.name}: {answer['error']}")
        first, second = answer["texts"]
        return Heard((first, second), answer["cpu_s"], answer["wall_s"])

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _ended(self) -> WorkerError:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return WorkerError(f"a worker ended: {lines[-1] if lines else 'it said nothing'} ({self._log})")

    def close(self) -> None:
        """End the process; what it was doing is lost."""
        with suppress(BrokenPipeError), self._process:  # closes the pipes, and waits
            self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
