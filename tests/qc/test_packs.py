"""The packs that are shipped: without problems, their examples right, every category covered, quiet on
compliant calls."""

from functools import cache
from pathlib import Path

import pytest

from qc.examples import run_pack_examples
from qc.lint import lint
from qc.packs import SHIPPED, load_packs
from qc.taxonomy import CATEGORIES
from tests.qc.calls import judge, record
from tests.qc.compliant import ENGLISH, MANDARIN

load = cache(lambda *names: load_packs(names))

PACKS = sorted(path.parent.name for path in SHIPPED.glob("*/pack.yaml"))


def test_the_packs_are_there():
    assert PACKS == ["cn-base", "cn-telecom-client", "us-regf"]


@pytest.mark.parametrize("name", PACKS)
def test_no_problems(name: str):
    assert [str(problem) for problem in lint([name])] == []


@pytest.mark.parametrize("name", PACKS)
def test_examples(name: str):
    assert [str(failure) for failure in run_pack_examples(name)] == []


@pytest.mark.parametrize("name", ["cn-base", "us-regf"])
def test_every_category_has_a_rule(name: str):
    covered = {rule.category.id for rule in load(name).rules if rule.rule.status == "stable"}
    assert sorted(set(CATEGORIES) - covered) == []


def test_packs_load_together():
    together = load("cn-base", "cn-telecom-client")
    assert together.names[0].startswith("cn-base@")
    assert len({rule.name for rule in together.rules}) == len(together.rules)


@pytest.mark.parametrize("call", range(len(MANDARIN)))
def test_compliant_mandarin_calls_have_no_violations(call: int):
    packs = load("cn-base", "cn-telecom-client")
    note = {"outcome": MANDARIN[call].outcome}
    for engine in ("given", "recogniser"):
        found = judge(packs, *MANDARIN[call].turns, call=record(note=note), engine=engine)
        accused = [finding for finding in found.findings if finding.kind == "violation"]
        assert [(finding.rule, finding.heard) for finding in accused] == []
        assert (found.score.total, found.score.band, found.unjudged) == (100, "clean", ())


@pytest.mark.parametrize("call", range(len(ENGLISH)))
def test_compliant_english_calls_have_no_violations(call: int):
    here = record(
        started_at="2026-06-03T10:00:00-04:00",
        customer={"number": "+12125550101", "timezone": "America/New_York"},
        note={"outcome": ENGLISH[call].outcome},
    )
    found = judge(load("us-regf"), *ENGLISH[call].turns, call=here, language="en")
    accused = [finding for finding in found.findings if finding.kind == "violation"]
    assert [(finding.rule, finding.heard) for finding in accused] == []
    assert (found.score.total, found.score.band, found.unjudged) == (100, "clean", ())


def test_packs_travel_inside_the_package():
    assert (Path(SHIPPED) / "cn-base" / "pack.yaml").is_file()
