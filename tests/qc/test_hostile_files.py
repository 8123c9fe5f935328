"""Rule files made to hurt whoever reads them: refused with the place, and soon."""

from pathlib import Path

import pytest

from qc.language.loader import read_packs
from tests.qc.conftest import write_pack

LAUGHS = "words:\n  a0: &a0 [哈, 哈]\n" + "".join(
    f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (LAUGHS, "aliases"),
        ("rules: !!python/object/apply:os.system ['true']", "tag"),
        ("rules: !!binary aGFoYQ==", ""),
        ("a: " + "[" * 50_000, ""),
        ("rules: [" + "{all: [" * 3_000 + "]}" * 3_000 + "]", ""),
        ("x" * 11_000_000, "larger"),
        ("? [1, 2]\n: 3\n", ""),
        ("rules: {<<: {a: 1}}", ""),
        ("\x00", ""),
        ("- 1\n- 2\n", "mapping"),
    ],
    ids=["laughs", "tag", "binary", "brackets", "nested", "huge", "odd-key", "merge", "nul", "list"],
)
def test_a_hostile_file_is_refused_with_its_place(tmp_path: Path, topic: str, message: str):
    problems = read_packs([write_pack(tmp_path, topic)]).problems
    assert problems
    first = problems[0]
    assert first.file.endswith("topic.yaml")
    assert first.line >= 1
    assert message in first.message
    assert first.mend


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    pack = write_pack(tmp_path, "rules: []")
    (pack / "topic.yaml").write_bytes(b"\xff\xfe\x00r")
    [problem] = read_packs([pack]).problems
    assert problem.code == "rules.unreadable"
