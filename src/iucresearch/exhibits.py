"""The registry: every exhibit once, the report's and those that this edition adds.

Lists of figures and tables, the notebooks, the tests and the page read it; titles are the report's.
"""

from __future__ import annotations

from reissue.exhibits.registry import Exhibit

JRC = "JRC analysis"
JRC_SURVEY = "JRC analysis, based on JRC-IUC-LAC survey results"
#: Source of what the report's text gives without an exhibit: the words are ours.
TEXT_SOURCE = "JRC-IUC-LAC survey, as given in the text"
_SURVEY_TABLES = ("survey", "survey_counts", "questions", "options")
#: The questions of the survey's figures; results are named after theirs.
_GROUPS = {"figure-6": "motivation", "figure-7": "familiarity", "figure-8": "salience"}


def _survey(id_: str, title: str, page: int, section: str, source: str = TEXT_SOURCE) -> Exhibit:
    about = _GROUPS.get(id_) or id_.removeprefix("result-")
    return Exhibit(
        id_, title, section, page, source, "04_survey", _SURVEY_TABLES, "counted", about=about, is_picture=True
    )


def _box(number: int, page: int, title: str) -> Exhibit:
    source, reason = "JRC, as given in the box", "The facts of the box, in our words; its sentences are the report's"
    tables = ("boxes", "pairings")
    return Exhibit(f"box-{number}", title, "3.4", page, source, "04_survey", tables, "partly", reason, str(number))


EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(
        "table-1",
        "Pilot activities introducing Smart Specialisation in Latin America and uptake at nation-wide level",
        "2.1.2",
        11,
        JRC,
        "02_context",
        ("pilots", "uptake"),
        "exact",
        "It is printed on pages 11 and 12",
    ),
    Exhibit(
        "figure-1",
        "A network of four actions",
        "2.2.1",
        13,
        JRC,
        "03_programme",
        ("actions",),
        "partly",
        "The four actions are the report's; this drawing is ours, as its drawing is not in the text",
        is_picture=True,
    ),
    Exhibit(
        "figure-2",
        "Selection of regions",
        "2.2.2",
        14,
        JRC,
        "03_programme",
        ("criteria",),
        "partly",
        "The steps and criteria come from the text; the labels of the report's drawing are not in the text",
        is_picture=True,
    ),
    Exhibit(
        "figure-3",
        "EU-Latin American regional pairings",
        "2.2.2",
        15,
        JRC,
        "03_programme",
        ("pairings", "countries"),
        "partly",
        "All pairings are the Annex's; the themes that the report's map gives per pairing are not in the text",
        is_picture=True,
    ),
    Exhibit(
        "figure-4",
        "Family picture of the IUC regional pairings between the EU and Latin America",
        "2.2.3",
        16,
        "© IUC-LAC",
        "03_programme",
        ("pairings",),
        "not",
        "It is a photograph, which is not data and is not ours to print; the table lists the territories that it "
        "represents",
    ),
    Exhibit(
        "figure-5",
        "Key figures of the IUC-LAC Programme",
        "2.2.3",
        16,
        "JRC analysis, based on IUC-LAC data",
        "03_programme",
        ("key_figures",),
        "exact",
        "All tiles with number and text; the layout is ours",
        is_picture=True,
    ),
    _survey("result-respondents", "Respondents by side", 17, "3.1"),
    _survey("result-organisations", "Kinds of organisation that answered", 17, "3.1"),
    _survey("figure-6", "Main motivation for participating in IUC-LAC", 17, "3.1", JRC_SURVEY),
    _survey("result-exchanges", "Forms of exchange", 17, "3.1"),
    _survey("result-strategy", "Having or planning a Smart Specialisation Strategy", 18, "3.2"),
    _survey("figure-7", "Knowledge of Smart Specialisation among IUC-LAC participants", 18, "3.2", JRC_SURVEY),
    _survey("result-phases", "Relevance of each phase of Smart Specialisation", 18, "3.2"),
    _survey("figure-8", "Salience of Smart Specialisation in the IUC-LAC Project", 19, "3.3", JRC_SURVEY),
    _survey("result-support", "Support for Smart Specialisation overall", 19, "3.3"),
    _survey("result-support-steps", "Support on each step of Smart Specialisation", 19, "3.3"),
    _survey("result-facilitator", "What participants valued in the Programme", 19, "3.4"),
    _survey("result-outcomes", "Outcomes of the pairings, by frequency of mention", 19, "3.4"),
    _survey("result-sustainability", "Sustainability named in outcomes or planned actions", 12, "2.1.3"),
    _survey("result-satisfaction", "Satisfaction with the Programme", 20, "3.4"),
    _box(1, 20, "From the pairing to a long-term relationship: the case of Colima (Mexico) and Extremadura (Spain)"),
    _box(
        2, 20, "Skills as a common challenge: the case of Salta (region in Argentina) and Alentejo (region in Portugal)"
    ),
    _box(
        3,
        21,
        "Developing new businesses – a common goal: the case of Cioeste (sub-region in Brazil) and Bielsko-Biała"
        " (sub-region in Poland)",
    ),
    _box(
        4,
        21,
        "Smart Specialisation as a vehicle for sustainable development: the case of Bogotá-Cundinamarca (Colombia) and"
        " Lazio (Italy)",
    ),
    Exhibit("table-2", "SWOT analysis", "4.3", 26, JRC, "05_outlook", ("swot",), "exact"),
    Exhibit(
        "annex",
        "Full list of pairings",
        "Annex",
        33,
        "IUC-LAC",
        "07_annex",
        ("pairings", "corrections"),
        "exact",
        "All pairings with country and kind; names are cleaned and every correction is listed below",
    ),
)
