"""The facts of one call, read from its words and from what the rules found in them."""

from collections.abc import Sequence
from datetime import date

from qc.call import Call
from qc.extract.contact import read_callback, read_contact
from qc.extract.facts import Fact, Promise
from qc.extract.promises import Turn
from qc.extract.signals import facts_of_findings
from qc.extract.terms import read_terms
from qc.findings import Finding
from qc.parties import relation_of


def read_facts(call: Call) -> tuple[Fact, ...]:
    """Everything that the call established, promises first; `call.findings` are what rules found so far."""
    language = "en" if call.language == "en" else "zh"
    stated = [finding for finding in call.findings if not finding.advisory]
    promises = _with_findings(call.promises, stated, call.turns, language, call.today, call.currency)
    texts = {turn.id: turn.text for turn in call.turns}
    callback = read_callback(call.turns, language, call.today)
    return (
        *promises,
        *facts_of_findings(stated, texts, language, call.today, call.currency),
        *([callback] if callback is not None else []),
        read_contact(call.turns, language, stated, relation_of(call.record), talked=call.talked),
    )


def _with_findings(
    promises: Sequence[Promise],
    findings: Sequence[Finding],
    turns: Sequence[Turn],
    language: str,
    today: date | None,
    currency: str,
) -> list[Promise]:
    """The promises read from the conversation, and those that only a rule found: in doubt, with what can
    be read from the one utterance."""
    texts = {turn.id: turn.text for turn in turns}
    known = {at for promise in promises for at in promise.utterances}
    found = list(promises)
    for finding in findings:
        at = finding.utterances[0] if finding.utterances else None
        if finding.category != "promise_to_pay" or at is None or at in known:
            continue
        known.add(at)
        terms = next(iter(read_terms(texts.get(at, ""), language, today, loose=False)), None)
        when = terms.time if terms else None
        sum_ = terms.sum if terms else None
        found.append(
            Promise(
                utterances=(at,),
                certainty="unsure",
                amount=sum_.low if sum_ else None,
                share=sum_.share if sum_ else None,
                currency=currency,
                date_from=when.first if when else None,
                date=when.last if when else None,
                when=when.text if when else None,
            )
        )
    return found
