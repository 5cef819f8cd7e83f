"""Count answers by cell: the rest of the machinery needs nothing else of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import product
from pathlib import Path

import pandas as pd

from reissue.answers.decoding import decode_answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.core import paths
from reissue.core.raw import load_raw
from reissue.exhibits.edition import Edition
from reissue.survey.answer_counts import AnswerCounts
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import name_cell


def count_answers(path: Path, edition: Edition) -> AnswerCounts:
    """Return the counts of a respondent-level export, from which a build from true answers is made.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping (`params/questionnaire.csv`).
    """
    # The build checks the raw tables themselves.
    raw = load_raw()
    questionnaire: Questionnaire = edition.build_questionnaire(raw)
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    export = read_export(path)
    answers = decode_answers(export, mapping, raw["questions"], raw["options"], questionnaire.groups)
    return AnswerCounts(count_cells(questionnaire, answers), paths.name_of(str(path)), export.synthetic)


def count_cells(questionnaire: Questionnaire, answers: pd.DataFrame) -> Mapping[str, int]:
    """Return the true count of every cell whose questions are in the answers.

    `answers` is what `decode_answers` returns. Answers to a question that a group was not asked are not counted.
    """
    groups = questionnaire.groups
    sizes = answers.drop_duplicates("respondent")["group"].astype("str").value_counts()
    found = {name: int(sizes.get(group, 0)) for group in groups.names for name in questionnaire.sum_respondents(group)}
    chosen = answers[answers["chosen"]].astype({"group": "str", "question": "str", "option": "str"})
    present = set(answers["question"].astype("str"))
    single = chosen.groupby(["question", "option", "group"], observed=True).size().to_dict()
    for question, options in questionnaire.options.items():
        if question not in questionnaire.choice or question == groups.question:
            continue
        for group in questionnaire.list_groups(question):
            joint = questionnaire.find_joint(question, group)
            # A group without respondents has no answers, whether the question is in the file or not.
            is_known = {question, joint} <= present | {""} or not sizes.get(group, 0)
            if not is_known or questionnaire.find_holder(question, group):
                continue
            if joint:
                pairs = _count_pairs(chosen[chosen["group"] == group], question, joint)
                both = product(options, questionnaire.options[joint])
                found |= {name_cell(question, one, group, other): pairs.get((one, other), 0) for one, other in both}
            else:
                found |= {name_cell(question, one, group): single.get((question, one, group), 0) for one in options}
    for name, form in questionnaire.sums.items():
        if set(form) <= set(found):
            found[name] = sum(found[part] for part in form)
    return found


def _count_pairs(chosen: pd.DataFrame, question: str, joint: str) -> dict[Hashable, int]:
    """Return the number of respondents by their answers to two questions."""
    own, others = (chosen[chosen["question"] == one][["respondent", "option"]] for one in (question, joint))
    pairs = own.merge(others, on="respondent", suffixes=("", "_joint"))
    return pairs.groupby(["option", "option_joint"]).size().to_dict()
