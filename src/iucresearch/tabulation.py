"""Tables of the report: what each lists, and the layout of those that are not plain."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from reissue.core.language import N_, _, join_words, translate_words
from reissue.exhibits.rendering import render_template

_QUADRANTS = {
    "strength": N_("Strengths"),
    "weakness": N_("Weaknesses"),
    "opportunity": N_("Opportunities"),
    "threat": N_("Threats"),
}

#: Boxes 1 to 4 in our words (3.4, pages 20 and 21).
_STORIES = {
    1: (
        N_("They work on agro-industry, information and communication technologies, and the circular economy."),
        N_("They plan a protocol for exporting and importing fruits."),
        N_("They plan to exchange methods for a technology park, and a circular economy centre, both in Colima."),
        N_("Staff will move between the two regions."),
    ),
    2: (
        N_("Better competences should make tourism more attractive."),
        N_("Other pairings see skills as an issue, too."),
        N_("Puebla and Styria both lack skilled workers."),
        N_("Tierra del Fuego and Ostrobothnia plan exchanges of researchers, professors and students."),
    ),
    3: (
        N_("A municipal consortium in Brazil and a development agency in Poland manage it."),
        N_("Student associations, creative industries and start-ups carry out joint activities."),
        N_("The agreements are about 3D scanning, and about reverse logistics and the circular economy."),
        N_("All pairings name business and regional economic development in what they signed."),
    ),
    4: (
        N_("The memorandum covers various areas, in line with the 2030 Agenda of the United Nations."),
        N_("Sustainability is at the core of Yucatán’s collaboration with Ljubljana, too."),
        N_("Yucatán has built the Sustainable Development Goals into its State Development Plan."),
        N_("Ljubljana takes action on mobility that is driven by sustainability."),
    ),
}


def table_01_data(pilots: pd.DataFrame, uptake: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pilot: country, pilot, years, uptake (Table 1, pages 11 and 12)."""
    table = pilots.merge(uptake[["country", "uptake"]], on="country", how="left", validate="many_to_one")
    return table[["country", "pilot", "years", "uptake"]]


def table_01(data: pd.DataFrame, caption: str) -> Markup:
    """Return Table 1 as the report lays it out: a country's pilots side by side with its uptake."""
    countries = [
        {"name": name, "uptake": rows["uptake"].iloc[0], "pilots": rows.to_dict("records")}
        for name, rows in translate_words(data).groupby("country", sort=False)
    ]
    return render_template("table-1.html", caption=caption, countries=countries)


def table_02_data(swot: pd.DataFrame) -> pd.DataFrame:
    """Return one row per item: quadrant, order, item (Table 2, page 26)."""
    return swot[["quadrant", "order", "item"]].reset_index(drop=True)


def table_02(data: pd.DataFrame, caption: str) -> Markup:
    """Return Table 2 as the report lays it out: two by two quadrants."""
    data = translate_words(data)
    cells = [
        {"name": _(title), "items_": list(data.loc[data["quadrant"] == quadrant, "item"])}
        for quadrant, title in _QUADRANTS.items()
    ]
    return render_template("table-2.html", caption=caption, pairs=[cells[:2], cells[2:]])


def box_data(boxes: pd.DataFrame, pairings: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return one row per fact of a box: pairing, aspect, fact (3.4, pages 20 and 21)."""
    names = dict(zip(pairings["id"], pairings["lac_region"] + " and " + pairings["eu_region"], strict=True))
    rows = boxes[boxes["box"] == number].sort_values("order")
    return rows.assign(pairing=rows["pairing"].map(names))[["pairing", "aspect", "fact"]].reset_index(drop=True)


def box(data: pd.DataFrame, caption: str, *, number: int) -> Markup:
    """Return a box: its story in four lines, then its facts, each pairing named once."""
    pairings = [
        {"name": join_words(str(name).split(" and ")), "facts": rows.to_dict("records")}
        for name, rows in translate_words(data).groupby("pairing", sort=False)
    ]
    return render_template("box.html", caption=caption, story=[_(line) for line in _STORIES[number]], pairings=pairings)


def figure_04(data: pd.DataFrame, caption: str) -> Markup:
    """Return the line that replaces the photograph: where its territories are listed."""
    line = _("The {annex} lists the {number} territories of the pairings.")
    annex = Markup('<a href="#annex">{}</a>').format(_("Annex"))
    return Markup("<p>{}</p>").format(Markup(line).format(annex=annex, number=len(data)))


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
