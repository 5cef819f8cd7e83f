"""What the statements about a survey allow, as tables for readers: counts, what fixes them, what changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from reissue.survey.counting import conflicts, count_tables_by_value, feasible_values, is_fixed
from reissue.survey.groups import ALL
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.layers import TooLargeError
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import NO_ANSWER, name_cell
from reissue.survey.rounding import ROUNDINGS
from reissue.survey.system import Form, System

#: How bounds such as "more than 93%" are read: as an inequality, and as the closest bound that is true.
BOUNDS = {"literal": False, "tight": True}

#: The name of the scenario in which respondents skipped questions.
SKIPPED = "respondents skipped questions"

#: The steps that may be taken to see whether statements fix a count: those that leave more to count fix nothing.
_SUPPORT_LIMIT = 30_000


@dataclass(frozen=True)
class Count:
    """One count that the report could have printed: some answers to a question, in one group or in all."""

    question: str
    options: tuple[str, ...]
    group: str
    #: The cells that it adds up, which another interpretation can change.
    form: Form = field(compare=False)

    @property
    def name(self) -> str:
        """The name of the count as a cell or total of the system."""
        return name_cell(self.question, ";".join(self.options), self.group)


#: The number of count tables by value, by count.
Counts = Mapping[Count, Mapping[int, int]]


def list_counts(questionnaire: Questionnaire, question: str) -> list[Count]:
    """Return the counts of a question, each of all respondents and by group.

    Answers that statements add up are counted together, before the first of them. A question that only some groups
    were asked has no count of all respondents. The question of the groups has one count for each group.
    """
    options = [one for one in questionnaire.options[question] if one != NO_ANSWER]
    groups = questionnaire.groups
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
    return [
        Count(question, one, group, tuple(questionnaire.sum_answers(question, one, group).items()))
        for one in ordered
        for group in ((ALL, *asked) if asked == groups.names else asked)
    ]


def tabulate_counts(questionnaire: Questionnaire, interpretation: Interpretation) -> dict[Count, dict[int, int]]:
    """Return for each count the number of count tables by value: empty where statements conflict."""
    found: dict[Count, dict[int, int]] = {}
    if interpretation.skipped:
        questionnaire = questionnaire.with_skips
    for cluster in questionnaire.clusters:
        system = questionnaire.build_system(cluster, interpretation)
        counts = [one for question in cluster for one in list_counts(questionnaire, question)]
        for one in counts:
            if one.name not in system.cells:
                system.total(one.name, dict(one.form))
        values = _ask(count_tables_by_value, system)
        found |= {one: values[one.name] for one in counts}
    return found


def _ask(function: Callable[..., Any], system: System, *arguments: Any) -> Any:
    """Return the result of a function for a system; it is cached, because interpretations share most systems."""
    key = tuple(system.cells.items()), tuple(system.statements), tuple(system.totals.items())
    return _ask_once(function, *key, *arguments)


@lru_cache(maxsize=65536)
def _ask_once(function: Callable[..., Any], cells: Any, statements: Any, totals: Any, *arguments: Any) -> Any:
    """Return the result of a function for the system of these cells, statements and totals."""
    return function(System(dict(cells), list(statements), dict(totals)), *arguments)


def build_count_row(
    questionnaire: Questionnaire, count: Count, reading: str, n: int, tables: Mapping[int, int], fixed_by: str | None
) -> dict[str, object]:
    """Return the row of a count in the table of counts: see `build_feasible_table`."""
    values = sorted(tables)
    return {
        **_name_count(questionnaire, count),
        "reading": reading,
        "n": n,
        "least": values[0],
        "most": values[-1],
        "feasible": ";".join(map(str, values)),
        "tables": ";".join(str(tables[value]) for value in values),
        "fixed_by": fixed_by,
    }


def _name_count(questionnaire: Questionnaire, count: Count) -> dict[str, str]:
    return {
        "question": count.question,
        "options": ";".join(count.options),
        "label": label_count(questionnaire, count),
        "side": count.group,
    }


class ConflictError(ValueError):
    """Statements cannot hold together: a minimal conflict by their ids, where bounds are read tightly if `tight`."""

    def __init__(self, statements: list[str], *, tight: bool) -> None:
        self.statements, self.tight = statements, tight
        super().__init__(self.describe(statements))

    def describe(self, statements: list[str]) -> str:
        """Return the message for the statements in other words than their ids, in the same order."""
        how = "where bounds are read tightly, " * self.tight
        if len(statements) == 1:
            return f"{how}no count fits this statement: {statements[0]}"
        return f"{how}these statements cannot hold together: {'; '.join(statements)}"


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
    ConflictError
        If the statements cannot hold together: the message names a minimal conflict.
    """
    rows = []
    for name, tight in BOUNDS.items():
        read = replace(interpretation, tight=tight)
        possible_counts = tabulate_counts(questionnaire, read)
        if not all(possible_counts.values()):
            raise ConflictError(find_conflicts(questionnaire, read)[0], tight=tight)
        sizes = questionnaire.build_system([], read)
        size = {
            group: feasible_values(sizes, questionnaire.sum_respondents(group))[-1]
            for group in (ALL, *questionnaire.groups.names)
        }
        for count, tables in possible_counts.items():
            fixed_by = ";".join(_find_support(questionnaire, read, count)) if len(tables) == 1 else None
            rows.append(build_count_row(questionnaire, count, name, size[count.group], tables, fixed_by))
    return pd.DataFrame(rows).astype({"fixed_by": "str"})


