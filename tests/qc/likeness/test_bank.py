from pathlib import Path

from qc.likeness.bank import Example, content_hash, read_bank, read_banks


def written(folder: Path, text: str) -> Path:
    path = folder / "threat.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_what_belongs_and_what_only_looks_alike(tmp_path: Path):
    path = written(tmp_path, "# threats\n+\t走夜路小心点\n\n-\t会影响征信\tlawful\n")
    bank, problems = read_bank(path)
    assert problems == []
    assert bank.name == "threat"
    assert bank.examples == (Example("走夜路小心点", True), Example("会影响征信", False, "lawful"))
    assert bank.positives == ("走夜路小心点",)
    assert bank.negatives == ("会影响征信",)


def test_every_bad_line_is_told_with_its_place_and_mend(tmp_path: Path):
    path = written(
        tmp_path,
        "+\t走夜路小心点\n*\t什么\n+ 没有制表符\n-\t没有理由\n-\t理由不对\tbecause\n+\t走夜路小心点\n+\t短\n",
    )
    bank, problems = read_bank(path)
    assert len(bank.examples) == 1
    assert [(problem.file, problem.line, problem.field) for problem in problems] == [
        ("threat.tsv", 2, "sign"),
        ("threat.tsv", 3, "sign"),
        ("threat.tsv", 4, "columns"),
        ("threat.tsv", 5, "reason"),
        ("threat.tsv", 6, "text"),
        ("threat.tsv", 7, "text"),
    ]
    assert problems[4].message == "the same text stands in line 1"
    assert all(problem.mend and problem.code == "likeness.line" for problem in problems)


def test_what_is_not_text_is_a_problem_of_its_file(tmp_path: Path):
    path = tmp_path / "abuse.tsv"
    path.write_bytes(b"+\t\xff\xfe\n")
    bank, problems = read_bank(path)
    assert bank.examples == ()
    assert [(problem.code, problem.line) for problem in problems] == [("likeness.unreadable", 1)]


def test_the_hash_is_over_what_the_banks_say(tmp_path: Path):
    written(tmp_path, "+\t走夜路小心点\n")
    before = content_hash(read_banks(tmp_path)[0])
    written(tmp_path, "# a remark\n+\t走夜路小心点\n\n")
    assert content_hash(read_banks(tmp_path)[0]) == before
    written(tmp_path, "+\t走夜路小心些\n")
    assert content_hash(read_banks(tmp_path)[0]) != before
