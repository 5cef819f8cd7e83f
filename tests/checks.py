"""Checks that know the report: each takes the raw and the processed tables and raises AssertionError.

The first half compares with `tests/known`, a second and independent transcription of the same pages; the second half
compares one place of the report with another, and the codes with their registries. None of them reads an output that
our own code has stored. `test_known` calls each on the real tables, `test_mutation` on tables with a mistake.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pycountry
from shapely import Point
from slugify import slugify

from iucresearch import tabulation
from iucresearch.exhibits import EXHIBITS
from iucresearch.figures import survey as survey_figures
from iucresearch.figures.key_figures import figure_05_data
from iucresearch.figures.pairings_map import figure_03_data
from iucresearch.figures.selection import figure_02_data
from reissue.core.tables import boundaries
from reissue.drawing.geo import read_topology
from reissue.exhibits.registry import find_exhibit
from tests.boundaries import whole_shapes

Tables = Mapping[str, pd.DataFrame]
Check = Callable[[Tables, Tables], None]

KNOWN = Path(__file__).parent / "known"
CHECKS: list[Check] = []
_WORDS = {"one": "1", "two": "2", "three": "3", "six": "6"}
#: Named values about the survey, and the words by which the second transcription describes them.
ABOUT = {
    "respondents": "stakeholders who answered the survey",
    "respondents_eu": "respondents from the EU",
    "respondents_lac": "respondents from Latin America",
    "business": "respondents whose principal objective was new business opportunities",
    "workshop_mentions": "mentions of general and thematic workshops as form of exchange",
    "strategy_percent": "respondents having a strategy or aiming to elaborate one, both sides",
    "familiar": "respondents very or broadly familiar with Smart Specialisation",
    "familiar_lac": "Latin American respondents among the very or broadly familiar",
    "vaguely": "respondents vaguely familiar with Smart Specialisation before the programme",
    "unaware": "respondent who did not know Smart Specialisation before the programme",
    "salience_percent": "respondents calling Smart Specialisation main or important subject of exchanges",
    "marginal_percent": "cases assessing Smart Specialisation as a marginal topic",
    "supported": "participants indicating some, or structured and clear, support overall",
    "edp_high": "respondents rating Entrepreneurial Discovery Process 4 or 5",
    "monitoring_low": "cases rating monitoring and evaluation not, low or somewhat relevant",
}


def check(function: Check) -> Check:
    CHECKS.append(function)
    return function


def known(name: str) -> list[dict[str, str]]:
    """Return a table of the second transcription: one mapping per row, everything as text."""
    with (KNOWN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known_rows(name: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in known(name)]


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns as text, row by row; a missing cell is an empty text."""
    return [tuple("" if pd.isna(v) else str(v) for v in row) for row in table[[*columns]].itertuples(index=False)]


def assert_same(ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]) -> None:
    """Compare two transcriptions row by row; the message has the rows that differ."""
    differing = [f"ours {a}, theirs {b}" for a, b in zip(ours, theirs, strict=False) if a != b]
    assert ours == theirs, "; ".join(differing) or f"{len(ours)} rows, not {len(theirs)}"


def known_number(about: str) -> int:
    """Return the survey number that the second transcription describes with these words."""
    (row,) = [row for row in known("survey") if row["about"] == about]
    return int(row["value"])


# Known answers: two transcriptions of one page.


@check
def pairings_are_as_printed(raw: Tables, processed: Tables) -> None:
    """Annex, page 33: order, names as printed with their misprints, kinds and countries, cell by cell."""
    columns = ("order", "lac_name", "lac_kind", "lac_country", "eu_name", "eu_kind", "eu_country")
    assert_same(rows(raw["pairings"], *columns), known_rows("pairings", *columns))


