import pytest

from qc.packs import SHIPPED, load_packs
from qc.regulations import titles

PACKS = sorted(path.parent.name for path in SHIPPED.glob("*/pack.yaml"))


@pytest.mark.parametrize("pack", PACKS)
def test_every_source_that_a_shipped_rule_cites_has_a_title(pack: str) -> None:
    cited = {cite.source for compiled in load_packs([pack]).rules for cite in compiled.rule.cite}
    assert cited
    assert cited - set(titles()) == set()


def test_a_clause_is_called_by_the_text_it_stands_in() -> None:
    assert titles()["cn.dispute.card"]["zh"] == "《商业银行信用卡业务监督管理办法》（银监会令2011年第2号）"
    assert titles()["us.hours"]["en"] == "Fair Debt Collection Practices Act and Regulation F (12 CFR 1006)"
    assert "cn.nothing" not in titles()
