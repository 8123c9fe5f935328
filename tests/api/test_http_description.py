"""The description of the API is true."""

from pathlib import Path

from api.http import examples, schemas
from api.http.app import create_app
from api.http.description import description
from store.settings import Settings
from tests.api.http_client import API


def test_every_operation_is_described_with_summary_and_example(tmp_path):
    spec = create_app(Settings(data_dir=tmp_path)).openapi()
    assert spec["openapi"].startswith("3.1")
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            done = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
            if "content" not in done:
                continue  # it says all by its status
            answer = next(iter(done["content"].values()))
            schema = answer.get("schema", {})
            named = spec["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
            assert "example" in answer or named.get("examples"), path


def test_errors_and_the_token_are_described_as_they_are(tmp_path):
    spec = create_app(Settings(data_dir=tmp_path)).openapi()
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            is_api = path.startswith(API)
            needed = [] if operation["operationId"] in {"post_session", "post_setup"} else [{"token": []}]
            assert operation.get("security") == (needed if is_api else None), path
            if is_api:
                for status in ("401", "404", "422"):
                    assert list(operation["responses"][status]["content"]) == ["application/problem+json"], (
                        path
                    )


def test_examples_are_true_to_the_schemas(client):
    """What the description shows is what the models accept."""
    for model, example in (
        (schemas.CallOut, examples.CALL),
        (schemas.CallDetail, examples.CALL_DETAIL),
        (schemas.FindingOut, examples.FINDING),
        (schemas.TicketOut, examples.TICKET),
        (schemas.WarningOut, examples.WARNING),
        (schemas.Health, examples.HEALTH),
    ):
        assert model.model_validate(example).model_dump(mode="json") == example, model


def test_the_file_is_the_description():
    """Else: `python scripts/write_openapi.py`."""
    file = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert file.read_text(encoding="utf-8") == description()


def test_operations_are_named_after_their_addresses(tmp_path):
    spec = create_app(Settings(data_dir=tmp_path)).openapi()
    named = [operation["operationId"] for methods in spec["paths"].values() for operation in methods.values()]
    assert len(set(named)) == len(named)
    assert {"get_calls_by_call_id_audio", "get_ledger_export_csv", "head_uploads_by_upload_id"} <= set(named)


def test_no_two_shapes_have_one_name(tmp_path):
    """Else both are called by their modules, and whoever uses the file finds neither."""
    shapes = create_app(Settings(data_dir=tmp_path)).openapi()["components"]["schemas"]
    assert [name for name in shapes if "__" in name] == []
