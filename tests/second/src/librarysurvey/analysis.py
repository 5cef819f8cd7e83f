"""What the statements of the report allow, and the verdict on each."""

from collections.abc import Mapping

import pandas as pd

from librarysurvey.questionnaire import build_questionnaire
from reissue.ledger.judge import judge
from reissue.survey.results import build_feasible_table
from reissue.survey.verdicts import SurveyModel

Tables = Mapping[str, pd.DataFrame]


def analyse(raw: Tables, cleaned: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables that are counted and judged, by name: survey, survey_counts, values, claims."""
    tables = {**cleaned, "survey": raw["survey"]}
    model = SurveyModel(build_questionnaire(tables))
    about = cleaned["questions"].rename(columns={"id": "question"})[["question", "group", "title"]]
    counts = build_feasible_table(model.questionnaire).merge(about, on="question", validate="many_to_one")
    found = {"survey": raw["survey"], "survey_counts": counts, "values": named_values(tables)}
    return {**found, "claims": judge(raw["claims"], {**tables, **found}, cleaned["readings"], model)}


def named_values(tables: Tables) -> pd.DataFrame:
    """Return one row per number that the prose of notebooks uses: name, value, meaning."""
    sizes = tables["survey"].set_index("id")["value"]
    rows = [
        ("visitors", str(sizes["visitors"]), "Visitors who answered"),
        ("students", str(sizes["students"]), "Students who answered"),
        ("books", str(tables["shelves"]["books"].sum()), "Books on all shelves"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "meaning"])
