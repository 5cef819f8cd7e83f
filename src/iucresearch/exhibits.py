"""The registry: every exhibit once, the report's and those that this edition adds.

Lists of figures and tables, the notebooks, the tests and the page read it; titles are the report's.
"""

from __future__ import annotations

from reissue.core.language import N_
from reissue.exhibits.registry import Exhibit

JRC = "JRC analysis"
JRC_SURVEY = "JRC analysis, based on JRC-IUC-LAC survey results"
#: Source of what the report's text gives without an exhibit: the words are ours.
TEXT_SOURCE = "JRC-IUC-LAC survey, as given in the text"
_SURVEY_TABLES = ("survey", "survey_counts", "questions", "options")
#: The questions of the survey's figures; results are named after theirs.
_GROUPS = {"figure-6": "motivation", "figure-7": "familiarity", "figure-8": "salience"}


def _survey(id_: str, title: str, page: int, section: str, message: str, source: str = TEXT_SOURCE) -> Exhibit:
    return Exhibit(
        id_,
        title,
        section,
        page,
        source,
        "04_survey",
        _SURVEY_TABLES,
        "counted",
        about=_GROUPS.get(id_) or id_.removeprefix("result-"),
        is_picture=True,
        message=message,
    )


def _box(number: int, page: int, title: str, message: str) -> Exhibit:
    return Exhibit(
        f"box-{number}",
        title,
        "3.4",
        page,
        "JRC, as given in the box",
        "04_survey",
        ("boxes", "pairings"),
        "partly",
        "The facts of the box, in our words; its sentences are the report's",
        about=str(number),
        message=message,
    )


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
        message=N_(
            "{pilots} pilot activities between {pilots_from} and {pilots_to} introduced Smart Specialisation in"
            " {pilot_countries} countries."
        ),
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
        message=N_(
            "{actions} kinds of action supported the pairings: facilitation throughout, visits to national authorities,"
            " study visits and a yearly gathering."
        ),
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
        message=N_("A Latin American region had to meet {lac_criteria} criteria, a European one {eu_criteria}."),
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
        message=N_(
            "{pairings} pairings join territories in {lac_countries} Latin American countries and {eu_countries} member"
            " states of the European Union."
        ),
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
        "It is a photograph, which is not data and is not ours to print",
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
        message=N_(
            "The Programme counts more than {contacts} new business contacts, {agreements} cooperation agreements and"
            " {strategies} strategies."
        ),
    ),
    _survey(
        "result-respondents",
        "Respondents by side",
        17,
        "3.1",
        N_(
            "{respondents} people answered: {respondents_eu} from the European Union and {respondents_lac} "
            "from Latin America."
        ),
    ),
    _survey(
        "result-organisations",
        "Kinds of organisation that answered",
        17,
        "3.1",
        N_(
            "At least {administrations_least} of {respondents} respondents work for a regional public "
            "administration, and at most {other_kinds_most} for any other kind of organisation."
        ),
    ),
    _survey(
        "figure-6",
        "Main motivation for participating in IUC-LAC",
        17,
        "3.1",
        N_(
            "{sharing_or_partners} of {respondents} respondents came to share and learn or to find partners "
            "and projects, and {business_least} for new business."
        ),
        JRC_SURVEY,
    ),
    _survey(
        "result-exchanges",
        "Forms of exchange",
        17,
        "3.1",
        N_(
            "Face-to-face meetings were the most common form of exchange; respondents mention workshops "
            "{workshop_mentions} times."
        ),
    ),
    _survey(
        "result-strategy",
        "Having or planning a Smart Specialisation Strategy",
        18,
        "3.2",
        N_(
            "At least {strategy_least} of {respondents} respondents have a Smart Specialisation Strategy or "
            "aim to elaborate one."
        ),
    ),
    _survey(
        "figure-7",
        "Knowledge of Smart Specialisation among IUC-LAC participants",
        18,
        "3.2",
        N_(
            "{familiar_lac_least} of {respondents_lac} respondents from Latin America and {familiar_eu} of"
            " {respondents_eu} from the European Union are very or broadly familiar with Smart Specialisation."
        ),
        JRC_SURVEY,
    ),
    _survey(
        "result-phases",
        "Relevance of each phase of Smart Specialisation",
        18,
        "3.2",
        N_(
            "{edp_least} of {respondents} respondents rate the Entrepreneurial Discovery Process highly, and "
            "{monitoring_least} rate monitoring and evaluation highly."
        ),
    ),
    _survey(
        "figure-8",
        "Salience of Smart Specialisation in the IUC-LAC Project",
        19,
        "3.3",
        N_(
            "At least {salience_least} of {respondents} respondents call Smart Specialisation a main or "
            "important topic of their exchanges, and {marginal_most} a marginal one."
        ),
        JRC_SURVEY,
    ),
    _survey(
        "result-support",
        "Support for Smart Specialisation overall",
        19,
        "3.3",
        N_(
            "{supported_least} of {respondents} respondents report some support for Smart Specialisation, or "
            "structured and clear support."
        ),
    ),
    _survey(
        "result-support-steps",
        "Support on each step of Smart Specialisation",
        19,
        "3.3",
        N_(
            "On every step except monitoring and evaluation, at least {steps_least} of {respondents} "
            "respondents report some support, or structured and clear support."
        ),
    ),
    _survey(
        "result-facilitator",
        "What participants valued in the Programme",
        19,
        "3.4",
        N_("Participants valued partners, learning and networking; the report gives no counts."),
    ),
    _survey(
        "result-outcomes",
        "Outcomes of the pairings, by frequency of mention",
        19,
        "3.4",
        N_(
            "Regional priorities for cooperation are the outcome that respondents mention most often, "
            "investment priorities the one that they mention least often."
        ),
    ),
    _survey(
        "result-sustainability",
        "Sustainability named in outcomes or planned actions",
        12,
        "2.1.3",
        N_(
            "At least {sustainability_least} respondents from Latin America name sustainability in outcomes "
            "or planned actions."
        ),
    ),
    _survey(
        "result-satisfaction",
        "Satisfaction with the Programme",
        20,
        "3.4",
        N_("{satisfied_least} of {respondents} respondents are highly satisfied with the Programme."),
    ),
    _box(
        1,
        20,
        "From the pairing to a long-term relationship: the case of Colima (Mexico) and Extremadura (Spain)",
        N_("Colima and Extremadura signed an agreement to go on working together after the project."),
    ),
    _box(
        2,
        20,
        "Skills as a common challenge: the case of Salta (region in Argentina) and Alentejo (region in Portugal)",
        N_("Salta and Alentejo put skills at the heart of an activity that they selected together."),
    ),
    _box(
        3,
        21,
        "Developing new businesses – a common goal: the case of Cioeste (sub-region in Brazil) and Bielsko-Biała"
        " (sub-region in Poland)",
        N_("The pairing of Cioeste and Bielsko-Biała led to commercial agreements between companies."),
    ),
    _box(
        4,
        21,
        "Smart Specialisation as a vehicle for sustainable development: the case of Bogotá-Cundinamarca (Colombia) and"
        " Lazio (Italy)",
        N_("Bogotá-Cundinamarca and Lazio cooperate under a memorandum, above all on sustainable development."),
    ),
    Exhibit(
        "table-2",
        "SWOT analysis",
        "4.3",
        26,
        JRC,
        "05_outlook",
        ("swot",),
        "exact",
        message=N_(
            "Smart Specialisation in Latin America has {strengths} strengths and {weaknesses} weaknesses,"
            " {opportunities} opportunities and {threats} threats."
        ),
    ),
    Exhibit(
        "annex",
        "Full list of pairings",
        "Annex",
        33,
        "IUC-LAC",
        "07_annex",
        ("pairings", "corrections"),
        "exact",
        "All pairings with country and kind; corrected names are listed on the page about cleaning",
        message=N_("The {partners} territories of all {pairings} pairings; {sub_regions} of them are sub-regions."),
    ),
)
