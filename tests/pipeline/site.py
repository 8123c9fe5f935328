"""An installation in a temporary folder, run as real processes from outside."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import soundfile

from ingest.audio import decode
from pipeline.snapshot import Snapshot, snapshot
from store.database import make_engine, make_session_factory, reading
from store.settings import Settings

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
SAMPLES = ROOT / "samples" / "calls"
CLIP_S = 8


def install_scripted_engine(folder: Path) -> None:
    """Make a folder for the Python path in which the scripted engine looks like an installed package."""
    info = folder / "scripted_engine-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scripted-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[diting.engines]\nscripted = scripted_engine:make\n")


def load_program(name: str) -> ModuleType:
    """One of the programs beside the tests, as a module."""
    spec = importlib.util.spec_from_file_location(name, PROGRAMS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_calls(folder: Path, names: list[str]) -> None:
    """Short clips of sample calls, with the metadata that belongs to them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        audio = decode(SAMPLES / f"{name}.opus")
        samples = audio.sound.part(0, CLIP_S).T
        soundfile.write(folder / f"{name}.wav", samples, audio.rate, subtype="PCM_16")
        record = json.loads((SAMPLES / f"{name}.call.json").read_text("utf-8"))
        record.get("recording", {}).pop("file", None)
        (folder / f"{name}.call.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")


class Site:
    """A database, recordings and an environment of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        install_scripted_engine(folder / "packages")
        path = [ROOT, ROOT / "warnings", PROGRAMS, folder / "packages"]
        given = {"data_dir": str(folder / "var"), "engine": "scripted", "workers": "2"} | settings
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "OMP_NUM_THREADS": "1",
            **{f"DITING_{name.upper()}": value for name, value in given.items()},
        }
        self.settings = Settings(**given)

    def start(self, *command: str | Path, more: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        """Start a Python program in a process group of its own; its output goes to `log`."""
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, *map(str, command)],
                env={**self.environment, **(more or {})},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def wait_until(self, process: "subprocess.Popen[str]", happened: Callable[[], bool]) -> None:
        """Wait for something to happen while the process lives, at most five minutes."""
        for _ in range(1500):
            if happened():
                return
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the process ended: {self.log()}")
        raise AssertionError(f"it did not happen: {self.log()}")

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def snapshot(self) -> Snapshot:
        engine = make_engine(self.settings.database_url)
        try:
            with reading(make_session_factory(engine)) as session:
                return snapshot(session)
        finally:
            engine.dispose()


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def kill(pid: int) -> None:
    """SIGKILL, if the process is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
