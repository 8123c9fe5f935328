"""The part of docs/permissions.md that is made from the tables of `api.permissions`."""

from itertools import groupby
from typing import Final

from api.permissions import PERMISSIONS, PUBLIC, ROUTES
from complaint_warnings.cases.wording import ROLE_WORDS
from store.people import ROLES

_YES: Final = "●"


def permissions_table() -> str:
    """Every permission with the roles that have it, as a table of Markdown."""
    heads = [f"{ROLE_WORDS[role]['zh']}<br>`{role}`" for role in ROLES]
    lines = [
        [f"`{name}` {each.what.zh} {each.what.en}", *(_YES if role in each.roles else "" for role in ROLES)]
        for name, each in PERMISSIONS.items()
    ]
    return _table(["permission 权限", *heads], lines, centred=len(ROLES))


def routes_table() -> str:
    """Every permission with the routes that take it, those that take none at the end."""
    listed = sorted(ROUTES.items(), key=lambda route: ([*PERMISSIONS, PUBLIC].index(route[1]), route[0]))
    lines = [
        [
            "nobody need sign in 无需登录" if name == PUBLIC else f"`{name}`",
            ", ".join(f"`{r}`" for r, _ in group),
        ]
        for name, group in groupby(listed, key=lambda route: route[1])
    ]
    return _table(["permission 权限", "routes 接口"], lines)


def _table(heads: list[str], lines: list[list[str]], *, centred: int = 0) -> str:
    rule = ["---"] * (len(heads) - centred) + [":-:"] * centred
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *lines))
