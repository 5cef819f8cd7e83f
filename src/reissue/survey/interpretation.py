"""How a report's statements are interpreted: rounding, bounds, and vague quantifiers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interpretation:
    """How statements are turned into counts: one configuration."""

    #: How printed percentages were rounded (see `allowed_counts`).
    rounding: str = "up_or_down"
    #: Whether "more than 93%" also means that the share is at most 94%.
    tight: bool = False
    #: Vague quantifiers whose statements are left out.
    without: frozenset[str] = frozenset()
    #: Vague quantifiers that are taken strictly.
    strict: frozenset[str] = frozenset()
    #: Vague quantifiers whose statements count although the published configuration leaves them out.
    used: frozenset[str] = frozenset()
    #: Whether respondents may have skipped single-choice questions; otherwise everybody answered all of them.
    skipped: bool = False
    #: Pairs of questions that are taken as one: each answer has the same count in both.
    same: frozenset[tuple[str, str]] = frozenset()


#: The published configuration.
PUBLISHED = Interpretation()
