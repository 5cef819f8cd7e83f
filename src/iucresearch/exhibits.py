"""The registry: every exhibit once, the report's and those that this edition adds.

Lists of figures and tables, the notebooks, the tests and the page read it; titles are the report's. What the report
says of its own exhibits is measured on its own alone (`exhibit_table`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reissue.core.errors import InputError
from reissue.core.language import N_, _, ngettext

if TYPE_CHECKING:
    import pandas as pd

#: What `Exhibit.reproduction` says of an exhibit that the report does not have.
ADDED = "added"
#: How far an exhibit is reproduced, in words; or that there is nothing to reproduce.
WORDS = {
    "exact": N_("Exact"),
    "partly": N_("Partly reproduced"),
    "not": N_("Not reproduced"),
    ADDED: N_("Added by this edition"),
}
#: Kinds of exhibit, each with the heading of its list.
KINDS = {
    "Figure": N_("Figures"),
    "Table": N_("Tables"),
    "Box": N_("Boxes"),
    "Annex": N_("Annex"),
    "Result": N_("Results that the text gives without a figure"),
}
_KINDS = (N_("Figure"), N_("Table"), N_("Box"), N_("Annex"), N_("Result"))

JRC = "JRC analysis"
JRC_SURVEY = "JRC analysis, based on JRC-IUC-LAC survey results"
#: Source of what the report tells without an exhibit: the words are ours.
TOLD = "JRC-IUC-LAC survey, as told in the text"


@dataclass(frozen=True)
class Exhibit:
    """One exhibit of the report, or one that this edition adds.

    Attributes
    ----------
    id
        Name everywhere: `figure-6` is also the file, `figure_06` the function.
    title, section, page
        As printed; results without an exhibit in the report, and exhibits that this edition adds, have a title of ours
        and the place of what they show.
    source
        The source line, as printed or, in brackets, ours.
    notebook
        Stem of the notebook that shows it.
    function
        `module:function` under `iucresearch` that draws the picture or builds the table; empty
        where the exhibit is its data table alone.
    tables
        Processed tables behind it.
    reproduction
        `exact`, `partly`, `not`; `counted`: exact where every plotted count is fixed; or `added`: the report has no
        such exhibit, this edition adds it.
    reason
        Why it is not simply exact, or why it was added, for the reader.
    about
        The group of questions, or the number of the box, whose rows are behind it; all rows where empty.
    """

    id: str
    title: str
    section: str
    page: int
    source: str
    notebook: str
    function: str
    tables: tuple[str, ...]
    reproduction: str
    reason: str = ""
    about: str = ""

    @property
    def kind(self) -> str:
        """Figure, Table, Box, Annex or Result."""
        return self.id.partition("-")[0].capitalize()

    @property
    def heading(self) -> str:
        """Kind, number and title: what the page prints above it; results have a title alone."""
        return _(self.title) if self.kind == "Result" else f"{self.name}. {_(self.title)}"

    @property
    def name(self) -> str:
        """What other texts call it: `Figure 6`, or the title of a result in quotes."""
        if self.kind == "Result":
            return _("“{title}”").format(title=_(self.title))
        return f"{_(self.kind)} {self.number}".rstrip()

    @property
    def number(self) -> str:
        """Its number as printed; empty for the Annex and for results."""
        return "" if self.kind == "Result" else self.id.partition("-")[2]

    @property
    def is_added(self) -> bool:
        """Whether this edition adds it: the report says nothing of it, and has nothing to reproduce."""
        return self.reproduction == ADDED

    @property
    def shows_counts(self) -> bool:
        """Whether it shows counts of the survey's answers: of synthetic ones it must say so."""
        return "survey_counts" in self.tables

    @property
    def is_picture(self) -> bool:
        """Whether its function draws."""
        return self.function.startswith("figures.")


@dataclass(frozen=True)
class Status:
    """How far an exhibit is reproduced: exact, partly, not, or added; and why."""

    word: str
    reason: str


_SURVEY_TABLES = ("survey", "survey_counts", "questions", "options")


#: The questions of the survey's figures; results are named after theirs.
_GROUPS = {"figure-6": "motivation", "figure-7": "familiarity", "figure-8": "salience"}


def _survey(id_: str, title: str, page: int, section: str, source: str = TOLD) -> Exhibit:
    function = f"figures.survey:{id_.replace('figure-', 'figure_0').replace('-', '_')}"
    about = _GROUPS.get(id_) or id_.removeprefix("result-")
    return Exhibit(id_, title, section, page, source, "04_survey", function, _SURVEY_TABLES, "counted", about=about)


EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(
        "table-1",
        "Pilot activities introducing Smart Specialisation in Latin America and uptake at nation-wide level",
        "2.1.2",
        11,
        JRC,
        "02_context",
        "tabulation:table_01",
        ("pilots", "uptake"),
        "exact",
    ),
    Exhibit(
        "figure-1",
        "A network of four actions",
        "2.2.1",
        13,
        JRC,
        "03_programme",
        "figures.network:figure_01",
        ("actions",),
        "partly",
        "The four actions are the report's; its drawing is lost and this one is ours",
    ),
    Exhibit(
        "figure-2",
        "Selection of regions",
        "2.2.2",
        14,
        JRC,
        "03_programme",
        "figures.selection:figure_02",
        ("criteria",),
        "partly",
        "The steps and criteria come from the text; the labels of the report's drawing are lost",
    ),
    Exhibit(
        "figure-3",
        "EU-Latin American regional pairings",
        "2.2.2",
        15,
        JRC,
        "03_programme",
        "figures.pairings_map:figure_03",
        ("pairings", "countries"),
        "partly",
        "All pairings are the Annex's; the themes that the report's map gave per pairing are lost",
    ),
    Exhibit(
        "figure-4",
        "Family picture of the IUC regional pairings between the EU and Latin America",
        "2.2.3",
        16,
        "© IUC-LAC",
        "03_programme",
        "",
        ("pairings",),
        "not",
        "It is a photograph, which is not data and is not ours to print; the table lists the territories it stands for",
    ),
    Exhibit(
        "figure-5",
        "Key figures of the IUC-LAC Programme",
        "2.2.3",
        16,
        "JRC analysis, based on IUC-LAC data",
        "03_programme",
        "figures.key_figures:figure_05",
        ("key_figures",),
        "exact",
        "All tiles with number and text; the layout is ours",
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
    *(
        Exhibit(
            f"box-{number}",
            title,
            "3.4",
            page,
            "JRC, as told in the box",
            "04_survey",
            "",
            ("boxes", "pairings"),
            "partly",
            "The facts of the box, in our words; its sentences are the report's",
            str(number),
        )
        for number, page, title in (
            (
                1,
                20,
                "From the pairing to a long-term relationship: the case of Colima (Mexico) and Extremadura (Spain)",
            ),
            (
                2,
                20,
                "Skills as a common challenge: the case of Salta (region in Argentina) and Alentejo "
                "(region in Portugal)",
            ),
            (
                3,
                21,
                "Developing new businesses – a common goal: the case of Cioeste (sub-region in Brazil) and "
                "Bielsko-Biała (sub-region in Poland)",
            ),
            (
                4,
                21,
                "Smart Specialisation as a vehicle for sustainable development: the case of Bogotá-Cundinamarca "
                "(Colombia) and Lazio (Italy)",
            ),
        )
    ),
    Exhibit("table-2", "SWOT analysis", "4.3", 26, JRC, "05_outlook", "tabulation:table_02", ("swot",), "exact"),
    Exhibit(
        "annex",
        "Full list of pairings",
        "Annex",
        33,
        "IUC-LAC",
        "07_annex",
        "",
        ("pairings", "corrections"),
        "exact",
        "All pairings with country and kind; names are cleaned and every correction is listed below",
    ),
)


def exhibit(id_: str) -> Exhibit:
    """Return an exhibit by its id.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    for candidate in EXHIBITS:
        if candidate.id == id_:
            return candidate
    raise InputError(f"there is no exhibit {id_!r}", expected="one of " + ", ".join(e.id for e in EXHIBITS))


def status(item: Exhibit, data: pd.DataFrame) -> Status:
    """Say how far an exhibit is reproduced by the data that it shows.

    Where its counts can be open, this is computed: exact if every count shown is fixed, not if
    nothing is known of any.

    Raises
    ------
    InputError
        If the registry has another word than those that there are.
    """
    if item.is_added:
        return Status(ADDED, _(item.reason) or _("The report has no such exhibit"))
    if item.reproduction not in (*WORDS, "counted"):
        raise InputError(
            f"{item.reproduction!r} does not say how far an exhibit is reproduced",
            where=f"src/iucresearch/exhibits.py, {item.id}",
            expected="one of " + ", ".join([*WORDS, "counted"]),
            remedy="correct the registry",
        )
    if item.reproduction != "counted":
        return Status(item.reproduction, _(item.reason))
    fixed = int((data["least"] == data["most"]).sum())
    if fixed == len(data):
        return Status("exact", _("Every count shown is certain"))
    bounded = bool(((data["least"] > 0) | (data["most"] < data["n"])).any())
    known = ngettext(
        "{fixed} of the {shown} counts shown is certain", "{fixed} of the {shown} counts shown are certain", fixed
    )
    known = known if fixed else _("None of the {shown} counts shown are certain")
    hatched = _("hatching is what the report does not tell, not sampling error")
    reason = f"{known.format(fixed=fixed, shown=len(data))}; {hatched}"
    return Status("partly" if bounded else "not", reason)


def exhibit_table() -> pd.DataFrame:
    """Return one row per exhibit of the report: id, kind, number, title, section, page, source.

    What this edition adds is left out: the report's statements about its own figures and tables, such as which is the
    last, are measured on this table. `number` is missing where the exhibit has none.
    """
    rows = []
    for item in (item for item in EXHIBITS if not item.is_added):
        rows.append((item.id, item.kind, item.number, item.title, item.section, item.page, item.source))
    import pandas as pd

    table = pd.DataFrame(rows, columns=["id", "kind", "number", "title", "section", "page", "source"])
    table["number"] = pd.to_numeric(table["number"]).astype("Int64")
    return table
