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

#: Where the next closer bound lies, in steps of the printed unit.
_CLOSER = {word: 1 if word in ("more than", "over", "at least") else -1 for word in _BOUNDS}


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


def allowed_counts(printed: str, n: int, rounding: str = "up_or_down", *, tight: bool = False) -> list[int]:
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
    tight
        Read a bound as the closest that could have been printed: of "more than 93%", that "more than 94%"
        would not be true.

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
    Exact rationals throughout. Read literally, "more than 93%" of 32 is any count above 29.76; read
    tightly, one that is at most 94% too.

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
    if match["bound"]:
        word = match["bound"].lower()
        holds, limit, closer = _BOUNDS[word], Fraction(value, scale), Fraction(value + _CLOSER[word], scale)
        shares = {k: Fraction(100 * k, n) for k in range(n + 1)}
        return [k for k, share in shares.items() if holds(share, limit) and not (tight and holds(share, closer))]
    rule = ROUNDINGS[rounding]
    return [k for k in range(n + 1) if value in rule(Fraction(100 * scale * k, n))]
