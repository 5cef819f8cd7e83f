"""From answers to counts: the cells of the survey's system, and the table that figures show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from reissue.answers.answers import answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.core import paths
from reissue.core.tables import load_raw
from reissue.survey.questions import ALL, SIDES, cell
from reissue.survey.results import counts, label
from reissue.survey.statements import Questionnaire
from reissue.survey.verdicts import COUNTED

#: The reading of counts that come from answers; in `fixed_by`, what fixes them.
ANSWERS = "answers"


def load_answers(survey: str) -> pd.DataFrame | None:
    """Return the answers of a respondent-level export: one row per respondent, question and option.

    Parameters
    ----------
    survey
        The export's file; empty where there is none, and then there are no answers. In a build the runner says
        where the file lies and only its name stands here.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping (`params/questionnaire.csv`).
    """
    if not survey:
        return None
    return read_answers(Path(os.environ.get(paths.SURVEY_VARIABLE) or survey))


def read_answers(path: Path) -> pd.DataFrame:
    """Return the answers of an export; `attrs["synthetic"]` says whether it is drawn rather than answered.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping.
    """
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


def counted_answers(survey: Questionnaire, cells: Mapping[str, int]) -> pd.DataFrame:
    """Return one row per count, as `feasible_table` does: one value where the answers tell it, else all are open.

    Columns question, options, label, side, reading (answers), n, least, most, feasible, tables, fixed_by.
    """
    size = {side: sum(cells[name] for name in survey.size(side)) for side in (ALL, *SIDES)}
    rows = []
    for question in survey.choice:
        for count in counts(survey, question):
            told = all(part in cells for part, _ in count.form)
            n = size[count.side]
            value = sum(cells[part] for part, _ in count.form) if told else None
            values = [value] if value is not None else list(range(n + 1))
            texts = ";".join(map(str, values)), ";".join("1" for _ in values)
            place = (question, ";".join(count.options), label(survey, count), count.side, ANSWERS)
            rows.append((*place, n, values[0], values[-1], *texts, ANSWERS if told else None))
    columns = ["question", "options", "label", "side", "reading", "n", "least", "most", "feasible", "tables"]
    found = pd.DataFrame(rows, columns=[*columns, "fixed_by"])
    return found.assign(fixed_by=found["fixed_by"].astype("str"))


def changes(published: pd.DataFrame, answered: pd.DataFrame) -> pd.DataFrame:
    """Return one row per claim whose verdict the answers change or bear out: what they do to it.

    Parameters
    ----------
    published, answered
        The ledger as judged by the report alone, and with the answers.

    Returns
    -------
    DataFrame
        Columns id, section, page, statement, before, after, effect (contradicted, settled, confirmed), evidence;
        contradictions first.
    """
    own = answered[answered["check"] == "survey"].merge(
        published[["id", "verdict"]].rename(columns={"verdict": "before"}), on="id", validate="one_to_one"
    )
    own = own.rename(columns={"verdict": "after"})
    effects = {"contradicted": "contradicted", "consistent": "confirmed"}
    own["effect"] = own["after"].map(effects)
    own.loc[(own["after"] == "consistent") & (own["before"] == "undetermined"), "effect"] = "settled"
    # Where the report contradicts itself, the answers have nothing to do with it.
    told = own["evidence"].str.startswith(COUNTED) | (own["before"] != own["after"])
    own = own[own["effect"].notna() & told]
    own["place"] = own["effect"].map({"contradicted": 0, "settled": 1, "confirmed": 2})
    columns = ["id", "section", "page", "statement", "before", "after", "effect", "evidence"]
    return own.sort_values("place", kind="stable")[columns].reset_index(drop=True)
