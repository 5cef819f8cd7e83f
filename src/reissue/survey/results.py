"""What the statements about a survey allow, as tables for readers: counts, what fixes them, what changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from reissue.survey.counting import conflicts, is_fixed, possible, tables
from reissue.survey.layers import TooLargeError
from reissue.survey.nodes import Marginals
from reissue.survey.questions import ALL, RESPONDENTS, SIDES, cell
from reissue.survey.rounding import ROUNDINGS
from reissue.survey.statements import Questionnaire, Reading
from reissue.survey.system import System

#: The readings of bounds such as "more than 93%": as an inequality, and as the closest that is true.
READINGS = {"literal": False, "tight": True}

#: Statements are dropped from systems up to this size: beyond it they say too little to fix anything.
_LIMIT = 30_000


@dataclass(frozen=True)
class Count:
    """One count that the report could have printed: some answers to a question, of a side or of all."""

    question: str
    options: tuple[str, ...]
    side: str
    form: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """Its name as a cell or total of the system."""
        return cell(self.question, ";".join(self.options), self.side)


def counts(survey: Questionnaire, question: str) -> list[Count]:
    """Return the counts of a question: answers that statements add up, then one by one, each of all and by side."""
    options = survey.options[question]
    if question == RESPONDENTS:
        return [Count(question, (o,), ALL, ((cell(question, o, ALL), 1),)) for o in options]
    group = survey.group[question]
    rows = [row for row in survey.statements.values() if survey.group[row["question"]] == group]
    added = {tuple(row["options"].split(";")) for row in rows if survey.adds_up(row)}
    several = {one for one in added if len(one) > 1 and set(one) <= set(options)}
    ordered = sorted(
        [*several, *((option,) for option in options)],
        key=lambda one: (min(options.index(option) for option in one), -len(one)),
    )
    sides = [ALL, *SIDES] if survey.asked(question, "EU") else ["LAC"]
    return [
        Count(question, one, side, tuple(survey.form(question, one, side).items())) for one in ordered for side in sides
    ]


def counted(survey: Questionnaire, reading: Reading) -> dict[Count, dict[int, int]]:
    """Return for each count how many count tables give it each value: empty where statements conflict."""
    found: dict[Count, dict[int, int]] = {}
    for cluster in survey.clusters():
        system = survey.system(cluster, reading)
        asked = [one for question in cluster for one in counts(survey, question)]
        for one in asked:
            if one.name not in system.cells:
                system.total(one.name, dict(one.form))
        values = _tables(tuple(system.cells.items()), tuple(system.statements), tuple(system.totals.items()))
        found |= {one: values[one.name] for one in asked}
    return found


@lru_cache(maxsize=512)
def _tables(cells: tuple, statements: tuple, totals: tuple) -> Marginals:  # type: ignore[type-arg]
    return tables(System(dict(cells), list(statements), dict(totals)))


def feasible_table(survey: Questionnaire, reading: Reading = Reading()) -> pd.DataFrame:  # noqa: B008
    """Return one row per count and reading of bounds: what the statements allow.

    Returns
    -------
    DataFrame
        Columns question, options (joined by `;`), label, side, reading (literal, tight), n, least, most
        (respondents), feasible (every possible count, joined by `;`), tables (the number of count tables for
        each, in that order), fixed_by (statements that together leave one count only, none of which can be
        spared; empty where several are left).

    Raises
    ------
    ValueError
        If the statements cannot hold together: the message names a minimal conflict.
    """
    rows = []
    size = {side: _only(survey, side) for side in (ALL, *SIDES)}
    for name, tight in READINGS.items():
        read = Reading(reading.rounding, tight, reading.without, reading.strict, reading.used)
        possible_counts = counted(survey, read)
        if not all(possible_counts.values()):
            first, *others = conflict(survey, read)[0]
            how = "where bounds are read tightly, " * tight
            if not others:
                raise ValueError(f"{how}no count is as the statement {first} says")
            raise ValueError(f"{how}these statements cannot hold together: {', '.join([first, *others])}")
        supports = _Supports(survey, read)
        for count, values in possible_counts.items():
            fixed = ";".join(supports.of(count)) if len(values) == 1 else None
            possible_, number = sorted(values), [values[value] for value in sorted(values)]
            rows.append(
                (
                    *(count.question, ";".join(count.options), label(survey, count), count.side, name),
                    *(size[count.side], min(possible_), max(possible_)),
                    *(";".join(map(str, possible_)), ";".join(map(str, number)), fixed),
                )
            )
    columns = ["question", "options", "label", "side", "reading", "n", "least", "most", "feasible", "tables"]
    found = pd.DataFrame(rows, columns=[*columns, "fixed_by"])
    return found.assign(fixed_by=found["fixed_by"].astype("str"))


def label(survey: Questionnaire, count: Count) -> str:
    """Return the answers of a count in words."""
    first, *rest = (survey.labels[count.question][option] for option in count.options)
    return " or ".join([first, *(text[:1].lower() + text[1:] for text in rest)])


def sensitivity(survey: Questionnaire, reading: Reading = Reading()) -> pd.DataFrame:  # noqa: B008
    """Return one row per count that another reading of the report would change, and per conflict that it makes.

    Returns
    -------
    DataFrame
        Columns scenario (what is read otherwise), question, options, label, side, published, changed (possible
        counts, joined by `;`), conflict (statements that cannot hold together, joined by `;`; then no count is
        named).
    """
    base = counted(survey, reading)
    rows = []
    for name, other in scenarios(survey, reading):
        possible_counts = counted(survey, other)
        if not all(possible_counts.values()):
            rows += [(name, "", "", "", "", "", "", ";".join(one)) for one in conflict(survey, other)]
            continue
        for count, values in possible_counts.items():
            before, after = (";".join(map(str, sorted(one))) for one in (base[count], values))
            if before != after:
                place = (count.question, ";".join(count.options), label(survey, count), count.side)
                rows.append((name, *place, before, after, ""))
    columns = ["scenario", "question", "options", "label", "side", "published", "changed", "conflict"]
    return pd.DataFrame(rows, columns=columns)


def scenarios(survey: Questionnaire, reading: Reading) -> Iterator[tuple[str, Reading]]:
    """Return every other way to read the report, with its name: rounding, tight bounds, one soft word at a time."""
    for rule in ROUNDINGS:
        if rule != reading.rounding:
            yield f"percentages rounded by {rule}", Reading(rule)
    yield "bounds read tightly", Reading(reading.rounding, tight=True)
    bounds = [row["bound"] for row in survey.statements.values()]
    for word, row in survey.words.items():
        if word not in bounds:
            continue
        if row["used"]:
            yield f"without “{word}”", Reading(reading.rounding, without=frozenset({word}))
            if not pd.isna(row["strict"]):
                yield f"“{word}” strictly", Reading(reading.rounding, strict=frozenset({word}))
        else:
            yield f"with “{word}”", Reading(reading.rounding, used=frozenset({word}))


def conflict(survey: Questionnaire, reading: Reading) -> list[list[str]]:
    """Return minimal sets of statements that cannot hold together, none where all can."""
    found: list[list[str]] = []
    for cluster in survey.clusters():
        for one in _conflicts(tuple((s := survey.system(cluster, reading)).cells.items()), tuple(s.statements)):
            found += [one] if one not in found else []
    return found


@lru_cache(maxsize=512)
def _conflicts(cells: tuple, statements: tuple) -> list[list[str]]:  # type: ignore[type-arg]
    return conflicts(System(dict(cells), list(statements)))


def _only(survey: Questionnaire, side: str) -> int:
    return possible(survey.system([], Reading()), survey.size(side))[0]


class _Supports:
    """Which statements fix a count: drop one after the other, and see."""

    def __init__(self, survey: Questionnaire, reading: Reading) -> None:
        self._survey, self._reading = survey, reading
        self._cluster = {question: cluster for cluster in survey.clusters() for question in cluster}

    def of(self, count: Count) -> list[str]:
        """Return statements that leave the count one value, none of which can be spared."""
        cluster, joint = self._cluster[count.question], self._survey.joint
        whole = self._survey.system(cluster, self._reading)
        if count.question not in joint and count.question not in joint.values():
            alone = self._survey.system([count.question], self._reading)
            whole = alone if self._fixes(alone, count) else whole
        labels = whole.labels()
        for one in labels:
            if self._fixes(whole.only([one]), count):
                return [one]
        # Words are spared before numbers, so that a count rests on numbers where it can.
        soft = [one for one in labels if self._survey.statements[one]["bound"] in self._survey.words]
        for one in [*reversed(soft), *reversed([one for one in labels if one not in soft])]:
            fewer = [other for other in labels if other != one]
            if self._fixes(whole.only(fewer), count):
                labels = fewer
        return labels

    def _fixes(self, system: System, count: Count) -> bool:
        return _is_fixed(tuple(system.cells.items()), tuple(system.statements), count.form)


@lru_cache(maxsize=65536)
def _is_fixed(cells: tuple, statements: tuple, form: tuple) -> bool:  # type: ignore[type-arg]
    try:
        return is_fixed(System(dict(cells), list(statements)), dict(form), limit=_LIMIT)
    except TooLargeError:
        # So little is said that the counts cannot be gone through: what is left out is needed.
        return False
