import io
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.database import make_engine
from store.errors import BadInputError
from store.log_safety import describe_exception, mask
from store.logging import configure_logging, get_logger

NAME = "李建国"  # not in the line that raises, which a traceback shows


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("拨打13800138000失败", "拨打***********失败"),
        ("rec_+8613800138000.wav", "rec_**************.wav"),
        ("010-6655 4433", "*************"),
        ("id 11010119900307123X.", "id ******************."),
        ("took 123456 ms at 2026-03-05 10:12", "took 123456 ms at 2026-03-05 10:12"),
        ("sha 9f86d081884c7d659a2feaa0c55ad015", "sha 9f86d081884c7d659a2feaa0c55ad015"),
    ],
)
def test_numbers_are_hidden(said: str, written: str):
    assert mask(said) == written


def _raised(error: Exception, cause: Exception | None = None) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


def test_words_of_an_exception_are_written_only_where_they_cannot_quote():
    cause = _raised(OSError(28, "No space left on device", "/data/13800138000.wav"))
    error = _raised(ValueError("李建国"), cause)
    told = describe_exception((type(error), error, error.__traceback__))
    lines = told.splitlines()
    assert lines[-1] == "ValueError"
    assert "OSError: [Errno 28] No space left on device: '/data/***********.wav'" in lines
    assert "test_log_safety.py" in told
    ours = _raised(BadInputError("李建国 is no number", code="metadata.bad_number"))
    assert describe_exception((type(ours), ours, ours.__traceback__)).endswith(
        "BadInputError [metadata.bad_number]"
    )


@pytest.mark.parametrize("as_json", [True, False])
def test_neither_statements_nor_libraries_write_values(as_json: bool, restored_logging: None):
    stream = io.StringIO()
    configure_logging("debug", json=as_json, stream=stream)
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE person (name TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": NAME})
        assert connection.execute(text("SELECT name FROM person")).scalar_one() == NAME
        try:
            connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": NAME})
        except IntegrityError:
            get_logger("pipeline.test").exception(
                "not written", number="13800138000", parts=["+8613800138000"]
            )
    engine.dispose()
    logging.getLogger("httpx").info("POST https://example.org/?name=" + NAME)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s raised: %(exc)s", {"name": "call.hear", "exc": repr(NAME)}
    )
    written = stream.getvalue()
    assert "IntegrityError" in written
    assert "Task call.hear raised: " in written
    for personal in (NAME, "13800138000", "8613800138000"):
        assert personal not in written
    if as_json:
        assert [json.loads(line)["level"] for line in written.splitlines()] == ["error", "error"]
