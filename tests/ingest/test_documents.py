"""The pages about input and its errors agree with the code."""

import json
import re
from pathlib import Path

import pytest

from ingest.intake import AUDIO_SUFFIXES
from ingest.metadata import parse_call_record
from ingest.record import AgreedTime, Case, EarlierCall

ROOT = Path(__file__).parents[2]
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
ERRORS = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(re.findall(r"```json\n(.*?)```", FORMATS, re.DOTALL)[0])


def _raised_codes(folder: str) -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")]
    codes = {code for text in sources for code in re.findall(r'"([a-z]+\.[a-z_]+)"', text)}
    families = ("audio.", "format.", "ingest.", "metadata.", "push.", "recording.", "settings.")
    families += ("source.", "sources.", "time.", "upload.")
    short = {f"audio.{name}" for text in sources for name in re.findall(r'_error\(\s*"([a-z_]+)"', text)}
    return {code for code in codes if code.startswith(families)} - {
        "audio.url",
        "recording.refused",
        "recording.channels",
        "source.failed",  # the name of a log line
        "recording.played",  # what the audit log says
    } | short


@pytest.mark.parametrize("folder", ["store", "ingest"])
def test_every_code_is_documented(folder: str):
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", ERRORS, re.MULTILINE))
    raised = _raised_codes(folder)
    assert len(raised) > 5
    assert raised - documented == set()


def test_no_page_explains_a_code_that_is_gone():
    sections = re.findall(r"^## (Store|Ingest)\n(.*?)(?=^## )", ERRORS, re.MULTILINE | re.DOTALL)
    documented = {
        code for _, text in sections for code in re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    }
    # What is pushed is refused where it arrives.
    raised = _raised_codes("store") | _raised_codes("ingest")
    raised |= _raised_codes("pipeline") | _raised_codes("api")
    assert documented - raised == set()


def test_the_example_is_a_whole_record():
    record = parse_call_record(EXAMPLE, "formats.md")
    assert record.to_document() == EXAMPLE
    assert set(EXAMPLE["case"]) == set(Case.model_fields)
    assert set(EXAMPLE["case"]["agreed_times"][0]) == {
        f.alias or n for n, f in AgreedTime.model_fields.items()
    }


def test_every_field_of_an_earlier_call_is_described():
    section = FORMATS.partition("### Earlier calls")[2].partition("\n## ")[0]
    computed = {"time_problem", "started_at_given"}  # what Diting notes, not what it takes
    described = set(re.findall(r"`([a-z_]+)`", section))
    assert set(EarlierCall.model_fields) - computed - described == set()
    assert set(EXAMPLE["history"][0]) <= set(EarlierCall.model_fields)


def test_every_file_ending_is_listed():
    listed = re.search(r"these endings are recordings: `(.*?)`", FORMATS, re.DOTALL)
    assert listed is not None
    assert set(listed.group(1).split()) == AUDIO_SUFFIXES
