"""Functions over arrays, compiled to machine code when they are first called and kept for later processes.

The first process after an installation spends some seconds on it. Such functions take arrays and numbers one
by one, no tuples: what is kept would name the class of a tuple, and could not be read when that is gone.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function in machine code. Where no folder can be written, each process compiles it anew."""
    return _compiled(function)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes no arrays, but only works on those it is given.

    Such a function need not count the references to them: each array that is handed on costs two locked
    additions otherwise, which was half of the time of the inner loops. Making an array here does not compile.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    try:
        return cast(Callable[P, R], numba.njit(cache=True, **options)(function))
    except RuntimeError:  # no folder for the cache
        return cast(Callable[P, R], numba.njit(**options)(function))
