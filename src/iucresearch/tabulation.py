"""Accessible HTML tables: a caption, headers with scope, every value escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from reissue.core.language import CODES, ENGLISH, N_, QUOTED, WORDS, _, current, listed, number
from reissue.exhibits.rendering import rendered

_QUADRANTS = {
    "strength": N_("Strengths"),
    "weakness": N_("Weaknesses"),
    "opportunity": N_("Opportunities"),
    "threat": N_("Threats"),
}
#: Columns of what readers are shown, each with its head; those of technical tables have their name's words.
_LABELS = {
    "abbreviation": N_("Abbreviation"),
    "about": N_("About"),
    "action": N_("Action"),
    "allowed": N_("Allowed"),
    "answer": N_("Answer"),
    "answers": N_("Answers"),
    "aspect": N_("Aspect"),
    "authors": N_("Authors"),
    "cleaned": N_("Cleaned"),
    "code": N_("Code"),
    "column": N_("Column"),
    "count": N_("Count"),
    "country": N_("Country"),
    "details": N_("Details"),
    "direction": N_("Direction"),
    "distance_km": N_("Distance (km)"),
    "doi": N_("DOI"),
    "eu_country": N_("European country"),
    "eu_kind": N_("European kind"),
    "eu_latitude": N_("European latitude"),
    "eu_longitude": N_("European longitude"),
    "eu_region": N_("European region"),
    "eu_seat": N_("European seat"),
    "evidence": N_("Evidence"),
    "fact": N_("Fact"),
    "feasible": N_("Feasible"),
    "fixed by": N_("Fixed by"),
    "id": N_("Key"),
    "ISO code": N_("ISO code"),
    "kind": N_("Kind"),
    "label": N_("Label"),
    "lac_country": N_("Latin American country"),
    "lac_kind": N_("Latin American kind"),
    "lac_latitude": N_("Latin American latitude"),
    "lac_longitude": N_("Latin American longitude"),
    "lac_region": N_("Latin American region"),
    "lac_seat": N_("Latin American seat"),
    "least": N_("Least"),
    "level": N_("Level"),
    "links": N_("Links"),
    "listed": N_("Listed"),
    "meaning": N_("Meaning"),
    "most": N_("Most"),
    "n": N_("Respondents"),
    "name": N_("Name"),
    "number": N_("Number"),
    "objective": N_("Objective"),
    "one row": N_("One row"),
    "order": N_("Order"),
    "page": N_("Page"),
    "pages": N_("Pages"),
    "pairing": N_("Pairing"),
    "part": N_("Part"),
    "partner": N_("Partner"),
    "partner in": N_("Partner in"),
    "printed": N_("Printed"),
    "published": N_("Published"),
    "qualifier": N_("Qualifier"),
    "question": N_("Question"),
    "read otherwise": N_("Read otherwise"),
    "reason": N_("Reason"),
    "read": N_("Read"),
    "regions in pairings": N_("Regions in pairings"),
    "regions printed": N_("Regions printed"),
    "respondents": N_("Respondents"),
    "row": N_("Row"),
    "rows": N_("Rows"),
    "seat": N_("Seat"),
    "section": N_("Section"),
    "sections": N_("Sections"),
    "side": N_("Side"),
    "source": N_("Source"),
    "stage": N_("Stage"),
    "statements": N_("Statements"),
    "table": N_("Table"),
    "territory": N_("Territory"),
    "text": N_("Text"),
    "theme": N_("Theme"),
    "then": N_("Then"),
    "timing": N_("Timing"),
    "title": N_("Title"),
    "type": N_("Type"),
    "unit": N_("Unit"),
    "value": N_("Value"),
    "verdict": N_("Verdict"),
    "who": N_("Who"),
    "word": N_("Word"),
    "year": N_("Year"),
}
#: Codes of the tables that code makes itself; those of the raw tables are found there.
_CODES = (N_("all"), N_("both"), N_("EU"), N_("LAC"), N_("step"), N_("criterion"))
_ACRONYMS = {"lac": "Latin American", "eu": "European", "n": "respondents", "km": "(km)", "id": "key", "doi": "DOI"}


def data_table(
    frame: pd.DataFrame, caption: str, *, anchor: str = "", links: Sequence[str] = (), english: bool = False
) -> Markup:
    """Return any frame as a table, one row per row; the first column heads its row, and names it for links.

    With `links`, an address per row, its first cell leads there. Heads and words are in the build's language, but for
    the cells of a table that is `english`: one of what code and files are called, or of what the report prints.
    """
    names = [str(name) for name in frame.columns]
    columns = [
        {
            "label": _label(name),
            "english": english and name not in _LABELS,
            "number": pd.api.types.is_any_real_numeric_dtype(frame[column]),
        }
        for name, column in zip(names, frame.columns, strict=True)
    ]
    cells = _english if english else _told
    rows = [
        [cells(name, value) for name, value in zip(names, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    for row, link in zip(rows, links, strict=bool(links)):
        row[0] = Markup('<a class="to" href="{}">{}</a>').format(link, row[0])
    return rendered("table.html", caption=caption, columns=columns, rows=rows, anchor=anchor, english=english)


def table_01_data(pilots: pd.DataFrame, uptake: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pilot: country, pilot, years, uptake (Table 1, pages 11 and 12)."""
    table = pilots.merge(uptake[["country", "uptake"]], on="country", how="left", validate="many_to_one")
    return table[["country", "pilot", "years", "uptake"]]


