"""Bodies that a layer below checks, in its own words and with its own codes, and that the description of the
API tells of all the same."""

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Described:
    """Says in the description that a body is a document of this model; nothing is checked by it.

    Args:
        model: the document.
        filled_in: fields that the route fills in where they are not given.
    """

    def __init__(self, model: type[BaseModel], *filled_in: str) -> None:
        self._model = model
        self._filled_in = frozenset(filled_in)

    def __get_pydantic_json_schema__(
        self, _given: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema of the model in place of the one that is checked."""
        schema = handler(self._model.__pydantic_core_schema__)
        whole = handler.resolve_ref_schema(schema)
        whole["required"] = [name for name in whole.get("required", ()) if name not in self._filled_in]
        return schema
