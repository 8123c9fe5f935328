import pytest

from pipeline.kept import Kept
from store.errors import EngineError


class Times:
    """Calls that come later when the test says so."""

    def __init__(self):
        self.running = []

    def __call__(self, seconds, call):
        return Run(self, seconds, call)

    def pass_by(self):
        for run in list(self.running):
            run.cancel()
            run.call()


class Run:
    daemon = False

    def __init__(self, times, seconds, call):
        self.times, self.seconds, self.call = times, seconds, call

    def start(self):
        self.times.running.append(self)

    def cancel(self):
        self.times.running = [run for run in self.times.running if run is not self]


@pytest.fixture
def times():
    return Times()


def test_a_thing_is_opened_once_while_it_is_needed(times):
    opened = []
    kept = Kept(lambda: opened.append(1) or object(), 60.0, times)
    assert kept() is kept()
    assert opened == [1]
    assert [(run.seconds, run.daemon) for run in times.running] == [(60.0, True)]


def test_after_idle_time_it_is_let_go_and_opened_again_when_needed(times):
    kept = Kept(object, 60.0, times)
    first = kept()
    times.pass_by()
    assert kept() is not first


def test_it_is_opened_at_the_next_call_when_it_could_not_be(times):
    tries = []

    def open_it():
        tries.append(1)
        if len(tries) == 1:
            raise EngineError("no such model", code="model.missing")
        return "engine"

    kept = Kept(open_it, 60.0, times)
    with pytest.raises(EngineError, match="no such model"):
        kept()
    assert (kept(), len(times.running)) == ("engine", 1)
