"""Narrow the bounds of single cells form by form, and drop alternatives that cannot hold."""

from __future__ import annotations

from reissue.survey.system import Requirement

#: Lower and upper bound of each cell.
Bounds = dict[str, tuple[int, int]]
Forms = list[Requirement]
#: Alternatives, each a list of requirements that hold together.
Choice = tuple[tuple[Requirement, ...], ...]


class Exclusion(Requirement):
    """The form is none of these numbers."""


def propagate(bounds: Bounds, forms: Forms, choices: list[Choice]) -> tuple[Bounds, Forms, list[Choice]] | None:
    """Narrow the bounds of the cells until nothing changes; return the open requirements, None if they cannot all hold.

    Open requirements mention no fixed cell, none of them always holds, and each choice has at least two alternatives.
    """
    while True:
        narrowed = narrow_bounds(bounds, forms)
        if narrowed is None:
            return None
        bounds, forms = narrowed
        kept: list[Choice] = []
        single = False
        for choice in choices:
            left = _narrow_choice(bounds, choice)
            if not left:
                return None
            if len(left) == 1:
                forms += left[0]
                single |= bool(left[0])
            elif all(left):
                kept.append(left)
        choices = kept
        if not single:
            return bounds, forms, choices


def _narrow_choice(bounds: Bounds, choice: Choice) -> Choice:
    """Return the alternatives that can hold, without requirements that always hold."""
    found = []
    for alternative in choice:
        narrowed = narrow_bounds(bounds, list(alternative))
        if narrowed is not None:
            # The bounds that follow from an alternative hold in its case only: its own requirements are kept.
            parts = [_narrow_form(dict(bounds), one) for one in alternative]
            found.append(tuple(part[0] for part in parts if part is not None and part[0] is not None))
    return tuple(found)


def narrow_bounds(bounds: Bounds, forms: Forms) -> tuple[Bounds, Forms] | None:
    """Narrow the bounds until nothing changes; drop forms that always hold. Return None if one cannot hold."""
    bounds = dict(bounds)
    # Only forms with a cell whose bounds have moved are narrowed again.
    first, moved = True, set[str]()
    while first or moved:
        kept: Forms = []
        before, moved = moved, set()
        for one in forms:
            if not first and all(cell not in before and cell not in moved for cell, _ in one.form):
                kept.append(one)
                continue
            left = _narrow_form(bounds, one)
            if left is None:
                return None
            moved.update(left[1])
            if left[0] is not None:
                kept.append(left[0])
        forms, first = kept, False
    return bounds, list(forms)


def _narrow_form(bounds: Bounds, one: Requirement) -> tuple[Requirement | None, list[str]] | None:
    """Narrow the cells of one form in place; return what is left of it and the cells whose bounds moved."""
    ends = []
    known = low = high = 0
    for cell, factor in one.form:
        lower, upper = bounds[cell]
        own_low, own_high = (factor * lower, factor * upper) if factor > 0 else (factor * upper, factor * lower)
        ends.append((own_low, own_high))
        low += own_low
        high += own_high
        if lower == upper:
            known += own_low
    if isinstance(one, Exclusion):
        allowed = [n for n in range(low, high + 1) if n not in one.allowed]
    else:
        allowed = [n for n in one.allowed if low <= n <= high]
    if not allowed:
        return None
    if len(allowed) == high - low + 1:
        return None, []
    lower, upper = min(allowed), max(allowed)
    moved = []
    form = []
    for (cell, factor), (own_low, own_high) in zip(one.form, ends, strict=True):
        if own_low == own_high:
            continue
        form.append((cell, factor))
        # What the other cells, at their bounds from before, leave to this one.
        left, right = lower - (high - own_high), upper - (low - own_low)
        if factor < 0:
            left, right = right, left
        narrowed = max(bounds[cell][0], -(-left // factor)), min(bounds[cell][1], right // factor)
        if narrowed[0] > narrowed[1]:
            return None
        if narrowed != bounds[cell]:
            bounds[cell] = narrowed
            moved.append(cell)
    return Requirement(tuple(form), frozenset(n - known for n in allowed)), moved
