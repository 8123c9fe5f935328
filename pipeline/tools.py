"""What the stages work with, opened once per process."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine as DatabaseEngine

from ingest.audio import AudioLimits
from pipeline.advising import adviser_from_settings
from pipeline.judging import Judge
from pipeline.kept import Kept
from pipeline.rulebook import ApprovedRulebook
from qc.adviser.server import ChatAdviser
from store.clock import Clock, SystemClock
from store.database import SessionFactory, make_engine, make_session_factory
from store.recordings import RecordingStore
from store.settings import Settings
from transcription.engines.engine import Engine
from transcription.engines.registry import engine_from_settings, second_engine_from_settings


def no_engine() -> Engine | None:
    """For those who have no second engine."""
    return None


@dataclass(frozen=True)
class Tools:
    """The database, the recordings, the clock, the speech engine and the rules of one process.

    `speech` opens the engine when it is needed and lets it go after idle time: a process that only judges
    never loads a model, and one that waits holds none. `second` does so with the engine that hears doubtful
    places again; None where only the first one does. `adviser` gives second opinions, where a site runs one.
    """

    settings: Settings
    database: DatabaseEngine
    sessions: SessionFactory
    recordings: RecordingStore
    clock: Clock
    judge: Judge
    speech: Callable[[], Engine]
    second: Callable[[], Engine | None] = no_engine
    adviser: ChatAdviser | None = None

    @property
    def limits(self) -> AudioLimits:
        """How long and how large a recording may be."""
        return audio_limits(self.settings)

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.dispose()


def open_tools(settings: Settings) -> Tools:
    """Open the tools that the settings name.

    Raises:
        SettingsError: a setting is unusable.
        RuleError: a rule file is wrong, or a site's pack was never approved; better to stop here than to
            fail every call.
    """
    database = make_engine(settings.database_url)
    sessions, clock = make_session_factory(database), SystemClock()
    judge = Judge(settings, rulebook=ApprovedRulebook(settings, sessions, clock))
    try:
        judge.load_defaults()
    except BaseException:
        database.dispose()
        raise
    return Tools(
        settings=settings,
        database=database,
        sessions=sessions,
        recordings=settings.recording_store(),
        clock=clock,
        judge=judge,
        speech=speech_opener(settings),
        second=second_opener(settings),
        adviser=adviser_from_settings(settings),
    )


def speech_opener(settings: Settings) -> Callable[[], Engine]:
    """Gives out the configured engine, loaded once until nobody has needed it for a while."""
    return Kept(lambda: engine_from_settings(settings), settings.engine_idle_seconds)


def second_opener(settings: Settings) -> Callable[[], Engine | None]:
    """The same with the engine for second hearings, where one is configured."""
    return Kept(lambda: second_engine_from_settings(settings), settings.engine_idle_seconds)


def audio_limits(settings: Settings) -> AudioLimits:
    """The limits for recordings that the settings name."""
    return AudioLimits(settings.max_recording_seconds, settings.max_recording_bytes)
