"""From a report's statements about a survey to a system of counts.

Each row of the table of statements becomes one statement of the system, labelled with its id: a number as it is
printed, a vague quantifier by its rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.questions import ALL, Groups, Questions
from reissue.survey.statements import Statements
from reissue.survey.system import Alternative, System


class Questionnaire(Questions):
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
        One row per question: id, order, group, choice (`single` or `multiple`), joint.
    options
        One row per answer: question, order, option, label.
    quantifiers
        One row per vague quantifier: word, rule, amount, strict, used.
    groups
        The groups of respondents.

    Raises
    ------
    ValueError
        If no statement prints the number of all respondents, or questions cannot be counted jointly.

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
        super().__init__(questions, options, groups)
        self._statements = Statements(statements, quantifiers, self)
        #: The statements by id, and the vague quantifiers by word.
        self.statements, self.quantifiers = self._statements.rows, self._statements.quantifiers
        self.sums = {name: form for name, (_, form) in self._statements.sums.items()}
        self._questions = {id_: self._statements.find_questions(id_) for id_ in self.statements}
        # The same few systems are asked for hundreds of times.
        self._systems: dict[tuple[tuple[str, ...], Interpretation], System] = {}

    def find_clusters(self) -> list[list[str]]:
        """Return the questions that statements or joint counts tie together, in the order of the questions."""
        ties = [{question, joint} for question, joint in self.joint.items()]
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

        A statement that bounds no count, or whose vague quantifier the interpretation leaves out, is not in it.
        """
        chosen = self.choice if questions is None else questions
        asked = tuple(one for one in chosen if one != self.groups.question)
        if (asked, interpretation) not in self._systems:
            system = self.build_structure(asked)
            for id_ in self.statements:
                is_about = {*asked, self.groups.question}.issuperset(self._questions[id_])
                if is_about and self.is_binding(id_, interpretation):
                    for alternatives in self.find_requirements(id_, interpretation):
                        system.any_of(*alternatives, label=id_)
            self._systems[asked, interpretation] = system
        return self._systems[asked, interpretation].without()

    def build_structure(self, asked: Iterable[str]) -> System:
        """Return what is true of the counts of some questions, and of the groups, whatever the report states."""
        system = System()
        for name in self.sum_respondents(ALL):
            system.cell(name, self._statements.maximum)
        for name in self.list_cells(asked):
            system.cell(name, self._statements.maximum)
        for question in asked:
            self.require_choices(system, question, self._statements.maximum)
        for name, (question, form) in self._statements.sums.items():
            if question in asked or question == self.groups.question:
                system.cell(name, self._statements.maximum).require({**form, name: -1}, {0})
        return system

    def is_binding(self, id_: str, interpretation: Interpretation = PUBLISHED) -> bool:
        """Return whether a statement bounds counts under an interpretation."""
        bound = self.statements[id_]["bound"]
        if bound in self.quantifiers:
            is_used = self.quantifiers[bound]["used"] or bound in interpretation.used
            if not is_used or bound in interpretation.without:
                return False
        return bool(self.find_requirements(id_, interpretation))

    def find_requirements(self, id_: str, interpretation: Interpretation = PUBLISHED) -> list[list[Alternative]]:
        """Return what a statement requires: choices that hold together, each a list of alternatives.

        The list is empty where the statement bounds no count.
        """
        return self._statements.find_requirements(id_, interpretation)

    def find_questions(self, id_: str) -> list[str]:
        """Return the questions that a statement is about."""
        return list(self._questions[id_])

    def is_sum(self, id_: str) -> bool:
        """Return whether a statement is about the sum of its answers, which is then a count to show."""
        return self._statements.is_sum(self.statements[id_])