@check
def annex_and_map_show_the_known_pairings(raw: Tables, processed: Tables) -> None:
    """Annex, page 33, and Figure 3, page 15: names are compared where no correction is listed for them."""
    corrected = {(fix.row, fix.column) for fix in raw["corrections"].itertuples()}
    annex = tabulation.annex_data(processed["pairings"])
    columns = ("lac_kind", "lac_country", "eu_kind", "eu_country")
    assert_same(rows(annex, "number", *columns), known_rows("pairings", "order", *columns))
    linked = figure_03_data(processed["pairings"])
    roster = tabulation.roster_data(processed["pairings"])
    for side, names in (("lac", roster["territory"][:20]), ("eu", roster["territory"][20:])):
        for shown in (annex[f"{side}_region"], linked[f"{side}_region"], names):
            for id_, name, (printed,) in zip(
                processed["pairings"]["id"], shown, known_rows("pairings", f"{side}_name"), strict=True
            ):
                assert name == printed or (id_, f"{side}_name") in corrected, f"{name!r} is printed {printed!r}"
        assert_same(rows(linked, f"{side}_country"), known_rows("pairings", f"{side}_country"))


@check
def countries_are_as_printed(raw: Tables, processed: Tables) -> None:
    """Section 2.2.3, page 15: the sixteen countries in order, each with its side and number of regions."""
    columns = ("country", "side", "regions")
    assert_same(rows(raw["countries"], *columns), known_rows("countries", *columns))


@check
def pilots_are_as_printed(raw: Tables, processed: Tables) -> None:
    """Table 1, pages 11 and 12: both transcriptions leave the last year empty where one year alone is printed."""
    columns = ("country", "pilot", "year_from", "year_to")
    assert_same(rows(raw["pilots"], *columns), known_rows("table_1", *columns))
    shown = tabulation.table_01_data(processed["pilots"], processed["uptake"])
    years = [(r["country"], r["pilot"], f"{r['year_from']}–{r['year_to']}".rstrip("–")) for r in known("table_1")]
    assert_same(rows(shown, "country", "pilot", "years"), years)


@check
def uptake_is_as_printed(raw: Tables, processed: Tables) -> None:
    """Table 1, pages 11 and 12: one uptake a country, shown beside each of its pilots."""
    assert_same(rows(raw["uptake"], "country", "uptake"), known_rows("table_1_uptake", "country", "uptake"))
    of_country = dict(known_rows("table_1_uptake", "country", "uptake"))
    shown = tabulation.table_01_data(processed["pilots"], processed["uptake"])
    assert_same(rows(shown, "uptake"), [(of_country[country],) for (country,) in known_rows("table_1", "country")])


@check
def swot_is_as_printed(raw: Tables, processed: Tables) -> None:
    """Table 2, page 26: quadrant, order within it and words."""
    for table in (raw["swot"], tabulation.table_02_data(processed["swot"])):
        assert_same(rows(table, "quadrant", "order", "item"), known_rows("table_2", "quadrant", "order", "item"))


@check
def key_figures_are_as_printed(raw: Tables, processed: Tables) -> None:
    """Figure 5, page 16: number, its qualifier and text of each tile."""
    columns = ("order", "value", "qualifier", "text")
    for table in (raw["key_figures"], figure_05_data(processed["key_figures"])):
        assert_same(rows(table, *columns), known_rows("key_figures", *columns))


@check
def criteria_count_as_printed(raw: Tables, processed: Tables) -> None:
    """Section 2.2.3, page 16: both transcriptions use words of their own, so the numbers of each side are compared."""
    counted = known_rows("criteria", "side", "order")
    assert_same(rows(raw["criteria"], "side", "order"), counted)
    shown = figure_02_data(processed["criteria"])
    assert_same(rows(shown[shown["kind"] == "criterion"], "side", "number"), counted)


@check
def outcomes_are_in_order(raw: Tables, processed: Tables) -> None:
    """Section 3.4, page 19: each in its own words; ours shares most words with the known one of its rank."""
    shown = survey_figures.counts_data(processed["survey_counts"], "outcomes")
    ours = shown[shown["side"] == "all"]["label"]
    ranks = processed["survey"][processed["survey"]["unit"] == "rank"]["value"]
    texts = [set(re.findall(r"\w{4,}", row["outcome"].lower())) for row in known("outcomes")]
    assert list(ranks) == [int(row["order"]) for row in known("outcomes")]
    for place, outcome in enumerate(ours):
        shared = [len(words & set(re.findall(r"\w{4,}", outcome.lower()))) for words in texts]
        assert shared[place] > max(shared[:place] + shared[place + 1 :]), f"{outcome!r} at rank {place + 1}"


