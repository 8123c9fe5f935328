import io
import struct
import zipfile

import openpyxl
import pytest

from ingest.formats.types import Unreadable
from ingest.formats.workbook import read_sheet


def workbook(rows=(("a", "b"), (1, None))):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten(change):
    """A workbook whose parts went through `change(name, content)`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            target.writestr(part.filename, change(part.filename, source.read(part)))
    return out.getvalue()


def code(content):
    found = list(read_sheet(io.BytesIO(content), "a.xlsx"))
    assert isinstance(found[-1], Unreadable)
    return found[-1].error.code


def test_rows_are_as_wide_as_the_first():
    rows = list(read_sheet(io.BytesIO(workbook([("a", "b"), (1,), (None, None), (1, 2, 3)])), "a.xlsx"))
    assert rows == [
        ("a.xlsx sheet Sheet row 1", ["a", "b"]),
        ("a.xlsx sheet Sheet row 2", [1, None]),
        ("a.xlsx sheet Sheet row 4", [1, 2, 3]),
    ]


def test_a_formula_is_not_computed():
    rows = list(read_sheet(io.BytesIO(workbook([("a",), ('=HYPERLINK("http://x")',)])), "a.xlsx"))
    assert [cells for _, cells in rows] == [["a"]]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = b"<worksheet>" + b" " * (40 * 1024 * 1024)
    assert code(rewritten(lambda name, old: bomb if "sheet1" in name else old)) == "format.too_long"


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says():
    big = b'<?xml version="1.0"?><worksheet>' + b" " * 1_000_000
    content = bytearray(rewritten(lambda name, old: big if "sheet1" in name else old))
    size = struct.pack("<I", len(big))
    assert content.count(size) == 2  # in the local and the central header
    lie = bytes(content).replace(size, struct.pack("<I", 100))
    assert code(lie) == "format.unreadable"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_are_refused(part):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert code(rewritten(lambda name, old: laughs if name == part else old)) == "format.unsafe"


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip", workbook()[:-40], workbook()[40:]])
def test_what_is_no_workbook(content):
    assert code(content) == "format.unreadable"


def test_a_zip_without_a_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert code(out.getvalue()) == "format.unreadable"