def label_count(questionnaire: Questionnaire, count: Count) -> str:
    """Return the answers of a count in words."""
    first, *rest = (questionnaire.labels[count.question][option] for option in count.options)
    return " or ".join([first, *(text[:1].lower() + text[1:] for text in rest)])


def build_sensitivity_table(questionnaire: Questionnaire, interpretation: Interpretation = PUBLISHED) -> pd.DataFrame:
    """Return one row per count that another interpretation would change, and per conflict that it makes.

    Returns
    -------
    DataFrame
        Columns scenario (the name of the other interpretation), question, options, label, side, published, changed
        (possible counts, joined by `;`), conflict (statements that cannot hold together, joined by `;`). A row has
        either a count or a conflict.

    Notes
    -----
    An interpretation that makes a conflict may be possible if respondents skipped questions. Then another scenario
    follows, with the counts that it changes beyond those that skipped questions alone change.
    """
    base = tabulate_counts(questionnaire, interpretation)
    skips = tabulate_counts(questionnaire, Interpretation(interpretation.rounding, skipped=True))
    rows: list[dict[str, str]] = []
    for name, other in list_scenarios(questionnaire, interpretation):
        possible_counts = tabulate_counts(questionnaire, other)
        if all(possible_counts.values()):
            rows += _list_changes(questionnaire, name, base, possible_counts, base)
            continue
        found = find_conflicts(questionnaire, other)
        rows += [{"scenario": name, "conflict": ";".join(one)} for one in found]
        skipped = replace(other, skipped=True)
        if not other.skipped and not find_conflicts(questionnaire, skipped):
            both = tabulate_counts(questionnaire, skipped)
            rows += _list_changes(questionnaire, f"{name}, if {SKIPPED}", base, both, skips)
    columns = ["scenario", "question", "options", "label", "side", "published", "changed", "conflict"]
    return pd.DataFrame(rows, columns=columns).fillna("")


def _list_changes(
    questionnaire: Questionnaire, name: str, base: Counts, possible_counts: Counts, known: Counts
) -> list[dict[str, str]]:
    """Return a row for each count of a scenario whose values are not the known ones; `published` is from `base`."""
    return [
        {
            "scenario": name,
            **_name_count(questionnaire, count),
            "published": ";".join(map(str, sorted(base[count]))),
            "changed": ";".join(map(str, sorted(values))),
        }
        for count, values in possible_counts.items()
        if values.keys() != known[count].keys()
    ]


def list_scenarios(
    questionnaire: Questionnaire, interpretation: Interpretation
) -> Iterator[tuple[str, Interpretation]]:
    """Yield every other interpretation with its name.

    Each differs in one point: rounding, tight bounds, skipped questions, one pair of questions or one vague quantifier.
    """
    plain = Interpretation(interpretation.rounding)
    for rule in ROUNDINGS:
        if rule != plain.rounding:
            yield f"percentages rounded by {rule}", Interpretation(rule)
    yield "bounds read tightly", replace(plain, tight=True)
    yield SKIPPED, replace(plain, skipped=True)
    for question, other in questionnaire.same.items():
        yield f"“{question}” and “{other}” are one question", replace(plain, same=frozenset({(question, other)}))
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
    systems = (questionnaire.build_system(cluster, interpretation) for cluster in questionnaire.clusters)
    found = [tuple(one) for system in systems for one in _ask(conflicts, system)]
    return [list(one) for one in dict.fromkeys(found)]


def _find_support(questionnaire: Questionnaire, interpretation: Interpretation, count: Count) -> list[str]:
    """Return statements that leave the count one value, none of which can be left out."""
    cluster = next(cluster for cluster in questionnaire.clusters if count.question in cluster)
    whole = questionnaire.build_system(cluster, interpretation)
    if count.question not in {*questionnaire.joint, *questionnaire.joint.values()}:
        alone = questionnaire.build_system([count.question], interpretation)
        whole = alone if _ask(_is_fixed, alone, count.form) else whole
    labels = whole.labels()
    for one in labels:
        if _ask(_is_fixed, whole.only([one]), count.form):
            return [one]
    # Words are left out before numbers: a count is based on numbers if possible.
    statements = questionnaire.statements
    vague = [one for one in labels if statements[one]["bound"] in questionnaire.quantifiers]
    for one in [*reversed(vague), *reversed([one for one in labels if one not in vague])]:
        fewer = [other for other in labels if other != one]
        if _ask(_is_fixed, whole.only(fewer), count.form):
            labels = fewer
    return labels


def _is_fixed(system: System, form: Form) -> bool:
    try:
        return is_fixed(system, dict(form), limit=_SUPPORT_LIMIT)
    except TooLargeError:
        # Too many tables remain to go through: a statement that was left out is needed.
        return False
