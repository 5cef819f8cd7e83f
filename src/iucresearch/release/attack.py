"""The attacker: what can be inferred about groups of respondents from the report and from what is released.

A reader who can reckon knows the report's statements, the questionnaire and the counts that are released. Which
numbers all of this leaves for a group, the engine of feasible counts works out exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from iucresearch.release.units import Unit, counts_of
from iucresearch.survey.counting import count_tables, draw, tables
from iucresearch.survey.questions import cell, minus
from iucresearch.survey.results import counts
from iucresearch.survey.small import is_small
from iucresearch.survey.statements import Questionnaire, Reading
from iucresearch.survey.system import Form, FormLike, System

#: How many tables are drawn to see what a group may be, before it is worked out.
_DRAWN = 16


@dataclass(frozen=True)
class Group:
    """Respondents who gave some answers to a question, or who did not.

    Attributes
    ----------
    question, options, side
        The answers, joined by `;`, and of whom: all, EU or LAC.
    gave
        Whether they gave one of the answers.
    joint
        The answer to another question that they gave besides; empty where none is asked for.
    form
        The cells that add up to them.
    """

    question: str
    options: str
    side: str
    gave: bool
    joint: str
    form: Form

    @property
    def name(self) -> str:
        """Its name as a total of a system."""
        return cell(self.question, self.options, self.side, self.joint) + (" gave" if self.gave else " did not")


#: Every number that a group may have.
Known = Mapping[Group, frozenset[int]]


def groups(survey: Questionnaire, question: str) -> list[Group]:
    """Return the groups that a question makes: who gave each answer, or answers added up, and who did not.

    Where answers are counted jointly with another question, also who gave both, or one alone.
    """
    found = []
    for one in counts(survey, question):
        for gave, form in ((True, dict(one.form)), (False, _less(survey.size(one.side), dict(one.form)))):
            found.append(_group(question, ";".join(one.options), one.side, gave, "", form))
    other = survey.joint.get(question, "")
    for option in survey.options[question] if other else ():
        for theirs in survey.options[other]:
            both = {cell(question, option, "LAC", theirs): 1}
            found.append(_group(question, option, "LAC", True, theirs, both))
            found.append(
                _group(question, option, "LAC", False, theirs, _less(survey.form(other, [theirs], "LAC"), both))
            )
            alone = _less(survey.form(question, [option], "LAC"), both)
            found.append(_group(question, option, "LAC", True, f"not {theirs}", alone))
    return found


def known(survey: Questionnaire, question: str, reading: Reading) -> Known:
    """Return what is known of the groups of a question, and of those that statements tie it to.

    Where statements cannot hold together, nothing is left of any group.

    Raises
    ------
    TooLargeError
        If that is too large to be worked out.
    """
    cluster = cluster_of(survey, question)
    system = survey.system(cluster, reading)
    asked = [group for one in cluster for group in groups(survey, one)]
    for group in asked:
        system.total(group.name, dict(group.form))
    possible = tables(system)
    return {group: frozenset(possible[group.name]) for group in asked}


def cluster_of(survey: Questionnaire, question: str) -> list[str]:
    """Return the questions that statements or joint counts tie to one, itself among them."""
    return next(cluster for cluster in survey.clusters() if question in cluster)


def told(published: Known, after: Known, smallest: int) -> list[Group]:
    """Return the small groups that can be inferred and that the report does not leave just so."""
    return [group for group, left in after.items() if is_small(left, smallest) and left != published[group]]


def told_by_absence(survey: Questionnaire, unit: Unit, before: Known, smallest: int, reading: Reading) -> list[Group]:
    """Return the groups that are known to be small once it is known that the unit is held back for a small group.

    A group is safe where some table of counts has it none or large, and another group of the unit small: then the
    unit would be held back, too.

    Parameters
    ----------
    survey
        The report's statements and what is released before.
    unit
        What may be held back.
    before
        What is known of the groups before.
    smallest, reading
        The size from which a group is not small; how statements are read.

    Raises
    ------
    TooLargeError
        If that is too large to be worked out.
    """
    own = {one.name for one in counts_of(survey, unit)}
    asked = [group for group in groups(survey, unit.question) if not group.joint and _count_of(group) in own]
    open_ = [group for group in asked if len(before[group]) > 1 and _small(before[group], smallest)]
    unsafe = [group for group in open_ if not is_small(before[group], smallest)]
    cluster = cluster_of(survey, unit.question)
    for trigger in open_:
        rest = [group for group in unsafe if group is not trigger]
        if not rest:
            continue
        system = _where(survey.system(cluster, reading), trigger, _small(before[trigger], smallest))
        for group in rest:
            system.total(group.name, dict(group.form))
        if not count_tables(system):
            continue
        drawn = draw(system, _DRAWN, seed=1)
        seen = {group for group in rest if not np.isin(drawn[group.name], range(1, smallest)).all()}
        for group in rest:
            if group not in seen:
                large = before[group] - _small(before[group], smallest)
                seen |= {group} if count_tables(_where(system, group, large)) else set()
        unsafe = [group for group in unsafe if group not in seen]
    return unsafe


def _small(possible: frozenset[int], smallest: int) -> frozenset[int]:
    return frozenset(value for value in possible if 0 < value < smallest)


def _where(system: System, group: Group, allowed: Iterable[int]) -> System:
    return system.without().require(dict(group.form), frozenset(allowed))


def _count_of(group: Group) -> str:
    return cell(group.question, group.options, group.side)


def _less(whole: FormLike, part: FormLike) -> dict[str, int]:
    """Return a form less another; what cancels out is left out."""
    names = dict.fromkeys([*whole, *part])
    found = {name: whole.get(name, 0) + minus(part).get(name, 0) for name in names}
    return {name: factor for name, factor in found.items() if factor}


def _group(question: str, options: str, side: str, gave: bool, joint: str, form: FormLike) -> Group:
    return Group(question, options, side, gave, joint, tuple(form.items()))
