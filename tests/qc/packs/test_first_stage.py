"""What opens a state (a dispute, a request to stop, an illness) is found before states are asked."""

import pytest

from qc.packs import default_packs, load_packs

OPENING = ("dispute.", "stop_request", "vulnerable", "self_harm")
LATER = {"us.self_harm.possible"}  # only where no plainer rule found anything


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signals_that_open_a_state_wait_for_no_other_finding(language: str):
    packs = load_packs(default_packs(language))
    waiting = {
        rule.rule.id
        for rule in packs.rules
        if rule.side == "customer" and rule.rule.category.startswith(OPENING) and rule.stage != 0
    }
    assert waiting <= LATER
