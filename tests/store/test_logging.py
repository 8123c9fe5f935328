import io
import json
import logging

import pytest

from store.logging import bound, configure_logging, get_logger

pytestmark = pytest.mark.usefixtures("restored_logging")


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


def test_libraries_do_not_say_at_lower_levels_what_they_handle():
    stream = io.StringIO()
    configure_logging("debug", json=True, stream=stream)
    logging.getLogger("some.library").info("row of somebody")
    logging.getLogger("celery.worker").info("ready")
    get_logger("pipeline.stages").debug("looked")
    assert [line["event"] for line in _lines(stream)] == ["ready", "looked"]


def test_an_exception_stays_on_one_line():
    stream = io.StringIO()
    configure_logging(json=True, stream=stream)
    try:
        int(chr(0x574F))
    except ValueError:
        get_logger("ingest.x").exception("failed")
    (line,) = _lines(stream)
    assert str(line["exception"]).endswith("\nValueError")
    assert "坏" not in str(line["exception"])


def test_development_lines_are_readable():
    stream = io.StringIO()
    configure_logging("info", stream=stream)
    get_logger("ingest.x").info("taken in", call="H1")
    assert "taken in" in stream.getvalue()
    assert "call=H1" in stream.getvalue()


def test_setting_up_twice_does_not_double_lines():
    stream = io.StringIO()
    configure_logging(json=True, stream=stream)
    configure_logging(json=True, stream=stream)
    get_logger("ingest.x").info("once")
    assert len(_lines(stream)) == 1
