"""The variables in an xml_cdr document, read as they stream by: no tree, no entities, no document type."""

from typing import BinaryIO, Final
from urllib.parse import unquote_plus
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from ingest.formats.documents import read_whole
from ingest.formats.refusals import refusal

_DEEPEST: Final = 64
_MOST_VARIABLES: Final = 5_000


class _Collector:
    """Takes the text of `cdr/variables/NAME`, of `times`, and of the first caller profile."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise ValueError("the elements are nested too deeply")
        self._path.append(tag)
        self._text = []
        if tag == "application" and attributes.get("app_name") == "record_session":
            path = unquote_plus(attributes.get("app_data", "")).rpartition("}")[2].strip()
            self._keep("record_path", path)

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        text = unquote_plus("".join(self._text)).strip()
        self._text = []
        self._path.pop()
        if self._path == ["cdr", "variables"]:
            self._keep(tag, text)
        elif self._path[-1:] == ["times"]:
            self._keep(f"times.{tag}", text)
        elif self._path[-1:] == ["caller_profile"] and tag in ("caller_id_number", "destination_number"):
            self._keep(tag, text)

    def close(self) -> dict[str, str]:
        return self.variables

    def _keep(self, name: str, text: str) -> None:
        """The first of a name counts. Whoever writes thousands of variables writes no call."""
        if text and name not in self.variables:
            if len(self.variables) >= _MOST_VARIABLES:
                raise ValueError("there are too many variables")
            self.variables[name] = text


def parse_xml(stream: BinaryIO, where: str) -> dict[str, str]:
    """The variables of one xml_cdr document.

    Raises:
        BadInputError: `format.too_long`, `format.unsafe` (a document type, entities), `format.unreadable`,
            `format.missing`.
    """
    content = read_whole(stream, where)
    parser = DefusedXMLParser(target=_Collector(), forbid_dtd=True)
    try:
        parser.feed(content)
        variables: dict[str, str] = parser.close()
    except DefusedXmlException:
        problem = "the document declares a type or entities, which no record of a call does"
        raise refusal("format.unsafe", problem, where) from None
    except ParseError as error:
        line, column = error.position
        place = f"{where} line {line} column {column}"
        raise refusal("format.unreadable", "the file is not well-formed XML", place) from None
    except (ValueError, LookupError) as error:  # nested too deeply, or an encoding nobody knows
        raise refusal(
            "format.unreadable", str(error) or "the file is not XML that can be read", where
        ) from None
    if not variables:
        raise refusal("format.missing", "this is no xml_cdr: it has no variables", where)
    return variables
