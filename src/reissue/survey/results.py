"""What the statements about a survey allow, as tables for readers: counts, what fixes them, what changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from reissue.survey.counting import conflicts, count_tables_by_value, feasible_values, is_fixed
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.layers import TooLargeError
from reissue.survey.nodes import Marginals
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import ALL, name_cell
from reissue.survey.rounding import ROUNDINGS
from reissue.survey.system import System

#: How bounds such as "more than 93%" are read: as an inequality, and as the closest bound that is true.
BOUNDS = {"literal": False, "tight": True}

#: The steps that may be taken to see whether statements fix a count: those that leave more to count fix nothing.
_LIMIT = 30_000


@dataclass(frozen=True)
class Count:
    """One count that the report could have printed: some answers to a question, in one group or in all."""

    question: str
    options: tuple[str, ...]
    group: str
    form: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """The name of the count as a cell or total of the system."""
        return name_cell(self.question, ";".join(self.options), self.group)


def list_counts(questionnaire: Questionnaire, question: str) -> list[Count]:
    """Return the counts of a question, each of all respondents and by group.

    Answers that statements add up are counted together, before the first of them.

    Notes
    -----
    A question that only some groups were asked has no count of all respondents. The question of the groups has one
    count for each group.
    """
    options, groups = questionnaire.options[question], questionnaire.groups
    if question == groups.question:
        return [Count(question, (o,), ALL, ((name_cell(question, o, ALL), 1),)) for o in options]
    exhibit = questionnaire.exhibit[question]
    rows = {i: row for i, row in questionnaire.statements.items() if questionnaire.exhibit[row["question"]] == exhibit}
    added = {tuple(row["options"].split(";")) for id_, row in rows.items() if questionnaire.is_sum(id_)}
    several = {one for one in added if len(one) > 1 and set(one) <= set(options)}
    ordered = sorted(
        [*several, *((option,) for option in options)],
        key=lambda one: (min(options.index(option) for option in one), -len(one)),
    )
    asked = questionnaire.list_groups(question)
    shown = (ALL, *asked) if asked == groups.names else asked
    return [
        Count(question, one, group, tuple(questionnaire.sum_answers(question, one, group).items()))
        for one in ordered
        for group in shown
    ]


def tabulate_counts(questionnaire: Questionnaire, interpretation: Interpretation) -> dict[Count, dict[int, int]]:
    """Return for each count the number of count tables by value: empty where statements conflict."""
    found: dict[Count, dict[int, int]] = {}
    for cluster in questionnaire.find_clusters():
        system = questionnaire.build_system(cluster, interpretation)
        counts = [one for question in cluster for one in list_counts(questionnaire, question)]
        for one in counts:
            if one.name not in system.cells:
                system.total(one.name, dict(one.form))
        values = _tables(tuple(system.cells.items()), tuple(system.statements), tuple(system.totals.items()))
        found |= {one: values[one.name] for one in counts}
    return found


@lru_cache(maxsize=512)
def _tables(cells: tuple, statements: tuple, totals: tuple) -> Marginals:  # type: ignore[type-arg]
    return count_tables_by_value(System(dict(cells), list(statements), dict(totals)))


def build_feasible_table(questionnaire: Questionnaire, interpretation: Interpretation = PUBLISHED) -> pd.DataFrame:
    """Return one row per count and reading of bounds: what the statements allow.

    Returns
    -------
    DataFrame
        Columns question, options (joined by `;`), label, side (the group, or `all`), reading (literal, tight), n
        (respondents of the group; the largest possible number where several are), least, most (respondents),
        feasible (every possible count, joined by `;`), tables (the number of count tables for each, in that order),
        fixed_by (statements that together leave one count only, none of which can be left out; missing where several
        counts are left).

    Raises
    ------
    ValueError
        If the statements cannot hold together: the message names a minimal conflict.
    """
    rows = []
    for name, tight in BOUNDS.items():
        read = replace(interpretation, tight=tight)
        possible_counts = tabulate_counts(questionnaire, read)
        if not all(possible_counts.values()):
            first, *others = find_conflicts(questionnaire, read)[0]
            how = "where bounds are read tightly, " * tight
            if not others:
                raise ValueError(f"{how}no count is as the statement {first} says")
            raise ValueError(f"{how}these statements cannot hold together: {', '.join([first, *others])}")
        size = {group: _count_respondents(questionnaire, group, read) for group in (ALL, *questionnaire.groups.names)}
        supports = _SupportFinder(questionnaire, read)
        for count, values in possible_counts.items():
            fixed = ";".join(supports.find(count)) if len(values) == 1 else None
            possible_, number = sorted(values), [values[value] for value in sorted(values)]
            rows.append(
                (
                    *(count.question, ";".join(count.options), label_count(questionnaire, count), count.group, name),
                    *(size[count.group], min(possible_), max(possible_)),
                    *(";".join(map(str, possible_)), ";".join(map(str, number)), fixed),
                )
            )
    columns = ["question", "options", "label", "side", "reading", "n", "least", "most", "feasible", "tables"]
    found = pd.DataFrame(rows, columns=[*columns, "fixed_by"])
    return found.assign(fixed_by=found["fixed_by"].astype("str"))


def label_count(questionnaire: Questionnaire, count: Count) -> str:
    """Return the answers of a count in words."""
    first, *rest = (questionnaire.labels[count.question][option] for option in count.options)
    return " or ".join([first, *(text[:1].lower() + text[1:] for text in rest)])


def build_sensitivity_table(questionnaire: Questionnaire, interpretation: Interpretation = PUBLISHED) -> pd.DataFrame:
    """Return one row per count that another interpretation would change, and per conflict that it makes.

    Returns
    -------
    DataFrame
        Columns scenario (what is read otherwise), question, options, label, side, published, changed (possible
        counts, joined by `;`), conflict (statements that cannot hold together, joined by `;`; then no count is
        named).
    """
    base = tabulate_counts(questionnaire, interpretation)
    rows = []
    for name, other in list_scenarios(questionnaire, interpretation):
        possible_counts = tabulate_counts(questionnaire, other)
        if not all(possible_counts.values()):
            rows += [(name, "", "", "", "", "", "", ";".join(one)) for one in find_conflicts(questionnaire, other)]
            continue
        for count, values in possible_counts.items():
            before, after = (";".join(map(str, sorted(one))) for one in (base[count], values))
            if before != after:
                place = (count.question, ";".join(count.options), label_count(questionnaire, count), count.group)
                rows.append((name, *place, before, after, ""))
    columns = ["scenario", "question", "options", "label", "side", "published", "changed", "conflict"]
    return pd.DataFrame(rows, columns=columns)


def list_scenarios(
    questionnaire: Questionnaire, interpretation: Interpretation
) -> Iterator[tuple[str, Interpretation]]:
    """Yield every other interpretation with its name: rounding, tight bounds, one vague quantifier at a time."""
    plain = Interpretation(interpretation.rounding)
    for rule in ROUNDINGS:
        if rule != plain.rounding:
            yield f"percentages rounded by {rule}", Interpretation(rule)
    yield "bounds read tightly", replace(plain, tight=True)
    bounds = [row["bound"] for row in questionnaire.statements.values()]
    for word, row in questionnaire.quantifiers.items():
        if word not in bounds:
            continue
        if row["used"]:
            yield f"without “{word}”", replace(plain, without=frozenset({word}))
            if not pd.isna(row["strict"]):
                yield f"“{word}” strictly", replace(plain, strict=frozenset({word}))
        else:
            yield f"with “{word}”", replace(plain, used=frozenset({word}))


def find_conflicts(questionnaire: Questionnaire, interpretation: Interpretation) -> list[list[str]]:
    """Return minimal sets of statements that cannot hold together; the list is empty where all can."""
    found: list[list[str]] = []
    for cluster in questionnaire.find_clusters():
        system = questionnaire.build_system(cluster, interpretation)
        for one in _conflicts(tuple(system.cells.items()), tuple(system.statements)):
            found += [one] if one not in found else []
    return found


@lru_cache(maxsize=512)
def _conflicts(cells: tuple, statements: tuple) -> list[list[str]]:  # type: ignore[type-arg]
    return conflicts(System(dict(cells), list(statements)))


def _count_respondents(questionnaire: Questionnaire, group: str, interpretation: Interpretation) -> int:
    """Return the number of respondents of a group: the largest possible one where the statements leave several."""
    system = questionnaire.build_system([], interpretation)
    return feasible_values(system, questionnaire.sum_respondents(group))[-1]


class _SupportFinder:
    """Finds the statements that fix a count: leaves out one after the other while the rest still fix it."""

    def __init__(self, questionnaire: Questionnaire, interpretation: Interpretation) -> None:
        self._questionnaire, self._interpretation = questionnaire, interpretation
        self._cluster = {question: cluster for cluster in questionnaire.find_clusters() for question in cluster}

    def find(self, count: Count) -> list[str]:
        """Return statements that leave the count one value, none of which can be left out."""
        cluster, joint = self._cluster[count.question], self._questionnaire.joint
        whole = self._questionnaire.build_system(cluster, self._interpretation)
        if count.question not in joint and count.question not in joint.values():
            alone = self._questionnaire.build_system([count.question], self._interpretation)
            whole = alone if self._is_fixed(alone, count) else whole
        labels = whole.labels()
        for one in labels:
            if self._is_fixed(whole.only([one]), count):
                return [one]
        # Words are left out before numbers, so that a count is based on numbers where it can be.
        quantifiers, statements = self._questionnaire.quantifiers, self._questionnaire.statements
        vague = [one for one in labels if statements[one]["bound"] in quantifiers]
        for one in [*reversed(vague), *reversed([one for one in labels if one not in vague])]:
            fewer = [other for other in labels if other != one]
            if self._is_fixed(whole.only(fewer), count):
                labels = fewer
        return labels

    def _is_fixed(self, system: System, count: Count) -> bool:
        return _is_fixed(tuple(system.cells.items()), tuple(system.statements), count.form)


@lru_cache(maxsize=65536)
def _is_fixed(cells: tuple, statements: tuple, form: tuple) -> bool:  # type: ignore[type-arg]
    try:
        return is_fixed(System(dict(cells), list(statements)), dict(form), limit=_LIMIT)
    except TooLargeError:
        # Too many tables are left to go through: a statement that was left out is needed.
        return False
