"""From a report's statements about a survey to a system of counts.

Each row of the table of statements becomes one statement of the system, labelled with its id: a number as it is
printed, a vague quantifier by its rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from reissue.survey.groups import ALL, Groups
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.questions import NO_ANSWER
from reissue.survey.statements import Statements
from reissue.survey.system import System


class Questionnaire(Statements):
    """The statements about a survey, its groups, questions and answers, and the rules of vague quantifiers.

    Parameters
    ----------
    statements
        One row per statement; columns id, sentence, question, options, side, unit, bound, value, against, members.
        `side` is a group of respondents or `all`. `against` holds what the answers are compared with, as
        `question:options` or, for the answers of another group, `question:options:group`; several are joined by `|`.
        The question of the groups has one statement with the unit `count` for each group whose percentages are
        printed, and one for all.
    questions
        One row per question: id, order, group (the exhibit that shows it), choice (`single` or `multiple`), joint
        (the single-choice question with which it is counted jointly; missing where there is none). The column same
        may be left out: it has the question that another interpretation takes for the same one.
    options
        One row per answer: question, order, option, label.
    quantifiers
        One row per vague quantifier: word, rule, amount, strict, used.
    groups
        The groups of respondents.

    Raises
    ------
    ValueError
        If no statement prints the number of all respondents, or questions cannot be counted jointly or be the same.

    Notes
    -----
    A percentage of a group is a share of its respondents; a percentage of `all` is a share of all respondents, also
    where a question was asked of some groups only.
    """

    def __init__(
        self,
        statements: pd.DataFrame,
        questions: pd.DataFrame,
        options: pd.DataFrame,
        quantifiers: pd.DataFrame,
        groups: Groups,
    ) -> None:
        super().__init__(statements, questions, options, quantifiers, groups)
        self._tables = statements, questions, options, quantifiers

    @cached_property
    def with_skips(self) -> Questionnaire:
        """The questionnaire in which each single-choice question has one more answer: that of those who skipped it.

        Everybody has an answer to the question of the groups.
        """
        statements, questions, options, quantifiers = self._tables
        skippable = [one for one, choice in self.choice.items() if choice == "single" and one != self.groups.question]
        last = int(options["order"].max()) + 1
        rows = [{"question": one, "order": last, "option": NO_ANSWER, "label": NO_ANSWER} for one in skippable]
        more = pd.concat([options, pd.DataFrame(rows)], ignore_index=True)
        found = Questionnaire(statements, questions, more, quantifiers, self.groups)
        found.with_skips = found
        return found

    @cached_property
    def _systems(self) -> dict[tuple[tuple[str, ...], Interpretation], System]:
        """The systems that were built: callers ask for the same few systems hundreds of times."""
        return {}

    @cached_property
    def clusters(self) -> list[list[str]]:
        """The groups of questions that statements or joint counts link, in the order of the questionnaire."""
        ties = [{question, joint} for question, joint in self.joint.items()]
        ties += [{question, other} for question, other in self.same.items()]
        ties += [{*self.find_questions(id_)} for id_ in self.statements]
        found: list[list[str]] = []
        for question in self.choice:
            if not any(question in cluster for cluster in found):
                reached = {question}
                while any(reached & tie and not tie <= reached for tie in ties):
                    reached |= {one for tie in ties if reached & tie for one in tie}
                found.append([one for one in self.choice if one in reached])
        return found

    def build_system(
        self, questions: Iterable[str] | None = None, interpretation: Interpretation = PUBLISHED
    ) -> System:
        """Return the system of some questions, or of all; it always has the numbers of respondents.

        It leaves out a statement that bounds no count, or whose vague quantifier the interpretation leaves out. If
        respondents may have skipped questions, it has the cells of `with_skips`.
        """
        if interpretation.skipped and self.with_skips is not self:
            return self.with_skips.build_system(questions, interpretation)
        chosen = self.choice if questions is None else questions
        asked = tuple(one for one in chosen if one != self.groups.question)
        if (asked, interpretation) not in self._systems:
            system = self._build_structure(asked)
            for first, second in sorted(interpretation.same):
                if {first, second} <= {*asked}:
                    self.require_same(system, first, second)
            for id_ in self.statements:
                is_about = {*asked, self.groups.question}.issuperset(self.find_questions(id_))
                if is_about and self.is_used(id_, interpretation):
                    for alternatives in self.find_requirements(id_, interpretation):
                        system.any_of(*alternatives, label=id_)
            self._systems[asked, interpretation] = system
        return self._systems[asked, interpretation].without()

    def _build_structure(self, asked: Iterable[str]) -> System:
        """Return what is true of the counts of some questions, and of the groups, whatever the report states."""
        system = System()
        for name in [*self.sum_respondents(ALL), *self.list_cells(asked)]:
            system.cell(name, self.maximum)
        for question in asked:
            self.require_choices(system, question, self.maximum)
        for name, form in self.sums.items():
            if form.keys() <= system.cells.keys():
                system.cell(name, self.maximum).require({**form, name: -1}, {0})
        return system
