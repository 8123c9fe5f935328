"""When a call is heard a second time, and by whom: the same for calls from files and from the database."""

from collections.abc import Callable

from ingest.audio import Audio
from ingest.metadata import CallRecord
from pipeline.judging import Judge
from qc.call import GIVEN
from transcription.engines.engine import Engine
from transcription.questions import Answer
from transcription.second_hearing import hear_again
from transcription.types import Transcript
from transcription.voice.hear import Heard

Progress = Callable[[float], None]


def hear_doubtful_again(
    judge: Judge,
    record: CallRecord,
    transcript: Transcript,
    heard: Heard,
    audio: Audio,
    *,
    speech: Callable[[], Engine],
    second: Callable[[], Engine | None],
    progress: Progress | None = None,
) -> tuple[Answer, ...]:
    """Hear the severe findings with weak evidence again, at most as many as the settings allow.

    The engines are opened only when there is something to hear. A given transcript is taken as said.

    Raises:
        EngineError: an engine cannot be opened, or cannot hear now.
        RuleError: a rule file is wrong.
    """
    if transcript.engine == GIVEN:
        return ()
    asked = judge.questions(record, transcript, heard.cues, heard.voice)
    if not asked:
        return ()
    return hear_again(audio, transcript, asked, speech(), second(), progress=progress)
