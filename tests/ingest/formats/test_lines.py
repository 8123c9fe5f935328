import io
import resource

import pytest

from ingest.formats.lines import LONGEST_LINE, Row, decode, read_rows
from ingest.formats.types import Unreadable


def rows(content: bytes, **options):
    return list(read_rows(io.BytesIO(content), "a.csv", **options))


def cells(content: bytes, **options):
    return [each.cells if isinstance(each, Row) else each.error.code for each in rows(content, **options)]


def test_rows_know_their_lines():
    assert rows(b'a,b\n\n"x ""y""\nz",2\r\nlast,3') == [
        Row("a.csv line 1", ["a", "b"]),
        Row("a.csv line 3", ['x "y"\nz', "2"]),
        Row("a.csv line 5", ["last", "3"]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(encoding):
    assert cells("编号,姓名\n1,李建国\n".encode(encoding)) == [["编号", "姓名"], ["1", "李建国"]]


def test_a_stray_byte_in_utf_8_changes_no_other_letter():
    assert cells("李,1\n".encode() + b"caf\xe9,2\n") == [["李", "1"], ["caf\ufffd", "2"]]


def test_a_file_of_a_stated_encoding_is_not_guessed():
    assert cells("李,1\n".encode("gb18030"), encoding="utf-8") == ["format.encoding"]


def test_utf_16_and_nul_bytes_are_refused():
    assert cells("a,b\n".encode("utf-16")) == ["format.encoding"]
    assert cells(b"a\0b,1\nc,2\n") == ["format.unreadable", ["c", "2"]]


def test_a_quote_that_nothing_ends_costs_one_row():
    content = b'1,"lost\n' + b"".join(b"%d,x\n" % n for n in range(2, 200))
    found = cells(content)
    assert found[0] == "format.unreadable"
    assert found[1:] == [[str(n), "x"] for n in range(2, 200)]


def test_a_line_without_end_is_skipped_in_little_memory():
    class Endless(io.RawIOBase):
        """A line of 256 MiB, then a good one."""

        left = 256 * 1024 * 1024

        def readable(self):
            return True

        def readinto(self, buffer):
            if self.left > 0:
                count = min(len(buffer), self.left)
                buffer[:count] = b"9" * count
                self.left -= count
                return count
            tail = b"\na,b\n"[-self.left :]
            count = min(len(buffer), len(tail))
            buffer[:count] = tail[:count]
            self.left -= count
            return count

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(read_rows(io.BufferedReader(Endless()), "big.csv"))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert isinstance(found[0], Unreadable)
    assert (found[0].where, found[0].error.code) == ("big.csv line 1", "format.too_long")
    assert found[1] == Row("big.csv line 2", ["a", "b"])
    assert grown < 32  # MiB


def test_more_columns_than_can_be_right():
    assert cells(b"," * 2000) == ["format.columns"]


def test_a_cell_longer_than_can_be_right():
    assert cells(b"x" * (LONGEST_LINE - 10)) == ["format.too_long"]


def test_whole_texts_are_decoded_alike():
    assert [decode("李".encode(e)) for e in ("utf-8", "utf-8-sig", "gb18030")] == ["李"] * 3
    assert decode(b"\xff\xff") is None
