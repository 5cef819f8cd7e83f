"""How a report's statements are interpreted: rounding, bounds, and vague quantifiers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interpretation:
    """How statements are turned into counts: one configuration.

    Attributes
    ----------
    rounding
        How printed percentages were rounded (see `allowed_counts`).
    tight
        Whether "more than 93%" also means that the share is at most 94%.
    without
        Vague quantifiers whose statements are left out.
    strict
        Vague quantifiers that are taken strictly.
    used
        Vague quantifiers whose statements count although the published configuration leaves them out.
    """

    rounding: str = "up_or_down"
    tight: bool = False
    without: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


#: The published configuration.
PUBLISHED = Interpretation()