@check
def survey_numbers_are_as_printed(raw: Tables, processed: Tables) -> None:
    """Sections 3.1 to 3.4, pages 17 to 20: every number about respondents, with section, page and qualifier.

    The transcriptions differ in convention, not in numbers: ours has the words around a number in `printed`, `exactly`
    for `only`, units of its own for mentions, options and labels of a chart, a bound for the highest tick of an axis,
    and a row for each of the steps. `numbers_of_options` compares the numbers of other things.
    """
    other_things = r"objectives|phases|extremes|for which|rating of|point of|relevance rating"
    theirs = [row for row in known("survey") if not re.search(other_things, row["about"])]
    expected = Counter(
        (r["section"], r["page"], _bare(r["printed"]), r["value"], r["unit"], _bound(r["qualifier"])) for r in theirs
    )
    ours = raw["survey"][raw["survey"]["unit"].isin(["count", "percent", "label", "axis", "mentions", "options"])]
    ours = ours[ours["value"].notna()]
    step = ours["question"].str.startswith("support-")
    same = ours.assign(question=ours["question"].where(~step, "support-steps"))
    same = same[~(step & same.duplicated(["question", "printed", "value", "unit", "bound"]))]
    counted = same.assign(unit=same["unit"].replace({"mentions": "count", "options": "count", "label": "percent"}))
    counted["bound"] = counted["bound"].replace({"within the axis": "exactly"})
    counted["printed"] = counted["printed"].map(_bare)
    found = Counter(rows(counted, "section", "page", "printed", "value", "unit", "bound"))
    assert found == expected, f"ours alone: {found - expected}; theirs alone: {expected - found}"


@check
def numbers_of_options(raw: Tables, processed: Tables) -> None:
    """Sections 3.1 to 3.4, pages 17 to 19: objectives, phases, steps and the scale, as many as the text says."""
    survey, options = raw["survey"].set_index("id"), raw["options"]
    questions = raw["questions"].groupby("group")["id"].agg(set)
    beside = {"relevance-edp", "relevance-cooperation", "support-cooperation"}  # named, but no phases
    objectives = survey.at["motivation-majority", "options"].split(";")
    numbers = {
        "main objectives that drove participation, all respondents": len(objectives),
        "main phases considered important and relevant by participants": len(questions["phases"] - beside),
        "Smart Specialisation steps for which notable support was given": len(questions["support-steps"] - beside),
        "respects in which participants appreciated the facilitator role": sum(options["question"] == "facilitator"),
    }
    assert numbers == {about: known_number(about) for about in numbers}
    praised = [id_ for id_ in survey.index if re.fullmatch("support-.+-high", id_)]
    assert len(praised) == len(questions["support-steps"]) - 1, "all steps but monitoring and evaluation"
    lowest = known_number("lowest point of relevance scale, not relevant")
    highest = known_number("highest point of relevance scale, highly relevant")
    scale = [str(n) for n in range(lowest, highest + 1)]
    for question in questions["phases"]:
        assert list(options[options["question"] == question]["option"]) == scale, question
    about = "rating of Entrepreneurial Discovery Process by "
    high = [str(known_number(f"{about}31 respondents, {end}")) for end in ("lower", "higher")]
    assert survey.at["relevance-edp-high", "options"] == ";".join(high)
    assert survey.at["relevance-edp-3", "options"] == str(known_number(f"{about}the one other respondent"))
    assert survey.at["relevance-monitoring-low", "options"].split(";") == [n for n in scale if n not in high]


