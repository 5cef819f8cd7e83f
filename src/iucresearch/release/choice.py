"""Which counts may be released: unit by unit, in a fixed order, each tried by the attacker together with all before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iucresearch.release.attack import Known, cluster_of, known, told, told_by_absence
from iucresearch.release.counts import COUNTS, HELD, WHY, Released
from iucresearch.release.units import Unit, everybody_answered, true_counts, units
from iucresearch.survey.informed import Informed
from iucresearch.survey.layers import TooLargeError
from iucresearch.survey.questions import ALL, RESPONDENTS, SIDES
from iucresearch.survey.small import SMALLEST, is_small
from iucresearch.survey.statements import Questionnaire, Reading


@dataclass
class Attacker:
    """What is known of groups from the report, and from the report with counts that are told.

    Attributes
    ----------
    report
        The report's statements.
    readings
        The ways in which they may be read; what can be inferred by any of them can be inferred.
    smallest
        The size from which a group is not small.
    """

    report: Questionnaire
    readings: Sequence[Reading] = (Reading(), Reading(tight=True))
    smallest: int = SMALLEST
    _known: dict[tuple[object, ...], Known] = field(default_factory=dict, repr=False)

    def published(self, question: str, reading: Reading) -> Known:
        """Return what the report alone leaves of the groups of a question and of those tied to it."""
        return self.known(self.report, question, reading)

    def known(self, survey: Questionnaire, question: str, reading: Reading) -> Known:
        """Return what is known of the groups of a question and of those tied to it; worked out once.

        Raises
        ------
        TooLargeError
            If that is too large to be worked out.
        """
        cluster = cluster_of(survey, question)
        told_ = survey.told_of(cluster) if isinstance(survey, Informed) else ()
        key = cluster[0], reading, told_
        if key not in self._known:
            self._known[key] = known(survey, question, reading)
        return self._known[key]

    def tells(self, counts: pd.DataFrame, sizes: Mapping[str, int]) -> bool:
        """Whether counts tell of a small group by themselves: somebody's number, or that of all others, is small.

        Parameters
        ----------
        counts
            Counts of one question: question, options, side, count.
        sizes
            The number of respondents, of all and by side.
        """
        number = {
            (str(options), str(side)): int(count)
            for options, side, count in zip(counts["options"], counts["side"], counts["count"], strict=True)
        }
        for reading in self.readings:
            for group, before in self.published(str(counts["question"].iloc[0]), reading).items():
                place = group.options, group.side
                if group.question == counts["question"].iloc[0] and not group.joint and place in number:
                    left = frozenset({number[place] if group.gave else sizes[group.side] - number[place]})
                    if is_small(left, self.smallest) and left != before:
                        return True
        return False

    def fault(self, survey: Informed, questions: Sequence[str]) -> str:
        """Return why what is told must not be: the reason, empty where nothing is inferred that must not be.

        Parameters
        ----------
        survey
            The report's statements with what is told.
        questions
            Those whose groups, with those tied to them, are looked at.
        """
        for question in dict.fromkeys(cluster_of(survey, question)[0] for question in questions):
            for reading in self.readings:
                try:
                    after, before = self.known(survey, question, reading), self.published(question, reading)
                except TooLargeError:
                    return "unclear"
                if not all(after.values()):
                    return "unclear"
                if told(before, after, self.smallest):
                    return "small"
        return ""

    def fault_of_absence(self, survey: Informed, unit: Unit) -> str:
        """Return why a unit is held back whatever the answers are: the reason, or nothing.

        Parameters
        ----------
        survey
            The report's statements with what is told before.
        """
        for reading in self.readings:
            try:
                before = self.known(survey, unit.question, reading)
                if told_by_absence(survey, unit, before, self.smallest, reading):
                    return "always"
            except TooLargeError:
                return "unclear"
        return ""


def choose(attacker: Attacker, cells: Mapping[str, int], titles: Mapping[str, str], *, synthetic: bool) -> Released:
    """Return the counts that may be released, and what is held back and why.

    Numbers of respondents come first: while they are not known for certain, nothing else is released.

    Parameters
    ----------
    attacker
        Who tries to infer what must not be told.
    cells
        True counts by cell, as `iucresearch.intake.counts.cell_counts` returns them.
    titles
        The question in words, by its id.
    synthetic
        Whether nobody gave the answers.
    """
    report = attacker.report
    chosen, held = pd.DataFrame(columns=list(COUNTS)).astype({"count": "int64"}), []
    everything = list(report.choice)
    for unit in units(report):
        reason, own = _tried(
            attacker, unit, chosen, cells, everything if unit.question == RESPONDENTS else [unit.question]
        )
        if reason:
            why = WHY[reason].format(smallest=attacker.smallest)
            held.append((unit.question, titles[unit.question], unit.level, reason, attacker.smallest, why))
        else:
            chosen = pd.concat([chosen, own], ignore_index=True)
    return Released(chosen, pd.DataFrame(held, columns=list(HELD)), attacker.smallest, synthetic)


def _tried(
    attacker: Attacker, unit: Unit, chosen: pd.DataFrame, cells: Mapping[str, int], questions: Sequence[str]
) -> tuple[str, pd.DataFrame]:
    """Return why a unit is held back, empty where it is not, and its counts."""
    report = attacker.report
    own = true_counts(report, unit, cells)
    if own is None:
        return "not asked", chosen
    if not everybody_answered(report, unit.question, cells):
        return "partly answered", own
    if unit.question != RESPONDENTS:
        if RESPONDENTS not in set(chosen["question"]):
            return "unclear", own
        if reason := attacker.fault_of_absence(Informed(report, chosen), unit):
            return reason, own
    sizes = {side: sum(cells[part] for part in report.size(side)) for side in (ALL, *SIDES)}
    # Most of what must not be told is told outright, and need not be worked out.
    try:
        if attacker.tells(own, sizes):
            return "small", own
    except TooLargeError:
        return "unclear", own
    return attacker.fault(Informed(report, pd.concat([chosen, own], ignore_index=True)), questions), own
