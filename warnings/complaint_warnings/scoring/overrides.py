"""Single settings of a weights file given by their path: `indicators.dispute.points=30`."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import yaml

from complaint_warnings.scoring.weights import Weights, WeightsError, parse_weights


def with_settings(weights: Weights, settings: Sequence[str]) -> Weights:
    """The weights with other values at the paths given; the rest stays. The id says that it is a trial.

    Args:
        weights: to start from.
        settings: `path=value`. Names with dots in them are written as they are
            (`indicators.complaint_intent.media.points=60`), steps by number from 0
            (`case.amount_due.2.from=1`).

    Raises:
        WeightsError: `weights.setting` (no `=`, or no such path: near ones are named), `weights.invalid`.
    """
    data = weights.model_dump(by_alias=True)
    for setting in settings:
        path, found, value = setting.partition("=")
        if not found:
            raise WeightsError(
                "this is no setting",
                code="weights.setting",
                where=setting,
                mend="Write PATH=VALUE, such as indicators.dispute.points=30.",
            )
        holder, key = _place(data, path.strip())
        holder[key] = _value(value)
    return parse_weights(data | {"id": f"{weights.id}+trial"}, ", ".join(settings))


def paths(data: Any, before: str = "") -> Iterator[str]:
    """Every path that holds a single value."""
    inner: Iterator[tuple[Any, Any]] | None = None
    if isinstance(data, Mapping):
        inner = iter(data.items())
    elif isinstance(data, list):
        inner = iter(enumerate(data))
    if inner is None:
        yield before
        return
    for name, each in inner:
        yield from paths(each, f"{before}.{name}" if before else str(name))


def _place(data: dict[str, Any], path: str) -> tuple[Any, Any]:
    """The mapping or list that holds the value, and its key there."""
    places = dict.fromkeys(paths(data))
    if path not in places:
        near = get_close_matches(path, places, n=3, cutoff=0.5)
        raise WeightsError(
            "there is no such setting",
            code="weights.setting",
            where=path,
            mend=f"Near it: {', '.join(near)}." if near else "docs/warnings.md lists the fields.",
        )
    holder: Any = data
    rest = path
    while True:
        keys = [str(n) for n in range(len(holder))] if isinstance(holder, list) else list(map(str, holder))
        key = max((k for k in keys if rest == k or rest.startswith(f"{k}.")), key=len)
        at: Any = int(key) if isinstance(holder, list) else key
        if rest == key:
            return holder, at
        holder, rest = holder[at], rest[len(key) + 1 :]


def _value(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text  # the check of the whole file refuses it and names the field
