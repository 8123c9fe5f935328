"""docs/rules.md says what the rule language has: nothing missing, nothing that does not exist."""

import re
from pathlib import Path

import yaml

from qc.context.guards import GUARDS
from qc.language.condition import KINDS, CueTest, Fact, Near, Order, Repeat, Where
from qc.language.facts import Frequency, Hours, Standing, Unreachable
from qc.language.schema import Caps, PackHead, Rule
from qc.language.timing import Limits, OverlapTest, RateTest, SilenceTest
from qc.lint import lint
from qc.taxonomy import CATEGORIES
from tests.qc.conftest import write_pack

DOCS = Path(__file__).parents[2] / "docs"
RULES = (DOCS / "rules.md").read_text(encoding="utf-8")


def test_every_key_is_described():
    models = (
        *(PackHead, Caps, Rule, Where, Order, Repeat, Near),
        *(CueTest, SilenceTest, OverlapTest, RateTest, Fact, Limits),
        *(Hours, Frequency, Standing, Unreachable),
    )
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    wanted = keys | set(KINDS) | set(GUARDS)
    assert sorted(key for key in wanted if not re.search(rf"[`{{, ]{key}[`:,}} ]", RULES)) == []


def test_every_category_stands_in_the_table():
    rows = re.findall(r"^\| `([a-z_.]+)` \| (\S+) \| .+ \| (violation|signal) \| (\w+) \|$", RULES, re.M)
    assert rows == [(known.id, known.zh, known.kind, known.severity) for known in CATEGORIES.values()]


def test_the_example_is_a_good_rule(tmp_path: Path):
    block = RULES.partition("```yaml\n")[2].partition("```")[0]
    assert len(yaml.safe_load(block)["rules"]) == 1
    assert lint([write_pack(tmp_path, block)]) == []


def test_every_code_of_a_problem_is_described():
    source = "".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "qc").rglob("*.py"))
    source = re.sub(r"_audit\([^)]*\)", "", source)  # names what people did, not what went wrong
    codes = set(re.findall(r'"((?:rules|timezone)\.[a-z_]+|inspection\.not_found)"', source))
    described = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert len(codes) > 12
    assert sorted(code for code in codes if f"| `{code}` |" not in described) == []
