"""The word lists of pages: every action by the name of its ordinary way."""

from api.vocabulary import VOCABULARY
from complaint_warnings.cases.transitions import TRANSITIONS


def test_an_action_is_named_by_its_ordinary_way_not_by_the_exception() -> None:
    named = VOCABULARY["case_actions"]
    assert named["collect"].zh == "投诉防控汇总"
    assert named["sign"].en == "sign the report"
    assert set(named) == {"opened", *(line.action for line in TRANSITIONS)}
