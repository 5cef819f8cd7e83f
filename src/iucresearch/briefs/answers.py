"""What the survey says of a subject's sides: which counts are fixed, how far the main ones are open."""

from __future__ import annotations

import os

import pandas as pd

from iucresearch.briefs.shown import sentence, table, together
from iucresearch.briefs.subject import SIDES, Subject, Tables, in_prose
from iucresearch.paths import SYNTHETIC, SYNTHETIC_VARIABLE
from iucresearch.show import Shown
from iucresearch.survey.verdicts import spans

#: The groups of questions that a brief tells of: respondents, and those of figures 6, 7 and 8.
MAIN = ("respondents", "motivation", "familiarity", "salience")
#: Bounds as the report words them, or true answers.
_READINGS = ("literal", "answers")
_COUNTRY = "country"


def ranges(found: Subject, tables: Tables) -> Shown:
    """Return the counts of the main questions that are possible on the subject's sides.

    Notes
    -----
    One row per answer: question, answer, and a column per side with the counts that some answers of all respondents
    would give under all statements of the report; a single one is fixed.

    References
    ----------
    Sections 3.1 to 3.3, pages 17 to 19.
    """
    counts = main_counts(found, tables["survey_counts"])
    if counts.empty:
        return sentence(f"The survey's data say nothing of respondents from {found.sides_told}.")
    heads = {side: _head(side, counts) for side in found.sides}
    answers: dict[tuple[str, str], dict[str, str]] = {}
    for row in counts.to_dict("records"):
        empty = {"question": row["title"], "answer": row["label"], **dict.fromkeys(heads.values(), "")}
        told = answers.setdefault((row["question"], row["options"]), empty)
        told[heads[row["side"]]] = _possible(row["feasible"])
    certain = int((counts["least"] == counts["most"]).sum())
    caption = f"Respondents who gave each answer; {certain} of the {len(counts)} counts shown are fixed"
    return table(pd.DataFrame(list(answers.values())), _marked(caption))


def main_counts(found: Subject, counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per answer of a main question and side: the subject's part of `survey_counts`.

    Parameters
    ----------
    counts
        Processed table `survey_counts`. Not changed.

    Returns
    -------
    DataFrame
        The columns of `survey_counts`. The number of respondents of a side, which the table counts among all, stands
        with that side, under the label "All of them".
    """
    rows = counts[counts["group"].isin(MAIN) & counts["reading"].isin(_READINGS)]
    size = rows["group"] == MAIN[0]
    # Each side's number of respondents is one answer, not "European Union" beside "Latin America".
    sizes = rows[size].assign(side=rows.loc[size, "options"].str.upper(), options="", label="All of them")
    rows = pd.concat([sizes, rows[~size]])
    return rows[rows["side"].isin(found.sides)].reset_index(drop=True)


def fixed(found: Subject, tables: Tables) -> Shown:
    """Return the counts of all questions that the report fixes on the subject's sides, with what fixes them.

    Notes
    -----
    One row per count: count (question and answer), side, respondents, and the statements of the survey that leave no
    other value.
    """
    counts = tables["survey_counts"]
    rows = counts[counts["side"].isin(found.sides) & counts["reading"].isin(_READINGS) & counts["fixed_by"].notna()]
    if rows.empty:
        return sentence(f"No count of respondents from {found.sides_told} is fixed.")
    shown = pd.DataFrame(
        {
            "count": rows["title"] + ": " + rows["label"],
            "side": [SIDES[side] for side in rows["side"]],
            "respondents": rows["least"],
            "fixed by": rows["fixed_by"].str.replace(";", ", "),
        }
    )
    caption = _marked(f"Counts of respondents from {found.sides_told} that are fixed")
    return table(shown, caption, summary=f"{len(rows)} counts of all questions are fixed, and by what")


def origin(found: Subject, tables: Tables) -> Shown:
    """Return what is open about the respondents of the subject's Latin American country, and what names it.

    Notes
    -----
    A sentence, then one row per statement of the survey that lists the country: what it is about, as printed,
    section, page. That a list names a country says that somebody from there answered, not how many.
    """
    countries = found.countries_of("LAC")
    if not countries:
        return sentence("Only the respondents from Latin America are told apart by country.")
    return together(*(part for country in countries for part in _origin(country, tables)))


def _origin(country: str, tables: Tables) -> list[Shown]:
    counts = tables["survey_counts"]
    row = counts[
        (counts["question"] == _COUNTRY) & (counts["label"] == country) & counts["reading"].isin(_READINGS)
    ].head(1)
    if row.empty:
        return [
            sentence(f"How many respondents come from {country} is open: nothing in the survey's data bears on it.")
        ]
    least, most, n = (int(row[name].iloc[0]) for name in ("least", "most", "n"))
    if least == most:
        parts = [sentence(_marked(f"Of the {n} respondents from Latin America, {least} come from {country}."))]
    else:
        possible = _possible(row["feasible"].iloc[0])
        parts = [
            sentence(
                f"How many of the {n} respondents from Latin America come from {country} is open:"
                f" the report's statements allow {possible}."
            )
        ]
    survey = tables["survey"]
    lists = [country in str(members).split(";") for members in survey["members"].fillna("")]
    named = survey.loc[lists, ["about", "printed", "section", "page"]]
    if len(named):
        parts.append(table(named, f"Statements about the answers that list {country}"))
    return parts


def _marked(text: str) -> str:
    """Return a text that tells of answers, marked where nobody gave them."""
    return f"{SYNTHETIC}: nobody gave these answers. {text}" if SYNTHETIC_VARIABLE in os.environ else text


def _possible(feasible: object) -> str:
    values = [int(value) for value in str(feasible).split(";")]
    return f"{values[0]}, fixed" if len(values) == 1 else spans(values)


def _head(side: str, counts: pd.DataFrame) -> str:
    own = counts[(counts["side"] == side) & (counts["group"] != MAIN[0])]
    size = f", of {own['n'].iloc[0]}" if len(own) else ""
    return f"from {in_prose(side)}{size}"
