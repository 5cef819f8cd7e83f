"""Which whole counts a printed percentage can stand for."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

_PRINTED = re.compile(
    r"\s*(?P<bound>more than|over|at least|less than|under|at most|up to)?\s*"
    r"(?P<whole>\d{1,3})(?:\.(?P<decimals>\d{1,6}))?\s*%\s*",
    re.IGNORECASE,
)
_BOUNDS: dict[str, Callable[[Fraction, int], bool]] = {
    "more than": operator.gt,
    "over": operator.gt,
    "at least": operator.ge,
    "less than": operator.lt,
    "under": operator.lt,
    "at most": operator.le,
    "up to": operator.le,
}
_HALF = Fraction(1, 2)

#: Rounding rules: the integers that a share, scaled to the printed unit, may be printed as.
ROUNDINGS: dict[str, Callable[[Fraction], set[int]]] = {
    "up_or_down": lambda scaled: {floor(scaled + _HALF), ceil(scaled - _HALF)},
    "half_up": lambda scaled: {floor(scaled + _HALF)},
    "half_down": lambda scaled: {ceil(scaled - _HALF)},
    "half_even": lambda scaled: {round(scaled)},
    "trunc": lambda scaled: {floor(scaled)},
}


def allowed_counts(printed: str, n: int, rounding: str = "up_or_down", *, tight: bool = False) -> list[int]:
    """Return every count out of `n` that a printed percentage can stand for, in order, by exact arithmetic.

    Parameters
    ----------
    printed
        A percentage as printed: ``"22%"``, ``"37.5 %"``, or a bound, ``"more than 93%"``.
    n
        Number of respondents that the percentage refers to.
    rounding
        How the author rounded: ``up_or_down`` (ties either way), ``half_up``, ``half_down``, ``half_even`` or
        ``trunc``. A bound is compared with the exact share, whatever the rule.
    tight
        Read a bound as the closest that could have been printed: "more than 93%" then means that "more than 94%" is
        false.

    Returns
    -------
    list of int
        Empty where no count fits: then the percentage, `n` or the rule is wrong.

    Raises
    ------
    ValueError
        If `printed` is not a percentage, `n` is not positive or the rule is unknown.

    Examples
    --------
    >>> allowed_counts("22%", 32)
    [7]
    >>> allowed_counts("20%", 32)
    []
    >>> allowed_counts("more than 93%", 32), allowed_counts("more than 93%", 32, tight=True)
    ([30, 31, 32], [30])
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    if rounding not in ROUNDINGS:
        raise ValueError(f"unknown rounding {rounding!r}: expected one of {', '.join(ROUNDINGS)}")
    match = _PRINTED.fullmatch(printed)
    if not match:
        raise ValueError(f"{printed!r} is not a percentage: expected for example '22%' or 'more than 93%'")
    decimals = match["decimals"] or ""
    value = int(match["whole"] + decimals)
    scale = 10 ** len(decimals)
    shares = [Fraction(100 * scale * k, n) for k in range(n + 1)]
    if match["bound"]:
        holds = _BOUNDS[match["bound"].lower()]
        closer = value + (1 if holds in (operator.gt, operator.ge) else -1)
        return [k for k, share in enumerate(shares) if holds(share, value) and not (tight and holds(share, closer))]
    return [k for k, share in enumerate(shares) if value in ROUNDINGS[rounding](share)]
