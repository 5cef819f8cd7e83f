"""The map of a brief, with the plotted data."""

from __future__ import annotations

import warnings
from base64 import b64encode

import pandas as pd

from iucresearch.briefs.subject import Subject, Tables
from iucresearch.figures.brief_map import brief_map, brief_map_alt, brief_map_data
from reissue.core.datapackage import to_csv
from reissue.core.language import _
from reissue.drawing import style
from reissue.drawing.geo import Topology
from reissue.exhibits.html_table import data_table
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown


def draw_place_map(found: Subject, tables: Tables, topology: Topology) -> Shown:
    """Return the map of the subject's pairings among all others: picture, words, data (Annex, page 33).

    The map tints the countries of the drawn pairings; the processed table `countries` has their codes.
    """
    data = brief_map_data(found.pairings)
    with warnings.catch_warnings():
        # A box replaces a letter that the font lacks; the words and the table have the name.
        warnings.filterwarnings("ignore", message="Glyph")
        picture = style.svg(brief_map(data, found.others, topology, _tinted(data, tables["countries"])))
    columns = ["number", "lac_region", "lac_seat", "eu_region", "eu_seat", "distance_km"]
    alt, caption = brief_map_alt(data, found.others), _("What the map shows")
    html = render_template(
        "map.html",
        picture=b64encode(picture).decode(),
        alt=alt,
        note=_note(),
        data=data_table(data[columns], caption),
    )
    return Shown(str(html), f"{caption}\n{alt}\n\n{to_csv(data)}", {})


def _tinted(data: pd.DataFrame, countries: pd.DataFrame) -> dict[str, str]:
    """Return the side of each country of the drawn pairings, by numeric code."""
    rows = countries[countries["country"].isin({*data["lac_country"], *data["eu_country"]})]
    return dict(zip(rows["numeric"].astype("str"), rows["side"], strict=True))


def _note() -> str:
    sentences = (
        _("Circles: seats in Latin America; squares: seats in the European Union, numbered as in the Annex."),
        _("Lines: great circles."),
        _("In grey: all other pairings."),
        _("At the lower right: Europe, enlarged."),
    )
    return " ".join(sentences)
