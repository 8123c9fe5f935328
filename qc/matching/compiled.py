"""Functions over arrays, compiled to machine code when they are first called and kept for later processes.

The first process after an installation spends some seconds on it.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function in machine code. Where no folder can be written, each process compiles it anew."""
    try:
        return cast(Callable[P, R], numba.njit(cache=True)(function))
    except RuntimeError:  # no folder for the cache
        return cast(Callable[P, R], numba.njit(function))
