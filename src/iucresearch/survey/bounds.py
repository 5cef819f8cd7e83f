"""How far the report fixes each count of the survey, question by question.

Every statement says that the respondents of some options, of one side or both, number one of
a few whole counts; where one answer is given, the options of a side add up to its respondents.
All ways to share out each side are gone through, so that the counts found possible are exactly
those that the question's own statements allow. Statements across questions are not used here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pandas as pd

SIDES = ("EU", "LAC")
#: In `allowed`: no whole count can be printed this way under the rounding rule.
NO_COUNT = "none"

Group = frozenset[str]


class Statement(NamedTuple):
    """The respondents of some options, of some sides, number one of the allowed counts."""

    options: Group
    sides: tuple[str, ...]
    allowed: frozenset[int]


def bounds(survey: pd.DataFrame, questions: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Return one row per question, group of options and side (all, EU, LAC), with its least and most count.

    Groups are the options one by one, and those that a statement about the same exhibit adds up.

    Parameters
    ----------
    survey
        Processed statements; `allowed` holds the whole numbers that each allows, joined by `;`.
    questions, options
        The questionnaire as the report lets one infer it.

    Returns
    -------
    DataFrame
        Columns question, options (joined by `;`), label, side, n, least, most (respondents).

    Raises
    ------
    ValueError
        If a question's statements cannot hold together.

    References
    ----------
    Report sections 3.1 to 3.4, pages 17 to 20.
    """
    known = survey[(survey["question"] == "respondents") & (survey["unit"] == "count")]
    size = dict(zip(known["side"], known["value"].astype(int), strict=True))
    rows = []
    for question, exhibit, choice in zip(questions["id"], questions["group"], questions["choice"], strict=True):
        own = options[options["question"] == question].sort_values("order")
        label = dict(zip(own["option"], own["label"], strict=True))
        siblings = questions.loc[questions["group"] == exhibit, "id"]
        statements = list(_statements(survey[survey["question"] == question], size))
        for group in _groups(survey[survey["question"].isin(siblings)], list(label)):
            for side in ("all", *SIDES):
                if choice == "single":
                    counts = _feasible(frozenset(group), _sides(side), frozenset(label), statements, size)
                else:
                    counts = set(range(size[side] + 1))
                if not counts:
                    raise ValueError(f"the statements about {question!r} cannot hold together")
                joined = ";".join(group), _joined(group, label)
                rows.append((question, *joined, side, size[side], min(counts), max(counts)))
    return pd.DataFrame(rows, columns=["question", "options", "label", "side", "n", "least", "most"])


def _sides(side: str) -> tuple[str, ...]:
    return SIDES if side == "all" else (side,)


def _statements(statements: pd.DataFrame, size: dict[str, int]) -> Iterator[Statement]:
    """Return what bounds a count of one question."""
    for row in statements[statements["allowed"].notna()].itertuples():
        if row.question == "respondents" and row.side != "all":
            # Here the option is the side itself: all of a side are of it.
            yield Statement(frozenset({str(row.side).lower()}), (str(row.side),), frozenset({size[str(row.side)]}))
        elif isinstance(row.options, str) and row.allowed != NO_COUNT:
            allowed = frozenset(int(k) for k in str(row.allowed).split(";"))
            yield Statement(frozenset(row.options.split(";")), _sides(str(row.side)), allowed)


def _feasible(
    group: Group, sides: tuple[str, ...], options: Group, statements: list[Statement], size: dict[str, int]
) -> set[int]:
    """Return every count that the group can have, summed over the asked sides."""
    atoms = _atoms(options, [group, *(s.options for s in statements)])
    by_side = [_shares(side, size[side], group if side in sides else frozenset(), atoms, statements) for side in SIDES]
    return {
        first + second
        for (sums, firsts), (others, seconds) in product(*(found.items() for found in by_side))
        if all(a + b in s.allowed for a, b, s in zip(sums, others, statements, strict=True))
        for first, second in product(firsts, seconds)
    }


def _shares(
    side: str, n: int, group: Group, atoms: list[Group], statements: list[Statement]
) -> dict[tuple[int, ...], set[int]]:
    """Share out one side in all ways; return, for the sums that the statements see, the group's counts."""
    seen: dict[tuple[int, ...], set[int]] = {}
    inside = [atom <= group for atom in atoms]
    members = [[atom <= s.options for atom in atoms] if side in s.sides else [] for s in statements]
    for shares in _compositions(n, len(atoms)):
        sums = tuple(sum(k for k, used in zip(shares, row, strict=False) if used) for row in members)
        counted = sum(k for k, used in zip(shares, inside, strict=True) if used)
        seen.setdefault(sums, set()).add(counted)
    return seen


def _atoms(options: Group, groups: list[Group]) -> list[Group]:
    """Split the options into the coarsest parts that no group cuts."""
    by_groups: dict[tuple[bool, ...], set[str]] = {}
    for option in sorted(options):
        by_groups.setdefault(tuple(option in group for group in groups), set()).add(option)
    return [frozenset(atom) for atom in by_groups.values()]


def _compositions(n: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Go through all ways to share n among the parts, in order."""
    if parts == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in _compositions(n - first, parts - 1):
            yield (first, *rest)


def _groups(statements: pd.DataFrame, options: list[str]) -> list[tuple[str, ...]]:
    """Return the groups to report: those that a statement adds up, each before the first of its options."""
    counted = statements[statements["options"].notna() & ~statements["unit"].isin(["options", "countries"])]
    stated = {tuple(str(text).split(";")) for text in counted["options"]}
    several = {group for group in stated if len(group) > 1 and set(group) <= set(options)}
    return sorted(
        [*several, *((option,) for option in options)],
        key=lambda group: (min(options.index(option) for option in group), -len(group)),
    )


def _joined(group: tuple[str, ...], label: dict[str, str]) -> str:
    first, *rest = (label[option] for option in group)
    return " or ".join([first, *(text[:1].lower() + text[1:] for text in rest)])
