"""A thousand broken files: every record is read, or refused with a code that the documentation explains."""

import io
import json
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from ingest.formats.registry import FORMATS, make_options
from ingest.formats.types import Described, Unreadable
from ingest.metadata import parse_call_record
from store.errors import BadInputError

UUID = "0b8b2a4e-1c1f-4c63-9c57-5ad1a0f3a001"
CODES = set(
    re.findall(r"^\| `([a-z_.]+)`", (Path(__file__).parents[3] / "docs/errors.md").read_text("utf-8"), re.M)
)
LIST = (
    "编号,时间,号码,金额\nT1,2026-03-05 10:12:00,13800138000,1260.00\n"
    "T2,2026-03-06 11:00:00,+8613800138001,0\n"
)
COLUMNS = {"external_id": "编号", "started_at": "时间", "customer.number": "号码", "case.amount_due": "金额"}


def sheet() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for line in LIST.splitlines():
        book.active.append(line.split(","))
    book.save(content)
    return content.getvalue()


CDR = (
    '"","1001","13800138000","ctx","""x"" <1>","SIP/1001-1","","Dial","x","2026-03-05 02:12:00",'
    '"2026-03-05 02:12:00","2026-03-05 02:12:40",40,31,"ANSWERED","DOCUMENTATION","1772676720.{0}",'
    '"","","1772676720.{0}",{0}\n'
)
VCON = {
    "uuid": UUID,
    "parties": [{"tel": "+8613800138000", "role": "customer"}, {"name": "x", "role": "agent"}],
    "dialog": [
        {
            "type": "recording",
            "start": "2026-03-05T10:12:00Z",
            "parties": [0, [1]],
            "body": "UklGRg",
            "encoding": "base64url",
        }
    ],
}
FREESWITCH = {
    "variables": {"uuid": UUID, "start_uepoch": "1772676720006702", "billsec": "3"},
    "callflow": [{"times": {"a": "1"}}],
}
STAMPED = '"x","1001","13800138000","c","2026-03-05 10:12:00","","","4","3","X","{0}","","","P","P"\n'
XML = "<cdr><variables><uuid>{0}</uuid><start_epoch>1772676720</start_epoch></variables></cdr>"
VICIDIAL = (
    "9123,SIP,10.0.0.2,8,2026-03-05 10:12:00,1772723520,,1772723640,120,2,"
    "20260305-101200_2125550123,http://h/a.mp3,7,6,V3\n"
)
SEEDS = {
    "asterisk-csv": "".join(CDR.format(n) for n in range(5)).encode(),
    "freeswitch-csv": STAMPED.format(UUID).encode() * 3,
    "freeswitch-json": json.dumps(FREESWITCH).encode(),
    "freeswitch-xml": XML.format(UUID).encode(),
    "vicidial-csv": VICIDIAL.encode() * 3,
    "csv-index": LIST.encode("gb18030"),
    "excel-index": sheet(),
    "vcon": json.dumps(VCON, ensure_ascii=False).encode(),
}
OPTIONS = {"csv-index": {"columns": COLUMNS}, "excel-index": {"columns": COLUMNS}}
TOKENS = [
    *(
        b"\0",
        b"\xff\xfe",
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r",
        b"{",
        b"}" * 9,
        b"[" * 200,
        b"null",
        b"NaN",
        b"1e999",
        b"-1",
    ),
    *(
        b"=cmd|x",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
        b"<a>" * 90,
        b"</cdr>",
        b"%00",
        b"\\ud800",
        b"\xed\xa0\x80",
    ),
    *(
        b"9" * 400,
        b"x" * 3000,
        b"../../etc/passwd",
        b"true",
        b"\xef\xbb\xbf",
        "李".encode("gb18030"),
        b"2026-02-30 25:61:00",
    ),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with a few things broken; of a workbook mostly a part, so that the archive stays whole."""
    if not content.startswith(b"PK") or chance.random() < 0.3:
        return broken(content, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        chosen = chance.choice(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", *source.namelist()])
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, broken(part, chance) if name == chosen else part)
    return out.getvalue()


def broken(content: bytes, chance: random.Random) -> bytes:
    text = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(text) + 1), chance.choice((0, 1, 3, 20, 200))
        match chance.randrange(5):
            case 0:
                text[at : at + length] = chance.choice(TOKENS)
            case 1:
                del text[at : at + length]
            case 2:
                text[at:at] = text[max(0, at - length) : at] * chance.randint(1, 3)
            case 3:
                text[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                del text[at:]
                text += chance.choice(TOKENS)
    return bytes(text)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_broken_file_is_read_or_refused(name):
    assert set(SEEDS) == set(FORMATS) - {"file-name"}
    chance = random.Random(f"{name} 20260305")
    chosen = FORMATS[name]
    options = make_options(chosen, {"source": "fuzz", "zone": "Asia/Shanghai", **OPTIONS.get(name, {})}, name)
    outcomes: Counter[str] = Counter()
    for number in range(125):
        content = mutated(SEEDS[name], chance) if number else SEEDS[name]
        for each in chosen.read(io.BytesIO(content), f"{number}.bin", options):
            outcomes[outcome(each)] += 1
    assert outcomes["read"] > 2
    assert len(outcomes) >= 2
    assert set(outcomes) - {"read"} <= CODES


def outcome(each: Described | Unreadable) -> str:
    assert each.where
    if isinstance(each, Unreadable):
        assert isinstance(each.error, BadInputError)
        assert each.error.mend
        return each.error.code
    try:
        record = parse_call_record(each.document, each.where)
    except BadInputError as error:
        return error.code
    json.dumps(record.to_document()).encode()
    assert (record.started_at is None) == (record.time_problem is not None)
    return "read"