@check
def survey_exhibits_show_the_known_numbers(raw: Tables, processed: Tables) -> None:
    """Figures 6 to 8 and the results, pages 17 to 20: what the text fixes or bounds, of all, the EU and LAC."""
    counts, value = processed["survey_counts"], {name: known_number(about) for name, about in ABOUT.items()}
    n, eu, lac = value["respondents"], value["respondents_eu"], value["respondents_lac"]
    familiar, familiar_lac, mentions = value["familiar"], value["familiar_lac"], value["workshop_mentions"]
    low = value["monitoring_low"]
    either = "Sharing and learning or finding partners/leveraging projects"
    expected = [
        ("respondents", "European Union", "all", eu, eu),
        ("respondents", "Latin America", "all", lac, lac),
        ("motivation", either, "all", n - value["business"], n - value["business"]),
        ("motivation", "New business opportunities", "all", value["business"], value["business"]),
        ("strategy", "Has a strategy or aims to elaborate one", "all", 30, n),
        ("familiarity", "Very familiar or broadly familiar", "all", familiar, familiar),
        ("familiarity", "Very familiar or broadly familiar", "LAC", familiar_lac, familiar_lac),
        ("familiarity", "Very familiar or broadly familiar", "EU", familiar - familiar_lac, familiar - familiar_lac),
        ("familiarity", "Vaguely familiar", "all", value["vaguely"], value["vaguely"]),
        ("familiarity", "Did not know it", "all", value["unaware"], value["unaware"]),
        ("salience", "Marginal topic", "all", 2, 2),
        ("salience", "Main topic or important topic", "all", 28, n - 2),
        ("phases", "Entrepreneurial Discovery Process", "all", n - 1, n - 1),
        ("phases", "Monitoring and evaluation", "all", n - low, n - low),
        ("support", "Some or structured and clear", "all", value["supported"], value["supported"]),
        ("support-steps", "Governance", "all", 21, n - 6),
        ("phases", "Governance", "all", n - low, n - 1),
        ("motivation", "Sharing and learning", "all", 14, 15),
        ("exchanges", "General workshops", "all", 1, mentions - 1),
        ("exchanges", "Face-to-face meetings", "all", mentions // 2, n),
        ("support-steps", "Monitoring and evaluation", "all", 1, n - 1),
        ("satisfaction", "High", "all", n, n),
    ]
    for group, label, side, least, most in expected:
        table = survey_figures.counts_data(counts, group)
        shown = table[(table["label"] == label) & (table["side"] == side)]
        of = {"all": n, "EU": eu, "LAC": lac}[side]
        assert_same(rows(shown, "label", "least", "most", "n"), [(label, str(least), str(most), str(of))])


@check
def named_values_are_the_known_numbers(raw: Tables, processed: Tables) -> None:
    """Numbers of the prose, computed from the second transcription alone."""
    quadrants, sides = Counter(r["quadrant"] for r in known("table_2")), Counter(r["side"] for r in known("countries"))
    kinds = [row[column] for row in known("pairings") for column in ("lac_kind", "eu_kind")]
    years = [int(r[c]) for r in known("table_1") for c in ("year_from", "year_to") if r[c]]
    tiles = [int(r["value"]) for r in known("key_figures")]
    expected = {
        "pairings": len(known("pairings")),
        "partners": len(kinds),
        "sub_regions": kinds.count("sub-region"),
        "countries": len(known("countries")),
        "lac_countries": sides["LAC"],
        "eu_countries": sides["EU"],
        "lac_criteria": sum(r["side"] == "LAC" for r in known("criteria")),
        "eu_criteria": sum(r["side"] == "EU" for r in known("criteria")),
        "pilots": len(known("table_1")),
        "pilot_countries": len(known("table_1_uptake")),
        "pilots_from": min(years),
        "pilots_to": max(years),
        "strategies": tiles[3],
        "contacts": tiles[4],
        "trainings": tiles[5],
        "strengths": quadrants["strength"],
        "weaknesses": quadrants["weakness"],
        "opportunities": quadrants["opportunity"],
        "threats": quadrants["threat"],
        **{name: known_number(about) for name, about in ABOUT.items()},
    }
    values = processed["values"].set_index("name")["value"]
    assert {name: values[name] for name in expected} == {name: str(value) for name, value in expected.items()}


# Identities: one place of the report against another, codes against their registries.


@check
def text_and_annex_count_the_same_regions(raw: Tables, processed: Tables) -> None:
    """Section 2.2.3, page 15, against the Annex, page 33: regions of each country, twenty on each side."""
    countries = processed["countries"]
    assert list(countries["regions"]) == list(countries["regions_printed"])
    assert countries.groupby("side")["regions_printed"].sum().to_dict() == {"EU": 20, "LAC": 20}


@check
def percentages_allow_these_counts(raw: Tables, processed: Tables) -> None:
    """Sections 3.2 and 3.3, pages 18 and 19, of 32: the whole counts behind each percentage, by hand."""
    allowed = processed["survey"].set_index("id")["allowed"]
    by_hand = {
        "strategy-has-or-aims": range(30, 33),
        "salience-main-or-important": range(28, 33),
        "salience-marginal": [2],
        "salience-label-1": [7],
        "salience-label-2": [2],
        **{id_: range(21, 33) for id_ in allowed.index if re.fullmatch("support-.+-high", id_)},
    }
    for id_, counts in by_hand.items():
        assert allowed[id_] == ";".join(map(str, counts)), id_


@check
def titles_of_boxes_name_their_pairing(raw: Tables, processed: Tables) -> None:
    """Section 3.4, pages 20 and 21: the pair in a box's title is one of the Annex, page 33, countries and all."""
    pairings = raw["pairings"].set_index("id")
    for number, facts in raw["boxes"].groupby("box"):
        pair = pairings.loc[facts.sort_values("order")["pairing"].iloc[0]]
        title = find_exhibit(EXHIBITS, f"box-{number}").title
        for side in ("lac", "eu"):
            kind = pair[f"{side}_kind"]
            pattern = rf"{re.escape(pair[f'{side}_name'])} \(({kind} in )?{pair[f'{side}_country']}\)"
            assert re.search(pattern, title), f"{pattern} is not in {title!r}"


@check
def iso_codes_are_those_of_the_registry(raw: Tables, processed: Tables) -> None:
    """ISO 3166-1 and -2, as pycountry has them: countries, subdivisions, their country and, if it is one, name."""
    for country in processed["countries"].itertuples():
        entry = pycountry.countries.get(name=country.country)
        assert entry is not None, country.country
        assert (country.alpha2, country.alpha3, country.numeric) == (entry.alpha_2, entry.alpha_3, entry.numeric)
    alpha2 = processed["countries"].set_index("country")["alpha2"]
    english = {"Federal District": "Distrito Federal"}
    for pair in processed["pairings"].itertuples():
        for code in pair.lac_code.split():
            entry = pycountry.subdivisions.get(code=code)
            assert entry is not None, code
            assert entry.country_code == alpha2[pair.lac_country], f"{pair.lac_region}: {code}"
            name = slugify(english.get(pair.lac_region, pair.lac_region), separator="")
            official = slugify(entry.name, separator="")
            assert pair.lac_relation != "is" or name in official, f"{pair.lac_region}: {entry.name}"


@check
def nuts_codes_are_of_their_country(raw: Tables, processed: Tables) -> None:
    """NUTS 2021: country, then one character a level. Which region a code means is not checked: no registry here."""
    alpha2 = processed["countries"].set_index("country")["alpha2"]
    for pair in processed["pairings"].itertuples():
        codes, levels = pair.eu_code.split(), pair.eu_level.split()
        assert [str(len(code) - 2) for code in codes] == levels, f"{pair.eu_region}: {codes}, levels {levels}"
        assert {code[:2] for code in codes} == {alpha2[pair.eu_country]}, f"{pair.eu_region}: {codes}"


@check
def seats_are_in_their_countries(raw: Tables, processed: Tables) -> None:
    """GeoNames against Natural Earth: within the country's shape, a hundredth of a degree of coast allowed."""
    numeric, shapes = processed["countries"].set_index("country")["numeric"], whole_shapes(read_topology(boundaries()))
    for side in ("lac", "eu"):
        columns = [f"{side}_{name}" for name in ("country", "seat", "longitude", "latitude")]
        for country, seat, longitude, latitude in processed["pairings"][columns].itertuples(index=False):
            distance = shapes[numeric[country]].distance(Point(longitude, latitude))
            assert distance < 0.01, f"{seat} is {distance:.2f} degrees out of {country}"


def _bare(printed: str) -> str:
    """Return a printed number without the words around it, in digits."""
    word = re.sub(r"\b(more than|around|only|times|cases|respects)\b", "", printed.lower()).strip()
    return _WORDS.get(word, word)


def _bound(qualifier: str) -> str:
    return "exactly" if qualifier == "only" else qualifier
