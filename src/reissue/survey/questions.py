"""The questions of a survey, and the cells that count their answers.

A cell is the number of respondents of one group who gave one answer, `meals.daily.Staff`. A sum adds up groups or
answers, `meals.daily;weekly.all`. A question that is counted jointly with another has a cell per answer to both,
`meals.daily.Guests.north`.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import pandas as pd

from reissue.survey.groups import ALL, Groups
from reissue.survey.system import FormLike, System

#: The answer of respondents who skipped a single-choice question; no report's option has a space in its name.
NO_ANSWER = "no answer"


class Questions:
    """The questions with their answers, and the cells that count them; `Questionnaire` has the parameters.

    Two questions are counted jointly in each group that was asked both.
    """

    def __init__(self, questions: pd.DataFrame, options: pd.DataFrame, groups: Groups) -> None:
        self.groups = groups
        ordered = questions.assign(same=questions.get("same", "")).sort_values("order")
        ordered = ordered.fillna({"joint": "", "same": ""})
        self.choice = dict(zip(ordered["id"], ordered["choice"], strict=True))
        self.exhibit = dict(zip(ordered["id"], ordered["group"], strict=True))
        self.joint = {q: j for q, j in zip(ordered["id"], ordered["joint"], strict=True) if j}
        for question, joint in self.joint.items():
            if self.choice.get(joint) != "single" or joint in self.joint:
                raise ValueError(
                    f"question {question!r} cannot be counted jointly with {joint!r}: "
                    "expected a single-choice question that is not joined with another"
                )
        by_question = options.sort_values("order", kind="stable").groupby("question", sort=False)
        self.options = {str(q): list(rows["option"]) for q, rows in by_question}
        self.labels = {str(q): dict(zip(rows["option"], rows["label"], strict=True)) for q, rows in by_question}
        #: The question that another interpretation takes for the same one, by question.
        self.same = {q: s for q, s in zip(ordered["id"], ordered["same"], strict=True) if s}
        for question, other in self.same.items():
            if other not in self.choice or self._get_form(question) != self._get_form(other):
                raise ValueError(
                    f"question {question!r} cannot be the same as {other!r}: "
                    "expected a question with the same choice, options and groups"
                )

    def list_groups(self, question: str) -> tuple[str, ...]:
        """Return the groups that were asked a question."""
        asked = self.groups.asked.get(question, self.groups.names)
        return tuple(group for group in self.groups.names if group in asked)

    def _get_form(self, question: str) -> tuple[str, list[str], tuple[str, ...]]:
        """Return what two questions must have in common to be one."""
        return self.choice[question], self.options[question], self.list_groups(question)

    def find_joint(self, question: str, group: str) -> str:
        """Return the question with which a question is counted jointly in a group, or an empty text."""
        joint = self.joint.get(question, "")
        return joint if joint and group in self.list_groups(joint) else ""

    def sum_answers(self, question: str, options: Iterable[str], group: str) -> dict[str, int]:
        """Return the form that adds up some answers of a question, in one group or in all."""
        if question == self.groups.question:
            own = [self.groups.options[one] for one in self.groups.select(group)]
            return {name_cell(question, option, ALL): 1 for option in options if option in own}
        asked = [one for one in self.groups.select(group) if one in self.list_groups(question)]
        return {name: 1 for option in options for one in asked for name in self._cells(question, option, one)}

    def sum_respondents(self, group: str) -> dict[str, int]:
        """Return the form that counts the respondents of a group, or of all."""
        return self.sum_answers(self.groups.question, self.groups.by_option, group)

    def _cells(self, question: str, option: str, group: str) -> list[str]:
        """Return the cells that together count one answer in one group."""
        joint = self.find_joint(question, group)
        if joint:
            return [name_cell(question, option, group, other) for other in self.options[joint]]
        holder = self.find_holder(question, group)
        if holder:
            return [name_cell(holder, other, group, option) for other in self.options[holder]]
        return [name_cell(question, option, group)]

    def find_holder(self, question: str, group: str) -> str:
        """Return the first single-choice question that is counted jointly with this one, or an empty text.

        Its cells count the answers to both.
        """
        joined = (q for q, joint in self.joint.items() if joint == question and self.choice[q] == "single")
        return next((q for q in joined if {group} <= {*self.list_groups(q)} & {*self.list_groups(question)}), "")

    def list_cells(self, questions: Iterable[str]) -> list[str]:
        """Return the cells of some questions.

        Cells of the same answer to a joint question are neighbours, which makes counting fast.
        """
        cells = [
            (place if self.find_joint(question, group) else 0, name)
            for question in questions
            for group in self.list_groups(question)
            if not self.find_holder(question, group)
            for option in self.options[question]
            for place, name in enumerate(self._cells(question, option, group))
        ]
        return [name for _, name in sorted(cells, key=itemgetter(0))]

    def require_choices(self, system: System, question: str, maximum: int) -> None:
        """Require what the kind of a question implies: a respondent gives one answer, or each answer at most once.

        The system has the cells of the question, of those that it is counted jointly with, and of the groups. No
        count exceeds `maximum`.
        """
        for group in self.list_groups(question):
            own, size = self.sum_answers(question, self.options[question], group), self.sum_respondents(group)
            joint = self.find_joint(question, group)
            if self.choice[question] == "single":
                system.require(subtract(own, size), {0})
                if joint and self.find_holder(joint, group) != question:
                    self._require_parts(system, question, joint, group, {0})
            elif joint:
                self._require_parts(system, question, joint, group, range(maximum + 1))
            else:
                for name in own:
                    system.require(subtract(size, {name: 1}), range(maximum + 1))

    def require_same(self, system: System, first: str, second: str) -> None:
        """Require that each answer to one question has the same count as that answer to another, in each group."""
        for group in self.list_groups(first):
            for option in self.options[first]:
                counts = (self.sum_answers(question, [option], group) for question in (first, second))
                system.require(subtract(*counts), {0})

    def _require_parts(self, system: System, question: str, joint: str, group: str, left: Iterable[int]) -> None:
        """Require, for each joint answer, how many of the respondents who gave it are left by these answers."""
        single, allowed = self.choice[question] == "single", frozenset(left)
        for options in [self.options[question]] if single else [[one] for one in self.options[question]]:
            for other in self.options[joint]:
                parts = {name_cell(question, option, group, other): 1 for option in options}
                system.require(subtract(self.sum_answers(joint, [other], group), parts), allowed)


def name_cell(question: str, option: str, group: str, joint: str = "") -> str:
    """Return the name of a cell or sum."""
    return ".".join(filter(None, (question, option, group, joint)))


def subtract(first: FormLike, second: FormLike) -> dict[str, int]:
    """Return the form that is the difference of two forms."""
    return {name: first.get(name, 0) - second.get(name, 0) for name in (*first, *second)}
