from datetime import UTC, datetime, timedelta

import pytest

from pipeline import states
from pipeline.states import GiveUp, Retry, after_failure, after_lost_worker, describe, stage_of, state_after
from store.errors import AudioError, EngineError, IntegrityError, RuleError

NOW = datetime(2026, 3, 5, 2, 12, tzinfo=UTC)


def test_every_stage_leads_from_one_state_to_the_next() -> None:
    way = [(states.state_before(stage), stage, state_after(stage)) for stage in states.STAGES]

    assert way == [
        ("received", "transcribe", "transcribed"),
        ("transcribed", "hear", "heard"),
        ("heard", "inspect", "inspected"),
        ("inspected", "assess", "assessed"),
    ]


@pytest.mark.parametrize("state", states.FINAL_STATES)
def test_final_states_wait_for_nothing(state: states.State) -> None:
    assert stage_of(state) is None


def test_call_with_reasons_ends_unjudged_never_assessed() -> None:
    assert state_after("assess", ("time.missing: …",)) == "unjudged"
    assert state_after("inspect", ("time.missing: …",)) == "inspected"


@pytest.mark.parametrize(("attempts", "wait"), [(1, 10), (2, 20), (3, 40), (8, 900)])
def test_failure_is_retried_later_and_later(attempts: int, wait: int) -> None:
    outcome = after_failure(
        EngineError("busy", code="engine.busy"), attempts=attempts, attempts_max=9, backoff_s=10, now=NOW
    )

    assert outcome == Retry(at=NOW + timedelta(seconds=wait))


def test_last_attempt_gives_up() -> None:
    assert after_failure(OSError("disk"), attempts=3, attempts_max=3, backoff_s=10, now=NOW) == GiveUp()


@pytest.mark.parametrize(
    "error", [AudioError("no bytes", code="audio.empty"), IntegrityError("rot", code="recording.damaged")]
)
def test_input_that_cannot_improve_gives_up_at_once(error: Exception) -> None:
    assert after_failure(error, attempts=1, attempts_max=3, backoff_s=10, now=NOW) == GiveUp()


def test_broken_rule_file_is_no_fault_of_the_call() -> None:
    error = RuleError("bad", code="rule.invalid")

    assert after_failure(error, attempts=1, attempts_max=3, backoff_s=10, now=NOW) == Retry(
        at=NOW + timedelta(seconds=10)
    )


def test_lost_worker_is_replaced_at_once_until_attempts_run_out() -> None:
    assert after_lost_worker(attempts=2, attempts_max=3, interruptions=0, now=NOW) == Retry(at=NOW)
    assert after_lost_worker(attempts=3, attempts_max=3, interruptions=0, now=NOW) == GiveUp()


def test_call_that_takes_the_machine_down_is_given_up_in_the_end() -> None:
    almost = states.INTERRUPTIONS_MAX - 1

    assert after_lost_worker(attempts=0, attempts_max=3, interruptions=almost, now=NOW) == Retry(at=NOW)
    assert after_lost_worker(attempts=0, attempts_max=3, interruptions=almost + 1, now=NOW) == GiveUp()


def test_own_error_is_described_by_its_code_and_place() -> None:
    error = AudioError("it holds no bytes", code="audio.empty", where="a.wav", mend="Send it again.")

    assert describe(error) == ("audio.empty", "a.wav: it holds no bytes. Send it again. [audio.empty]")


def test_foreign_error_is_described_in_one_short_line() -> None:
    code, message = describe(ValueError("first\nsecond " + "x" * 900))

    assert code == "stage.unexpected"
    assert message.startswith("ValueError: first second xxx")
    assert len(message) == 500
