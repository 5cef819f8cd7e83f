"""Values that only the drawings of the report have: statements and pages, once somebody enters them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

#: The raw table, for messages.
FILE = "data/raw/drawings.csv"
#: Units of values that are statements about the survey.
SURVEY_UNITS = ("percent", "count")


def collect_statements(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the statements about the survey, one row each: those of the text, then the values of drawings.

    Parameters
    ----------
    tables
        Tables by name: survey and, if values may have been entered, drawings. A value that is a statement already is
        not added again.

    Notes
    -----
    A value is a statement of its own sentence about all respondents, and bounds its answers exactly.
    """
    survey = tables["survey"]
    if "drawings" not in tables:
        return survey
    rows = find_entered(tables["drawings"])
    rows = rows[rows["unit"].isin(SURVEY_UNITS) & ~rows["id"].isin(survey["id"])]
    if rows.empty:
        return survey
    added = rows.assign(
        sentence=rows["page"].map("{:02d}-".format) + rows["id"],
        side="all",
        bound="exactly",
        printed=rows["value"].astype("str") + rows["unit"].map({"percent": "%", "count": ""}),
    ).reindex(columns=survey.columns)
    found = pd.concat([survey, added.astype(survey.dtypes)], ignore_index=True)
    found.attrs = survey.attrs
    return found


def replace_pages(claims: pd.DataFrame, drawings: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger, one row per claim, with the pages that were entered in place of those in the text."""
    pages = {row["claim"]: row for row in find_entered(drawings).to_dict("records") if row["unit"] == "page"}
    rows = claims.to_dict("records")
    for claim in rows:
        if claim["id"] in pages:
            page, printed = pages[claim["id"]], claim["value"]
            claim["value"] = str(page["value"])
            claim["statement"] = claim["statement"].replace(printed, claim["value"])
            claim["reason"] = f"{page['about']}, as entered from the drawings; the text has {printed}"
    return pd.DataFrame(rows, columns=claims.columns).astype(claims.dtypes)


def find_entered(drawings: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose value somebody has entered."""
    return drawings[drawings["value"].notna()]
