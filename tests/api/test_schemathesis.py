"""The whole API keeps what its description promises, whatever it is asked: no 5xx, no answer that the
description does not know. `make api-fuzz` asks for more of everything."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from unittest import SkipTest

import hypothesis
import pytest
import schemathesis
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import AcceptedNegativeData
from schemathesis.specs.openapi.schemas import OpenApiSchema

from api.http.app import create_app
from store.database import transaction
from store.people import ROLES, Person, add_person, new_token
from store.settings import Settings
from tests.api.conftest import World
from tests.api.http_client import API, TOKEN

EXAMPLES: Final = int(os.environ.get("API_FUZZ_EXAMPLES", "4"))
DEEP: Final = EXAMPLES > 4
# An answer without an end.
ENDLESS: Final = frozenset({f"{API}/events"})
# What fits the description may still be refused: a case that is closed, a search without a word in it.
# A recording that another machine does not give now is answered so (503); where the description does not say
# it, another check fails.
CHECKS: Final = {
    "positive_data_acceptance": {"enabled": False},
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 503]},
}
# How long an answer takes says nothing on a busy machine: the first one of the rules compiles them all.
CONFIG: Final = SchemathesisConfig.from_dict({"checks": CHECKS, "request-timeout": 120})
# Tests run beside each other: each takes every fourth operation.
SHARES: Final = 4


@dataclass(frozen=True)
class Described:
    """The description of a running application, and who asks."""

    schema: OpenApiSchema
    headers: dict[str, str]


@pytest.fixture(scope="session")
def described(sqlite_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """The description of an application over a copy of the installation, for a person who may do all."""
    load_all_checks()
    place = tmp_path_factory.mktemp("schemathesis") / "diting.db"
    source = sqlite_world.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(place)) as new:
        old.backup(new)
    changed = {"database_url": f"sqlite:///{place}", "api_token": TOKEN}
    app = create_app(
        Settings(**{**sqlite_world.settings.model_dump(), **changed}), clock=sqlite_world.tools.clock
    )
    with transaction(app.state.sessions) as session:
        add_person(session, sqlite_world.tools.clock, Person("fuzz", "Fuzz", ROLES))
        token = new_token(session, sqlite_world.tools.clock, "fuzz")
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, config=CONFIG)
    yield Described(schema, headers)
    app.state.engine.dispose()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_breaks_the_promises_of_the_description(described: Described, share: int) -> None:
    operations = [each.ok() for each in described.schema.get_all_operations()]
    broken = [
        f"{operation.label} {mode.value}: {failure}"
        for operation in sorted(operations, key=lambda each: each.label)[share::SHARES]
        if operation.path not in ENDLESS
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for failure in failures(described, operation, mode)
    ]
    assert not broken, "\n\n".join(broken)


def failures(described: Described, operation: APIOperation, mode: GenerationMode) -> list[str]:
    """What goes wrong when an operation is asked for what fits its description, or for what does not."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=not DEEP,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=described.headers)

    try:
        ask()
    except (Unsatisfiable, SkipTest):  # there is nothing in it that could be wrong
        return []
    except FailureGroup as group:  # the next operation is of interest, too
        return [str(each) for each in group.exceptions if not _reads_as_text(operation, each)]
    except Failure as failure:
        return [str(failure)]
    return []


def _reads_as_text(operation: APIOperation, failure: Exception) -> bool:
    """Whether it is only that a list or object was written into an address, where it reads as a text."""
    return operation.method.upper() == "GET" and isinstance(failure, AcceptedNegativeData)
