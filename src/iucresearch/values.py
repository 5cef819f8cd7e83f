"""The named values: every number that prose and alt text use, computed once from the tables.

A markdown cell writes `{pairings}`; the number comes from here, so that no number is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from iucresearch.labels import count_names
from iucresearch.questionnaire import GROUPS
from reissue.survey.small_cells import SMALL_CELL_LIMIT, list_small_cells

Tables = Mapping[str, pd.DataFrame]


def _count(name: str, **where: str) -> Callable[[Tables], int]:
    """Return how to count the rows of a table that have these values."""
    return lambda t: int((t[name][list(where)] == list(where.values())).all(axis=1).sum())


def _value(name: str, row: str) -> Callable[[Tables], int]:
    """Return how to find the value of a row."""
    return lambda t: int(t[name].loc[t[name]["id"] == row, "value"].item())


def _bound(column: str, question: str, options: str, side: str = "all") -> Callable[[Tables], int]:
    """Return a function that finds the lower or upper bound of a count of the survey."""

    def find(t: Tables) -> int:
        rows = t["survey_counts"]
        rows = rows[rows["reading"].isin(["literal", "answers"])]
        found = (rows["question"] == question) & (rows["options"] == options) & (rows["side"] == side)
        return int(rows.loc[found, column].item())

    return find


def _claim(row: str) -> Callable[[Tables], str]:
    """Return how to find the number of a statement: the year of a date, or how many a list names."""

    def find(t: Tables) -> str:
        value = str(t["claims"].loc[t["claims"]["id"] == row, "value"].item())
        return str(len(value.split(";"))) if ";" in value else value.partition("-")[0].removesuffix("s")

    return find


def _find_other_kinds_most(t: Tables) -> int:
    rows = t["survey_counts"].query("question == 'organisation' and side == 'all'")
    return int(rows.loc[rows["options"] != "public-administration", "most"].max())


def _find_steps_least(t: Tables) -> int:
    rows = t["survey_counts"].query("group == 'support-steps' and options == 'some;structured' and side == 'all'")
    return int(rows.loc[rows["question"] != "support-monitoring", "least"].min())


def _count_small_groups(t: Tables) -> int:
    counts = t["survey_counts"]
    return len(list_small_cells(counts, count_names(counts), group_question=GROUPS.question))


def _count_sub_regions(t: Tables) -> int:
    return int((t["pairings"][["lac_kind", "eu_kind"]] == "sub-region").sum().sum())


_printed, _tile = partial(_value, "survey"), partial(_value, "key_figures")
_least, _most = partial(_bound, "least"), partial(_bound, "most")
#: name, unit, section, page, meaning, how it is computed
_VALUES: tuple[tuple[str, str, str, int, str, Callable[[Tables], int | str]], ...] = (
    ("pairings", "pairings", "Annex", 33, "Regional pairings", _count("pairings")),
    ("partners", "territories", "Annex", 33, "Territories in the pairings", lambda t: 2 * len(t["pairings"])),
    ("countries", "countries", "2.2.3", 15, "Countries on both sides", _count("countries")),
    ("lac_countries", "countries", "2.2.3", 15, "Latin American countries", _count("countries", side="LAC")),
    ("eu_countries", "countries", "2.2.3", 15, "Countries of the European Union", _count("countries", side="EU")),
    ("sub_regions", "territories", "Annex", 33, "Territories printed as sub-region", _count_sub_regions),
    ("themes", "themes", "2.2.3", 15, "Main themes", _count("themes")),
    ("actions", "actions", "2.2.1", 13, "Lines of work", _count("actions")),
    ("components", "components", "2.2", 13, "Components of IUC-LAC", _count("components")),
    ("lac_criteria", "criteria", "2.2.3", 16, "Criteria for Latin American regions", _count("criteria", side="LAC")),
    ("eu_criteria", "criteria", "2.2.3", 16, "Criteria for regions of the EU", _count("criteria", side="EU")),
    ("pilots", "pilots", "2.1.2", 11, "Pilot activities", _count("pilots")),
    ("pilot_countries", "countries", "2.1.2", 11, "Countries of Table 1", _count("uptake")),
    ("pilots_from", "year", "2.1.2", 11, "First year of a pilot", lambda t: int(t["pilots"]["year_from"].min())),
    ("pilots_to", "year", "2.1.2", 12, "Last year of a pilot", lambda t: int(t["pilots"]["year_to"].max())),
    ("strategies", "strategies", "2.2.3", 16, "Strategies designed or under way", _tile("strategies")),
    ("contacts", "contacts", "2.2.3", 16, "New business contacts, more than", _tile("business-contacts")),
    ("agreements", "agreements", "2.2.3", 16, "Agreements or memoranda", _tile("cooperation-agreements")),
    ("action_plans", "plans", "2.2.3", 16, "Joint Action Plans", _tile("joint-action-plans")),
    ("trainings", "trainings", "2.2.3", 16, "Trainings", _tile("trainings")),
    ("strengths", "items", "4.3", 26, "Strengths", _count("swot", quadrant="strength")),
    ("weaknesses", "items", "4.3", 26, "Weaknesses", _count("swot", quadrant="weakness")),
    ("opportunities", "items", "4.3", 26, "Opportunities", _count("swot", quadrant="opportunity")),
    ("threats", "items", "4.3", 26, "Threats", _count("swot", quadrant="threat")),
    ("boxes", "boxes", "3.4", 20, "Boxes", lambda t: int(t["boxes"]["box"].nunique())),
    ("corrections", "names", "Annex", 33, "Names that cleaning corrects", _count("corrections")),
    ("features", "features", "1", 7, "Main features of Smart Specialisation", _claim("p07-four-features")),
    ("helix", "groups", "1", 7, "Groups of actors that it engages", _claim("p07-quadruple")),
    ("survey_year", "year", "1", 8, "Year of the survey", _claim("p08-survey-date")),
    ("respects", "respects", "3.4", 19, "Ways in which the Programme helped", _claim("p19-three-respects")),
    ("steps_percent", "%", "3.3", 19, "Some or structured support on a step, more than", _claim("p19-steps-high")),
    ("steps_low_percent", "%", "3.3", 19, "Little support on a step, around", _claim("p19-steps-low")),
    ("workshop_year", "year", "3.4", 20, "Year of the workshop", _claim("p20-workshop-date")),
    ("lost_decade", "year", "4.2", 25, "First year of the lost decade", _claim("p25-1980s")),
    ("conference_year", "year", "5", 27, "Year of the conference", _claim("p27-conference-date")),
    ("conference_countries", "countries", "5", 27, "At the conference", _claim("p27-conference-countries")),
    ("partnership_year", "year", "5", 27, "Year of the strategic partnership", _claim("p27-partnership-date")),
    ("respondents", "respondents", "3.1", 17, "People who answered", _printed("respondents")),
    ("respondents_eu", "respondents", "3.1", 17, "Of them from the EU", _printed("respondents-eu")),
    ("respondents_lac", "respondents", "3.1", 17, "Of them from Latin America", _printed("respondents-lac")),
    ("business", "respondents", "3.1", 17, "New business as main motivation", _printed("motivation-business")),
    (
        "sharing_or_partners",
        "respondents",
        "3.1",
        17,
        "The other two motivations together",
        _most("motivation", "sharing;partners"),
    ),
    ("workshop_mentions", "mentions", "3.1", 17, "Mentions of workshops", _printed("exchange-workshops")),
    ("strategy_percent", "%", "3.2", 18, "Have or plan a strategy, more than", _printed("strategy-has-or-aims")),
    ("strategy_least", "respondents", "3.2", 18, "Have or plan a strategy, at least", _least("strategy", "has;aims")),
    ("familiar", "respondents", "3.2", 18, "Very or broadly familiar", _printed("familiarity-very-or-broadly")),
    (
        "familiar_lac",
        "respondents",
        "3.2",
        18,
        "Of those, from Latin America",
        _printed("familiarity-very-or-broadly-lac"),
    ),
    ("familiar_eu", "respondents", "3.2", 18, "Of those, from the EU", _most("familiarity", "very;broadly", "EU")),
    ("vaguely", "respondents", "3.2", 18, "Vaguely familiar", _printed("familiarity-vaguely")),
    ("unaware", "respondents", "3.2", 18, "Did not know it", _printed("familiarity-not")),
    ("salience_percent", "%", "3.3", 19, "Main or important topic, more than", _printed("salience-main-or-important")),
    ("marginal_percent", "%", "3.3", 19, "Marginal topic", _printed("salience-marginal")),
    ("supported", "respondents", "3.3", 19, "Some or structured support", _printed("support-some-or-structured")),
    ("edp_high", "respondents", "3.2", 18, "Rated the discovery process high", _printed("relevance-edp-high")),
    (
        "monitoring_low",
        "respondents",
        "3.2",
        18,
        "Rated monitoring and evaluation low",
        _printed("relevance-monitoring-low"),
    ),
    (
        "administrations_least",
        "respondents",
        "3.1",
        17,
        "From regional public administrations, at least",
        _least("organisation", "public-administration"),
    ),
    ("other_kinds_most", "respondents", "3.1", 17, "From any other kind, at most", _find_other_kinds_most),
    ("business_least", "respondents", "3.1", 17, "Mainly for new business, at least", _least("motivation", "business")),
    (
        "familiar_lac_least",
        "respondents",
        "3.2",
        18,
        "Familiar, from Latin America, at least",
        _least("familiarity", "very;broadly", "LAC"),
    ),
    ("edp_least", "respondents", "3.2", 18, "Rate the discovery process highly", _least("relevance-edp", "4;5")),
    ("monitoring_least", "respondents", "3.2", 18, "Rate monitoring highly", _least("relevance-monitoring", "4;5")),
    (
        "salience_least",
        "respondents",
        "3.3",
        19,
        "Main or important topic, at least",
        _least("salience", "main;important"),
    ),
    ("marginal_most", "respondents", "3.3", 19, "Marginal topic, at most", _most("salience", "marginal")),
    ("supported_least", "respondents", "3.3", 19, "Some or structured support", _least("support", "some;structured")),
    ("steps_least", "respondents", "3.3", 19, "Supported on a step but monitoring, at least", _find_steps_least),
    (
        "sustainability_least",
        "respondents",
        "2.1.3",
        12,
        "From Latin America, name sustainability, at least",
        _least("sustainability", "named", "LAC"),
    ),
    ("satisfied_least", "respondents", "3.4", 20, "Highly satisfied", _least("satisfaction", "high")),
    ("small_groups", "groups", "3", 17, "Small groups that the numbers let one infer", _count_small_groups),
    (
        "small_limit",
        "respondents",
        "3.1",
        17,
        "Size from which this edition calls no group small",
        lambda _: SMALL_CELL_LIMIT,
    ),
)


def named_values(tables: Tables) -> pd.DataFrame:
    """Return one row per named value: name, value (text, as prose shows it), unit, section, page, meaning.

    Parameters
    ----------
    tables
        The processed tables.
    """
    rows = [(*about[:1], str(compute(tables)), *about[1:]) for *about, compute in _VALUES]
    return pd.DataFrame(rows, columns=["name", "value", "unit", "section", "page", "meaning"])


def names() -> tuple[str, ...]:
    """Return every name that prose may use, without reading data."""
    return tuple(row[0] for row in _VALUES)