def table_01(data: pd.DataFrame, caption: str) -> Markup:
    """Return Table 1 as the report lays it out: a country's pilots side by side with its uptake."""
    countries = [
        {"name": name, "uptake": rows["uptake"].iloc[0], "pilots": rows.to_dict("records")}
        for name, rows in data.groupby("country", sort=False)
    ]
    return rendered("table-1.html", caption=caption, countries=countries)


def table_02_data(swot: pd.DataFrame) -> pd.DataFrame:
    """Return one row per item: quadrant, order, item (Table 2, page 26)."""
    return swot[["quadrant", "order", "item"]].reset_index(drop=True)


def table_02(data: pd.DataFrame, caption: str) -> Markup:
    """Return Table 2 as the report lays it out: two by two quadrants."""
    cells = [
        {"name": _(title), "items_": list(data.loc[data["quadrant"] == quadrant, "item"])}
        for quadrant, title in _QUADRANTS.items()
    ]
    return rendered("table-2.html", caption=caption, pairs=[cells[:2], cells[2:]])


def box_data(boxes: pd.DataFrame, pairings: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return one row per fact of a box: pairing, aspect, fact (3.4, pages 20 and 21)."""
    names = dict(zip(pairings["id"], pairings["lac_region"] + " and " + pairings["eu_region"], strict=True))
    rows = boxes[boxes["box"] == number].sort_values("order")
    return rows.assign(pairing=rows["pairing"].map(names))[["pairing", "aspect", "fact"]].reset_index(drop=True)


def annex_data(pairings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pairing: number and both partners with kind and country (Annex, page 33)."""
    columns = ["order", "lac_region", "lac_kind", "lac_country", "eu_region", "eu_kind", "eu_country"]
    return pairings[columns].rename(columns={"order": "number"})


def roster_data(pairings: pd.DataFrame, *, side: str = "all") -> pd.DataFrame:
    """Return one row per territory: country, territory, kind, side, partner (Annex, page 33)."""
    parts = [
        pd.DataFrame(
            {
                "country": pairings[f"{own}_country"],
                "territory": pairings[f"{own}_region"],
                "kind": pairings[f"{own}_kind"],
                "side": name,
                "partner": pairings[f"{other}_region"],
            }
        )
        for name, own, other in (("LAC", "lac", "eu"), ("EU", "eu", "lac"))
        if side in ("all", name)
    ]
    return pd.concat(parts, ignore_index=True)


def _label(name: str) -> str:
    return _(_LABELS[name]) if name in _LABELS else _derived(name)


def _derived(name: str) -> str:
    words = " ".join(_ACRONYMS.get(word, word) for word in name.replace("_", " ").split(" "))
    return words[:1].upper() + words[1:]


def _english(name: str, value: Any) -> str:
    """Return a cell as it is."""
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _told(name: str, value: Any) -> str:
    """Return a cell in the build's language; what stays English there is marked."""
    plain = _english(name, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return plain and number(value)
    if name in WORDS or name in CODES:
        return _(plain)
    if name == "links":
        return "; ".join(_(part) for part in plain.split("; "))
    if name == "pairing" and plain.count(" and ") == 1:
        return listed(plain.split(" and "))
    if name in QUOTED and plain and current() != ENGLISH:
        return Markup('<span lang="en">{}</span>').format(plain)
    return plain
