"""Exhibits as data: what a registry holds of each, and how far each is reproduced.

The registry belongs to an edition. It holds facts; a notebook passes the function that draws or tabulates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reissue.core.errors import InputError
from reissue.core.language import N_, _

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


@dataclass(frozen=True)
class Exhibit:
    """One exhibit of the report, or one that this edition adds.

    Attributes
    ----------
    id
        Name everywhere: kind and number, such as `table-N`; it names the files, too.
    title, section, page
        As printed; results without an exhibit in the report, and exhibits that this edition adds, have a title of ours
        and the place of what they show.
    source
        The source line, as printed or, in brackets, ours.
    notebook
        Stem of the notebook that shows it.
    tables
        Processed tables behind it.
    reproduction
        `exact`, `partly`, `not`; `counted`: exact where every plotted count is fixed; or `added`: the report has no
        such exhibit, this edition adds it.
    reason
        Why it is not simply exact, or why it was added, for the reader.
    is_picture
        Whether it is drawn; other exhibits are tables.
    about
        The group of questions, or the number of the box, whose rows are behind it; all rows where empty.
    """

    id: str
    title: str
    section: str
    page: int
    source: str
    notebook: str
    tables: tuple[str, ...]
    reproduction: str
    reason: str = ""
    about: str = ""
    is_picture: bool = False

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
        """What other texts call it: `Figure 1`, or the title of a result in quotes."""
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


def find_exhibit(exhibits: Iterable[Exhibit], id_: str) -> Exhibit:
    """Return the exhibit of an id.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    known = {item.id: item for item in exhibits}
    if id_ not in known:
        raise InputError(f"there is no exhibit {id_!r}", expected=f"one of {', '.join(known)}")
    return known[id_]


def exhibit_table(exhibits: Iterable[Exhibit]) -> pd.DataFrame:
    """Return one row per exhibit of the report: id, kind, number, title, section, page, source.

    What this edition adds is left out: the report's statements about its own figures and tables, such as which is the
    last, are measured on this table. `number` is missing where the exhibit has none.
    """
    rows = []
    for item in (item for item in exhibits if not item.is_added):
        rows.append((item.id, item.kind, item.number, item.title, item.section, item.page, item.source))
    import pandas as pd

    table = pd.DataFrame(rows, columns=["id", "kind", "number", "title", "section", "page", "source"])
    table["number"] = pd.to_numeric(table["number"]).astype("Int64")
    return table
