"""What the survey says about the sides of a subject: which counts are fixed, and how far the main ones are open."""

from __future__ import annotations

import os

import pandas as pd

from iucresearch.briefs.shown import join_parts, sentence, table
from iucresearch.briefs.subject import SIDES, Subject, Tables, in_prose
from iucresearch.labels import count_names
from reissue.core.language import N_, _, format_counts, ngettext
from reissue.core.paths import SYNTHETIC_VARIABLE
from reissue.exhibits.show import Shown, synthetic_notice

#: The groups of questions that a brief covers: respondents, and those of figures 6, 7 and 8.
MAIN = ("respondents", "motivation", "familiarity", "salience")
#: Counts under bounds as the report words them, or those of true answers.
_READINGS = ("literal", "answers")
_ALL = N_("All of them")


def list_ranges(found: Subject, tables: Tables) -> Shown:
    """Return the possible counts of the main questions on the subject's sides (3.1 to 3.3, pages 17 to 19).

    One row per answer: question, answer, and a column per side with the counts that are possible under all statements
    of the report; a single one is fixed.
    """
    counts = main_counts(found, tables["survey_counts"])
    heads = {side: _head(side, counts) for side in found.sides}
    answers: dict[tuple[str, str], dict[str, str]] = {}
    for row in counts.to_dict("records"):
        empty = {"question": _(row["title"]), "answer": _(row["label"]), **dict.fromkeys(heads.values(), "")}
        answer = answers.setdefault((row["question"], row["options"]), empty)
        answer[heads[row["side"]]] = _possible(row["feasible"])
    certain = int((counts["least"] == counts["most"]).sum())
    caption = ngettext(
        "Respondents who gave each answer; {fixed} of the {shown} counts shown are fixed",
        "Respondents who gave each answer; {fixed} of the {shown} counts shown are fixed",
        certain,
    )
    return table(pd.DataFrame(list(answers.values())), _marked(caption.format(fixed=certain, shown=len(counts))))


def main_counts(found: Subject, counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per answer of a main question and side: the subject's part of `survey_counts`.

    Returns
    -------
    DataFrame
        The columns of `survey_counts`. The number of respondents of a side, which the table counts among all, is a row
        of that side, with the label "All of them".
    """
    rows = counts[counts["group"].isin(MAIN) & counts["reading"].isin(_READINGS)]
    size = rows["group"] == MAIN[0]
    sizes = rows[size].assign(side=rows.loc[size, "options"].str.upper(), options="", label=_ALL)
    rows = pd.concat([sizes, rows[~size]])
    return rows[rows["side"].isin(found.sides)].reset_index(drop=True)


def list_fixed(found: Subject, tables: Tables) -> Shown:
    """Return the counts of all questions that the report fixes on the subject's sides.

    One row per count: count (question and answer), side, respondents, and the statements that leave no other value.
    """
    counts = tables["survey_counts"]
    rows = counts[counts["side"].isin(found.sides) & counts["reading"].isin(_READINGS) & counts["fixed_by"].notna()]
    if rows.empty:
        return sentence(_("No count of respondents from {sides} is fixed.").format(sides=found.side_names))
    shown = pd.DataFrame(
        {
            "count": count_names(rows),
            "side": [SIDES[side] for side in rows["side"]],
            "respondents": rows["least"],
            "fixed by": rows["fixed_by"].str.replace(";", ", "),
        }
    )
    caption = _("Counts of respondents from {sides} that are fixed").format(sides=found.side_names)
    summary = ngettext(
        "{number} counts of all questions are fixed, and by what",
        "{number} counts of all questions are fixed, and by what",
        len(rows),
    )
    return table(shown, _marked(caption), summary=summary.format(number=len(rows)))


def describe_origin(found: Subject, tables: Tables) -> Shown:
    """Return what is open about the number of respondents from the subject's Latin American country.

    A sentence, then one row per statement of the survey that lists the country: what it is about, as printed, section,
    page. A list that names a country implies that somebody from there answered, not how many.
    """
    countries = found.countries_of("LAC")
    if not countries:
        return sentence(_("Only the respondents from Latin America are distinguished by country."))
    return join_parts(*(part for country in countries for part in _origin(country, tables)))


def _origin(country: str, tables: Tables) -> list[Shown]:
    counts = tables["survey_counts"]
    rows = counts[(counts["question"] == "country") & (counts["label"] == country) & counts["reading"].isin(_READINGS)]
    if rows.empty:
        words = _("How many respondents come from {country} is open: nothing in the survey's data bears on it.")
        return [sentence(words.format(country=_(country)))]
    row = rows.iloc[0]
    if row["least"] == row["most"]:
        words = ngettext(
            "Of the {n} respondents from Latin America, {number} come from {country}.",
            "Of the {n} respondents from Latin America, {number} come from {country}.",
            row["least"],
        )
        parts = [sentence(_marked(words.format(n=row["n"], number=row["least"], country=_(country))))]
    else:
        words = _(
            "How many of the {n} respondents from Latin America come from {country} is open:"
            " the report's statements allow {possible}."
        )
        parts = [sentence(words.format(n=row["n"], country=_(country), possible=_possible(row["feasible"])))]
    survey = tables["survey"]
    lists = [country in str(members).split(";") for members in survey["members"].fillna("")]
    named = survey.loc[lists, ["about", "printed", "section", "page"]]
    if len(named):
        parts.append(table(named, _("Statements about the answers that list {country}").format(country=_(country))))
    return parts


def _marked(text: str) -> str:
    """Return a text about answers, marked if they are synthetic."""
    return f"{synthetic_notice()} {text}" if SYNTHETIC_VARIABLE in os.environ else text


def _possible(feasible: str) -> str:
    values = [int(value) for value in feasible.split(";")]
    return _("{number}, fixed").format(number=values[0]) if len(values) == 1 else format_counts(values)


def _head(side: str, counts: pd.DataFrame) -> str:
    own = counts[(counts["side"] == side) & (counts["group"] != MAIN[0])]
    return _("from {side}, of {number}").format(side=in_prose(side), number=own["n"].iloc[0])
