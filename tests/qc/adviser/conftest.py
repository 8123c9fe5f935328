from collections.abc import Iterator

import pytest

from tests.http_server import Server, served


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running
