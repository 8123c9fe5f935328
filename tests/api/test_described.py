"""Bodies that are described by a model and checked elsewhere."""

from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.http.described import Described


class Document(BaseModel):
    who: str
    what: int


def test_the_model_is_described_and_nothing_checked_by_it() -> None:
    app = FastAPI()

    @app.post("/take")
    def take(document: Annotated[dict[str, Any], Described(Document, "who"), Body()]) -> dict[str, Any]:
        return document

    body = app.openapi()["paths"]["/take"]["post"]["requestBody"]
    shown = body["content"]["application/json"]["schema"]
    assert (set(shown["properties"]), shown["required"]) == ({"who", "what"}, ["what"])
    assert Document.model_json_schema()["required"] == ["who", "what"]
    assert TestClient(app).post("/take", json={"other": True}).json() == {"other": True}
