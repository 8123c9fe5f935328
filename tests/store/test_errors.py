"""Errors as processes hand them to each other."""

import pickle

from store.errors import BadInputError, DitingError, RuleError


def test_an_error_comes_back_whole_from_another_process():
    """Else a pool of processes breaks without a word about what was wrong."""
    sent = RuleError(
        "unknown key", code="rules.schema", where="tone.yaml:3 categry", mend="Did you mean category?"
    )
    told = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes
    assert type(told) is RuleError
    assert isinstance(told, BadInputError)
    assert str(told) == "tone.yaml:3 categry: unknown key. Did you mean category? [rules.schema]"
    assert (told.code, told.args) == ("rules.schema", ("unknown key",))


def test_so_does_what_was_put_on_it_later():
    sent = DitingError("later", code="late")
    sent.__dict__["headers"] = {"Retry-After": "7"}
    assert pickle.loads(pickle.dumps(sent)).__dict__ == sent.__dict__  # noqa: S301
