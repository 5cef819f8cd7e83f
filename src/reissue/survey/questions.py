"""The questions of a survey and the cells of its answers.

A cell is the number of respondents of one side who gave one answer, `motivation.business.EU`; a total adds
up sides or answers, `motivation.sharing;partners.all`. A question that is counted jointly with another has
a cell per answer to both, `strategy.has.LAC.chile`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reissue.survey.system import FormLike, System

SIDES = ("EU", "LAC")
ALL = "all"
#: The question of the sides themselves.
RESPONDENTS = "respondents"


class Questions:
    """The questions with their answers, and which cells count them.

    Parameters
    ----------
    questions
        One row per question: id, order, group, choice (`single` or `multiple`), joint.
    options
        One row per answer: question, order, option, label.
    """

    def __init__(self, questions: pd.DataFrame, options: pd.DataFrame) -> None:
        ordered = questions.sort_values("order").fillna({"joint": ""})
        self.choice = dict(zip(ordered["id"], ordered["choice"], strict=True))
        self.group = dict(zip(ordered["id"], ordered["group"], strict=True))
        self.joint = {q: j for q, j in zip(ordered["id"], ordered["joint"], strict=True) if j}
        by_question = options.sort_values("order", kind="stable").groupby("question", sort=False)
        self.options = {str(q): list(rows["option"]) for q, rows in by_question}
        self.labels = {str(q): dict(zip(rows["option"], rows["label"], strict=True)) for q, rows in by_question}

    def form(self, question: str, options: Iterable[str], side: str) -> dict[str, int]:
        """Return the form that adds up some answers of a question, of one side or of all."""
        sides = [one for one in (SIDES if side == ALL else (side,)) if self.asked(question, one)]
        return {name: 1 for option in options for one in sides for name in self._cells(question, option, one)}

    def size(self, side: str) -> dict[str, int]:
        """Return the form that counts the respondents of a side, or of all."""
        return {cell(RESPONDENTS, one.lower(), ALL): 1 for one in (SIDES if side == ALL else (side,))}

    def asked(self, question: str, side: str) -> bool:
        """Whether a question has answers of a side: a question that others are joined with is of one side alone."""
        return side == "LAC" or question not in self.joint.values()

    def _cells(self, question: str, option: str, side: str) -> list[str]:
        """Return the cells that together are one answer of one side."""
        joint = self.joint.get(question)
        if side == "LAC" and joint:
            return [cell(question, option, side, other) for other in self.options[joint]]
        through = self._through(question)
        if through:
            return [cell(through, other, side, option) for other in self.options[through]]
        return [cell(question, option, side)]

    def _through(self, question: str) -> str:
        """Return the single-choice question that is counted jointly with this one, and so holds its cells."""
        return next((q for q, j in self.joint.items() if j == question and self.choice[q] == "single"), "")

    def all_cells(self, questions: Iterable[str]) -> list[str]:
        """Return the cells of some questions; what is counted jointly stands together, which makes counting fast."""
        names = [
            name
            for question in questions
            for side in SIDES
            if self.asked(question, side) and not self._through(question)
            for name in self.form(question, self.options[question], side)
        ]
        joint = [option for question in self.joint.values() for option in self.options[question]]
        place = {option: number for number, option in enumerate(joint)}
        return sorted(names, key=lambda name: place.get(name.split(".")[3], 0) if name.count(".") == 3 else len(place))

    def bind(self, system: System, question: str, most: int) -> None:
        """State what holds of the cells of a question, whatever is said: everybody asked gives one answer, or some."""
        options = self.options[question]
        for side in SIDES:
            if not self.asked(question, side):
                continue
            own = self.form(question, options, side)
            if self.choice[question] == "single":
                system.require({**own, **minus(self.size(side))}, {0})
                continue
            # Where answers are counted jointly, those of the other question bound them.
            for option in options if len(own) == len(options) else []:
                part = self.form(question, [option], side)
                system.require({**self.size(side), **minus(part)}, range(most + 1))
        if self.choice[question] == "multiple" and question in self.joint:
            joint = self.joint[question]
            for option in options:
                for other in self.options[joint]:
                    whole = self.form(joint, [other], "LAC")
                    part = {cell(question, option, "LAC", other): -1}
                    system.require({**whole, **part}, range(most + 1))


def cell(question: str, option: str, side: str, joint: str = "") -> str:
    """Return the name of a cell or total."""
    return ".".join(filter(None, (question, option, side, joint)))


def minus(form: FormLike) -> dict[str, int]:
    """Return the form with every factor turned round."""
    return {name: -factor for name, factor in form.items()}
