"""The description of the API as a file that is checked in."""

import json

from api.http.app import create_app
from store.settings import Settings


def description() -> str:
    """The OpenAPI document, the same wherever it is made; without the version of the program."""
    spec = create_app(Settings(database_url="sqlite://", api_token=None)).openapi()
    spec["info"]["version"] = "v1"
    return json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
