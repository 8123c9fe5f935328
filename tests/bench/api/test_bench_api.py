"""The bench of the API over 300 calls: it fills, asks, and writes plans."""

import argparse
import json

from bench.api.__main__ import measure
from bench.api.bulk import escaped
from bench.api.entries import COLUMNS, Maker
from bench.api.plans import REQUESTS, write_plans
from bench.api.users import KINDS
from store import migrate


def test_rows_have_the_columns_of_their_tables():
    rows = next(Maker(40, among=4).batches(100))
    assert len(rows["call"]) == 40
    for table, lines in rows.items():
        for line in lines:
            assert line.endswith("\n")
            assert len(line.rstrip("\n").split("\t")) == len(COLUMNS[table]), table


def test_values_are_written_as_copy_reads_them():
    assert escaped(None) == "\\N"
    assert escaped("a\tb\nc\\d") == "a\\tb\\nc\\\\d"


def test_a_small_bench_answers_every_kind_of_request(empty_postgresql_url, tmp_path):
    given = argparse.Namespace(
        patterns=4, users=6, seconds=3.0, warm=0.5, think=0.05, calls=300, write_plans=False
    )
    migrate.upgrade(empty_postgresql_url)
    made = measure(given, 300, None, url=empty_postgresql_url)
    assert made["failed"] == 0, made
    assert sorted(made["p95_ms"]) == sorted(KINDS)
    json.dumps(made)
    assert write_plans(empty_postgresql_url, 300, tmp_path) == list(REQUESTS)
    assert "Execution Time" in (tmp_path / "search-rare.txt").read_text(encoding="utf-8")
