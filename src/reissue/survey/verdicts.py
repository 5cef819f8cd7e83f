"""The verdict on a statement about the survey: do all other statements leave it true, false or open?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reissue.core.language import format_counts
from reissue.survey.counting import conflicts, count_tables, feasible_values
from reissue.survey.groups import ALL
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.system import Alternative, FormLike, System

#: The result for a statement, given the others.
HOLDS, FAILS, OPEN = "holds", "fails", "open"
#: How the evidence of a verdict by the answers begins.
COUNTED = "counted in the answers"


@dataclass(frozen=True)
class SurveyFinding:
    """Whether a statement holds, fails or is left open by the others, the evidence in words, and what it fails by."""

    result: str
    evidence: str
    against: tuple[str, ...] = ()


@dataclass
class SurveyModel:
    """All statements about a survey, ready to judge any of them by the others.

    If `answers` has the true counts by cell, statements are compared with these alone.
    """

    questionnaire: Questionnaire
    interpretation: Interpretation = PUBLISHED
    answers: Mapping[str, int] | None = None
    _findings: dict[tuple[str, ...], SurveyFinding] = field(default_factory=dict, repr=False)
    _sizes: dict[tuple[str, ...], list[dict[str, int]]] = field(default_factory=dict, repr=False)

    def judge(self, ids: list[str]) -> SurveyFinding:
        """Judge the statements of one claim together, without the other statements of their sentences.

        Statements about answers are judged by the statements about the same questions, and about those that are tied
        to them. Statements about the numbers of respondents are judged by all statements, because these numbers bound
        every question: each combination of numbers that the statements about the groups allow is tried. This takes
        long where the numbers of many groups are open.
        """
        key = tuple(ids)
        if key not in self._findings:
            self._findings[key] = self._judge(ids)
        return self._findings[key]

    def _judge(self, ids: list[str]) -> SurveyFinding:
        survey = self.questionnaire
        required = [one for id_ in ids for one in survey.find_requirements(id_, self.interpretation)]
        if not required:
            return SurveyFinding(OPEN, f"no count follows from it: {survey.statements[ids[0]]['about']}")
        if self.answers is not None:
            return _compare_with_answers(required, self.answers)
        sentences = {survey.statements[id_]["sentence"] for id_ in ids}
        own = tuple(id_ for id_, row in survey.statements.items() if row["sentence"] in sentences)
        questions = {question for id_ in ids for question in survey.find_questions(id_)}
        if questions == {survey.groups.question}:
            return self._judge_sizes(own, required)
        reached = [one for cluster in survey.clusters if {*cluster} & questions for one in cluster]
        others = survey.build_system(reached, self.interpretation).without(*own)
        whole = count_tables(others)
        if not whole:
            return SurveyFinding(OPEN, f"the other statements cannot hold together: {', '.join(conflicts(others)[0])}")
        left = count_tables(_add_statement(others, required))
        form = _find_single_form(required)
        counts = _format_possible(feasible_values(others, form)) if form else ""
        if left == whole:
            return SurveyFinding(HOLDS, f"it follows from the other statements{counts}")
        if left:
            return SurveyFinding(OPEN, f"the other statements leave it open{counts}")
        against = tuple(one for one in conflicts(_add_statement(others, required, "\0"))[0] if one != "\0")
        return SurveyFinding(FAILS, f"it cannot hold together with {', '.join(against)}{counts}", against)

    def _judge_sizes(self, own: tuple[str, ...], required: list[list[Alternative]]) -> SurveyFinding:
        """Judge statements about the numbers of respondents alone."""
        sizes = self._find_sizes(own)
        if not sizes:
            return SurveyFinding(OPEN, "the other statements cannot hold together")
        number = sum(_is_true(required, one) for one in sizes)
        form = _find_single_form(required)
        counts = _format_possible(sorted({_sum_counts(form, one) for one in sizes})) if form else ""
        if number == len(sizes):
            return SurveyFinding(HOLDS, f"it follows from the other statements{counts}")
        result, how = (OPEN, "open") if number else (FAILS, "out")
        return SurveyFinding(result, f"the other statements leave it {how}{counts}")

    def _find_sizes(self, own: tuple[str, ...]) -> list[dict[str, int]]:
        """Return the numbers of respondents, by cell, that all questions allow without some statements."""
        if own not in self._sizes:
            survey = self.questionnaire
            systems = [survey.build_system(one, self.interpretation).without(*own) for one in survey.clusters]
            alone = survey.build_system([], self.interpretation).without(*own)
            respondents = survey.sum_respondents(ALL)
            sizes = _combine_values(alone, list(respondents))
            # The small systems first: the large ones are counted only for the numbers that remain.
            for system in sorted(systems, key=lambda system: len(system.cells)):
                sizes = [one for one in sizes if count_tables(_fix_values(system, one))]
            sums = {name: form for name, form in survey.sums.items() if form.keys() <= respondents.keys()}
            self._sizes[own] = [one | {name: _sum_counts(form, one) for name, form in sums.items()} for one in sizes]
        return self._sizes[own]


def _compare_with_answers(required: list[list[Alternative]], answers: Mapping[str, int]) -> SurveyFinding:
    forms = [form for alternatives in required for form, _ in alternatives]
    missing = [cell for form in forms for cell in form if cell not in answers]
    if missing:
        return SurveyFinding(OPEN, f"the answers do not have {missing[0]}")
    form = _find_single_form(required)
    counts = f": {_sum_counts(form, answers)} answered so" if form else ""
    return SurveyFinding(HOLDS if _is_true(required, answers) else FAILS, f"{COUNTED}{counts}")


def _add_statement(others: System, required: list[list[Alternative]], label: str = "") -> System:
    """Return a copy of a system with a statement added."""
    copy = others.without()
    for alternatives in required:
        copy.any_of(*alternatives, label=label)
    return copy


def _combine_values(system: System, names: list[str]) -> list[dict[str, int]]:
    """Return every combination of values that some cells can have together."""
    if not names:
        return [{}]
    first, *rest = names
    return [
        {first: value, **others}
        for value in feasible_values(system, {first: 1})
        for others in _combine_values(_fix_values(system, {first: value}), rest)
    ]


def _fix_values(system: System, values: Mapping[str, int]) -> System:
    """Return a copy of a system in which some cells have one value each."""
    return _add_statement(system, [[({name: 1}, {value})] for name, value in values.items()])


def _find_single_form(required: list[list[Alternative]]) -> FormLike:
    """Return the sum that a statement is about; an empty form where it is about several, or about a difference."""
    if len(required) != 1 or len(required[0]) != 1:
        return {}
    form, _ = required[0][0]
    return form if set(form.values()) == {1} else {}


def _format_possible(values: list[int]) -> str:
    return f": {format_counts(values, english=True)} {'is' if len(values) == 1 else 'are'} possible"


def _is_true(required: list[list[Alternative]], counts: Mapping[str, int]) -> bool:
    return all(any(_sum_counts(form, counts) in set(allowed) for form, allowed in one) for one in required)


def _sum_counts(form: FormLike, counts: Mapping[str, int]) -> int:
    return sum(factor * counts[cell] for cell, factor in form.items())
