import io
import json
import logging
from collections.abc import Iterator

import pytest

from store.logging import bound, configure_logging, get_logger


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_production_lines_are_json_with_the_call():
    stream = io.StringIO()
    configure_logging("info", json=True, stream=stream)
    with bound(call="recorder/H1", stage="transcribe"):
        get_logger("ingest.test").info("taken in", seconds=3)
    get_logger("ingest.test").info("afterwards")
    first, second = _lines(stream)
    assert {k: first[k] for k in ("event", "level", "logger", "call", "stage", "seconds")} == {
        "event": "taken in",
        "level": "info",
        "logger": "ingest.test",
        "call": "recorder/H1",
        "stage": "transcribe",
        "seconds": 3,
    }
    assert "call" not in second


def test_lines_of_other_libraries_carry_the_call_too():
    stream = io.StringIO()
    configure_logging("warning", json=True, stream=stream)
    with bound(call=17):
        logging.getLogger("some.library").warning("slow %s", "disk")
        logging.getLogger("some.library").info("not written")
    (line,) = _lines(stream)
    assert (line["event"], line["call"], line["logger"]) == ("slow disk", 17, "some.library")


def test_an_exception_stays_on_one_line():
    stream = io.StringIO()
    configure_logging(json=True, stream=stream)
    try:
        int("坏")
    except ValueError:
        get_logger("x").exception("failed")
    (line,) = _lines(stream)
    assert "ValueError: invalid literal for int() with base 10: '坏'" in str(line["exception"])


def test_development_lines_are_readable():
    stream = io.StringIO()
    configure_logging("info", stream=stream)
    get_logger("x").info("taken in", call="H1")
    assert "taken in" in stream.getvalue()
    assert "call=H1" in stream.getvalue()


def test_setting_up_twice_does_not_double_lines():
    stream = io.StringIO()
    configure_logging(json=True, stream=stream)
    configure_logging(json=True, stream=stream)
    get_logger("x").info("once")
    assert len(_lines(stream)) == 1
