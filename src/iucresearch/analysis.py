"""Counts that the statements of the report allow, named values, and verdicts on the statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from iucresearch import drawings
from iucresearch.questionnaire import GROUPS, build_questionnaire
from iucresearch.values import named_values
from reissue.core.errors import InputError
from reissue.ledger.evidence import Evidence
from reissue.ledger.judge import find_changes, judge
from reissue.ledger.messages import rate_messages
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import ConflictError, build_feasible_table
from reissue.survey.verdicts import SurveyModel

Tables = dict[str, pd.DataFrame]

_SURVEY_FILE, _EXPECTED = "data/raw/survey.csv", "statements that some answers satisfy"
#: In `allowed`: the rounding rule prints no whole count this way.
NO_COUNT = "none"


def analyse(
    raw: Mapping[str, pd.DataFrame],
    cleaned: Mapping[str, pd.DataFrame],
    *,
    rounding: str = "up_or_down",
    answers: Mapping[str, int] | None = None,
) -> Tables:
    """Return the tables that are counted and judged, by name: survey, survey_counts, values, claims, messages.

    Parameters
    ----------
    raw
        The raw tables `survey`, `claims` and `messages`, already validated: what to count, to judge and to rate.
    cleaned
        The cleaned tables, as `iucresearch.clean.clean` returns them. Values that somebody entered from the drawings
        are statements about the survey, or replace the pages of claims.
    rounding
        How printed percentages were rounded (see `reissue.survey.allowed_counts`).
    answers
        The number of respondents by cell, if somebody has the true answers: they replace the possible counts, claims
        are compared with them, and a table `changes` lists the verdicts that they change.

    Raises
    ------
    InputError
        If the statements about the survey contradict one another.
    """
    survey = drawings.collect_statements({**cleaned, "survey": raw["survey"]})
    claims = drawings.replace_pages(raw["claims"], cleaned["drawings"])
    report = SurveyModel(build_questionnaire({**cleaned, "survey": survey}), Interpretation(rounding))
    model = report if answers is None else SurveyModel(report.questionnaire, report.interpretation, answers)
    found: Tables = {
        "survey": survey_statements(survey, report),
        "survey_counts": survey_counts(
            model, cleaned["questions"], {*drawings.find_entered(cleaned["drawings"])["id"]}
        ),
    }
    found["values"] = named_values({**cleaned, **found, "claims": claims})
    tables = {**cleaned, **found}
    found["claims"] = judge(claims, tables, cleaned["readings"], model)
    tables |= found
    evidence = Evidence.from_rows(lambda name: tables[name].to_dict("records") if name in tables else ())  # type: ignore[arg-type,return-value]
    found["messages"] = rate_messages(raw["messages"], evidence, set(found["values"]["name"]))
    if model is not report:
        found["changes"] = find_changes(judge(claims, tables, cleaned["readings"], report), found["claims"])
    return found


def survey_statements(survey: pd.DataFrame, model: SurveyModel) -> pd.DataFrame:
    """Return one row per published statement, with the whole counts of respondents that it allows.

    `n` is the number of respondents of the statement's side. `allowed` holds counts joined by `;`;
    it is missing where the statement is not about one count, and `none` where no count can be printed that
    way under the rounding rule.
    """
    sizes = survey[(survey["question"] == GROUPS.question) & (survey["unit"] == "count")]
    n = dict(zip(sizes["side"], sizes["value"], strict=True))
    table = survey.copy()
    table["n"] = table["side"].map(n).astype("int64")
    allowed = [_allowed(model, id_, n) for id_, n in zip(table["id"], table["n"], strict=True)]
    table["allowed"] = pd.Series(allowed, dtype="str", index=table.index)
    return table


def survey_counts(model: SurveyModel, questions: pd.DataFrame, entered: Collection[str] = ()) -> pd.DataFrame:
    """Return one row per count of the survey and reading of bounds: what the statements allow, or the true count.

    Columns question, group, title, options, label, side, reading, n, least, most, feasible, tables, fixed_by. `entered`
    has the statements that are values of drawings: the error says how to correct them.

    Raises
    ------
    InputError
        If the statements contradict one another.
    """
    try:
        if model.answers is None:
            counts = build_feasible_table(model.questionnaire, model.interpretation)
        else:
            counts = build_answer_table(model.questionnaire, model.answers)
    except ConflictError as error:
        raise _explain_conflict(error, model, entered) from None
    except ValueError as error:
        raise InputError(str(error), where=_SURVEY_FILE, expected=_EXPECTED, remedy="correct the statement") from None
    about = questions.rename(columns={"id": "question"})[["question", "group", "title"]]
    joined = counts.merge(about, on="question", how="left", validate="many_to_one")
    first = ["question", "group", "title"]
    return joined[[*first, *(column for column in counts.columns if column != "question")]]


def _explain_conflict(error: ConflictError, model: SurveyModel, entered: Collection[str]) -> InputError:
    """Return the error that explains what each of the statements says that cannot hold together."""
    rows = [model.questionnaire.statements[id_] for id_ in error.statements]
    words = [f"{r['id']} (section {r['section']}, page {r['page']}), {r['about']}: “{r['printed']}”" for r in rows]
    drawn = [id_ for id_ in error.statements if id_ in entered]
    remedy = "correct a value"
    if drawn:
        remedy = "compare the value with the drawing and correct it, or empty it if the drawing contradicts the text"
    return InputError(
        error.describe(words),
        where=f"{drawings.FILE}, row {', '.join(drawn)}" if drawn else _SURVEY_FILE,
        expected=_EXPECTED,
        remedy=f"{remedy}; or choose another rounding than {model.interpretation.rounding}",
    )


def _allowed(model: SurveyModel, id_: str, n: int) -> str | None:
    """Return the counts that a statement about one count allows."""
    row = model.questionnaire.statements[id_]
    if row["unit"] == "count" and row["bound"] == "all":
        return str(n)
    if row["unit"] not in ("count", "percent", "label"):
        return None
    counts = sorted(model.questionnaire.find_requirements(id_, model.interpretation)[0][0][1])
    return ";".join(map(str, counts)) if counts else NO_COUNT
