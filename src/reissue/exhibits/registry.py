"""Exhibits as data: the facts that an edition's registry holds of each, and how far each is reproduced.

A notebook passes the function that draws or tabulates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reissue.core.errors import InputError
from reissue.core.language import N_, _

if TYPE_CHECKING:
    import pandas as pd

#: The `Exhibit.reproduction` of an exhibit that the report does not have.
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
    """One exhibit of the report, or one that this edition adds."""

    #: Kind and number, such as `table-N`; it also names the files.
    id: str
    #: Title and place as printed; for exhibits that are not in the report, ours and the place of the facts they show.
    title: str
    section: str
    page: int
    #: The source line: as printed, or ours in brackets.
    source: str
    #: Stem of the notebook that shows it.
    notebook: str
    #: The processed tables that it is based on.
    tables: tuple[str, ...]
    #: `exact`, `partly`, `not`; `counted`: exact if every plotted count is fixed; `added`: this edition adds it.
    reproduction: str
    #: Why it is not exact, or why it was added, for the reader.
    reason: str = ""
    #: The group of questions, or the number of the box, on whose rows it is based; empty for all rows.
    about: str = ""
    #: Whether it is drawn; other exhibits are tables.
    is_picture: bool = False
    #: What it shows, in one sentence; slots in braces are filled from the table of named values.
    message: str = ""

    @property
    def kind(self) -> str:
        """The kind of exhibit: Figure, Table, Box, Annex or Result."""
        return self.id.partition("-")[0].capitalize()

    @property
    def heading(self) -> str:
        """Kind, number and title, as the page prints them above it; results have a title alone."""
        return _(self.title) if self.kind == "Result" else f"{self.name}. {_(self.title)}"

    @property
    def name(self) -> str:
        """Its name in other texts: `Figure 1`, or the title of a result in quotes."""
        if self.kind == "Result":
            return _("“{title}”").format(title=_(self.title))
        return f"{_(self.kind)} {self.number}".rstrip()

    @property
    def number(self) -> str:
        """Its number as printed; empty for the Annex and for results."""
        return "" if self.kind == "Result" else self.id.partition("-")[2]

    @property
    def is_added(self) -> bool:
        """Whether this edition adds it: the report has no such exhibit."""
        return self.reproduction == ADDED


def find_exhibit(exhibits: Iterable[Exhibit], id_: str) -> Exhibit:
    """Return the exhibit with an id; raise InputError if there is none."""
    known = {item.id: item for item in exhibits}
    if id_ not in known:
        raise InputError(f"there is no exhibit {id_!r}", expected=f"one of {', '.join(known)}")
    return known[id_]


def exhibit_table(exhibits: Iterable[Exhibit]) -> pd.DataFrame:
    """Return one row per exhibit of the report: id, kind, number, title, section, page, source.

    Exhibits that this edition adds are left out: the report's statements about its own figures and tables, such as
    which is the last, are judged by this table. `number` is missing if the exhibit has none.
    """
    import pandas as pd

    rows = [
        (item.id, item.kind, item.number, item.title, item.section, item.page, item.source)
        for item in exhibits
        if not item.is_added
    ]
    table = pd.DataFrame(rows, columns=["id", "kind", "number", "title", "section", "page", "source"])
    table["number"] = pd.to_numeric(table["number"]).astype("Int64")
    return table
