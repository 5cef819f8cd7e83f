"""From answers to a table of counts: all that the rest of the machinery takes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from reissue.answers.answers import answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.core import paths
from reissue.core.raw import load_raw
from reissue.survey.answered import Answers
from reissue.survey.questions import SIDES, cell
from reissue.survey.statements import Questionnaire, questionnaire


def count_answers(path: Path) -> Answers:
    """Return the table of counts of a respondent-level export: what a build from answers is made from.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping (`params/questionnaire.csv`).
    """
    given = read_answers(path)
    counts = cell_counts(questionnaire(load_raw()), given)
    return Answers(counts, paths.name_of(str(path)), bool(given.attrs["synthetic"]))


def read_answers(path: Path) -> pd.DataFrame:
    """Return the answers of an export; `attrs["synthetic"]` says whether it is drawn rather than answered.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping.
    """
    # The build checks what the report implies of them.
    raw = load_raw()
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    export = read_export(path)
    found = answers(export, mapping, raw["questions"], raw["options"])
    found.attrs["synthetic"] = export.synthetic
    return found


def cell_counts(survey: Questionnaire, given: pd.DataFrame) -> Mapping[str, int]:
    """Return the true count of every cell of the survey's system that the answers tell.

    Parameters
    ----------
    survey
        The questions, and which are counted jointly.
    given
        One row per respondent, question and option: respondent, side, question, option, chosen.
    """
    sides = given.drop_duplicates("respondent")["side"].astype("str").value_counts()
    found = {name: int(sides.get(side, 0)) for side in SIDES for name in survey.size(side)}
    chosen = given[given["chosen"]].astype({"side": "str", "question": "str", "option": "str"})
    asked = set(given["question"].astype("str"))
    single = chosen.groupby(["question", "option", "side"], observed=True).size().to_dict()
    for question, options in survey.options.items():
        if question not in asked or not survey.choice.get(question):
            continue
        for side in SIDES:
            if survey.asked(question, side) and not (side == "LAC" and question in survey.joint):
                for option in options:
                    found[cell(question, option, side)] = int(single.get((question, option, side), 0))
    for question, other in survey.joint.items():
        if {question, other} <= asked:
            found |= _joint(survey, chosen[chosen["side"] == "LAC"], question, other)
    for name, form in survey.sums().items():
        if set(form) <= set(found):
            found[name] = sum(found[part] for part in form)
    return found


def _joint(survey: Questionnaire, chosen: pd.DataFrame, question: str, other: str) -> dict[str, int]:
    own, theirs = (chosen[chosen["question"] == one][["respondent", "option"]] for one in (question, other))
    pairs = own.merge(theirs, on="respondent", suffixes=("", "_other"))
    number = pairs.groupby(["option", "option_other"]).size().to_dict()
    return {
        cell(question, option, "LAC", one): int(number.get((option, one), 0))
        for option in survey.options[question]
        for one in survey.options[other]
    }
