"""Which whole counts a printed percentage can stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import floor

_PRINTED = re.compile(
    r"\s*(?P<bound>more than|over|at least|less than|under|at most|up to)?\s*"
    r"(?P<whole>\d{1,3})(?:\.(?P<decimals>\d{1,6}))?\s*%\s*",
    re.IGNORECASE,
)

_BOUNDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "more than": lambda share, limit: share > limit,
    "over": lambda share, limit: share > limit,
    "at least": lambda share, limit: share >= limit,
    "less than": lambda share, limit: share < limit,
    "under": lambda share, limit: share < limit,
    "at most": lambda share, limit: share <= limit,
    "up to": lambda share, limit: share <= limit,
}


def _half_up(scaled: Fraction) -> set[int]:
    return {floor(scaled + Fraction(1, 2))}


def _half_down(scaled: Fraction) -> set[int]:
    return {-floor(Fraction(1, 2) - scaled)}


def _half_even(scaled: Fraction) -> set[int]:
    return {round(scaled)}


def _trunc(scaled: Fraction) -> set[int]:
    return {floor(scaled)}


def _up_or_down(scaled: Fraction) -> set[int]:
    return _half_up(scaled) | _half_down(scaled)


#: Rounding rules: what integers a share, scaled to the printed unit, may be printed as.
ROUNDINGS: dict[str, Callable[[Fraction], set[int]]] = {
    "up_or_down": _up_or_down,
    "half_up": _half_up,
    "half_down": _half_down,
    "half_even": _half_even,
    "trunc": _trunc,
}


def allowed_counts(printed: str, n: int, rounding: str = "up_or_down") -> list[int]:
    """Return every count out of `n` that a printed percentage can stand for, in order.

    Parameters
    ----------
    printed
        A percentage as printed: ``"22%"``, ``"37.5 %"``, or a bound, ``"more than 93%"``.
    n
        Number of respondents it is a percentage of.
    rounding
        How the author rounded: ``up_or_down`` (ties either way), ``half_up``, ``half_down``,
        ``half_even`` or ``trunc``. A bound is compared with the exact share, whatever the rule.

    Returns
    -------
    list of int
        Empty where no count fits: then the percentage, the denominator or the rule is wrong.

    Raises
    ------
    ValueError
        If `printed` is no percentage, `n` is not positive or the rule is unknown.

    Notes
    -----
    Exact rationals throughout. A bound is read literally: "more than 93%" of 32 is any count above 29.76.

    Examples
    --------
    >>> allowed_counts("22%", 32)
    [7]
    >>> allowed_counts("20%", 32)
    []
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
    if match["bound"]:
        holds, limit = _BOUNDS[match["bound"].lower()], Fraction(value, scale)
        return [k for k in range(n + 1) if holds(Fraction(100 * k, n), limit)]
    rule = ROUNDINGS[rounding]
    return [k for k in range(n + 1) if value in rule(Fraction(100 * scale * k, n))]
