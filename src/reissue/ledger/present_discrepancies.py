"""What a report says in two ways, on the page: contradictions and tensions, both ends of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.files import write_text
from reissue.core.language import N_, _
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown
from reissue.ledger.discrepancies import CONTRADICTIONS, list_tensions

#: The heading of each kind.
_HEADINGS = {
    "contradiction": N_("Contradictions"),
    "extraction": N_("Differences that the extraction of the text may have made"),
    "superlative-twice": N_("A superlative given twice"),
    "cross-reference": N_("A reference that leads to something else"),
    "different-members": N_("Lists with different members under one name"),
    "cause-or-trend": N_("A cause or trend claimed from one survey"),
    "circular": N_("A finding that a condition of selection makes circular"),
    "all-but": N_("“All” beside an exception"),
    "new-and-old": N_("Something new that is old elsewhere"),
}
_WEIGHTS = (N_("substance"), N_("editorial"), N_("spelling"))


def list_contradictions(discrepancies: pd.DataFrame, claims: pd.DataFrame) -> Shown:
    """Return the contradictions, one entry each: a sentence that explains it, its weight, and both places."""
    return _list(
        discrepancies[discrepancies["kind"].isin(CONTRADICTIONS)], claims, _("Contradictions"), "contradictions"
    )


def list_all_tensions(discrepancies: pd.DataFrame, claims: pd.DataFrame) -> Shown:
    """Return the tensions by kind, those of substance first; in a build, also write `tensions.csv`."""
    tensions = list_tensions(discrepancies)
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "tensions.csv", to_csv(tensions))
    return _list(tensions, claims, _("Tensions"), "tensions")


def _list(rows: pd.DataFrame, claims: pd.DataFrame, caption: str, name: str) -> Shown:
    about = claims.set_index("id")[["section", "page", "printed"]].to_dict("index")
    groups = [
        {
            "kind": kind,
            "heading": _(heading),
            "rows": [_describe(row, about) for row in rows.loc[same].to_dict("records")],
        }
        for kind, heading in _HEADINGS.items()
        if (same := rows["kind"] == kind).any()
    ]
    # Contradictions are few; tensions are folded by kind.
    html = render_template("discrepancies.html", groups=groups, name=name, folded=name == "tensions")
    return Shown(str(html), f"{caption}\n\n{to_csv(rows)}", {})


def _describe(row: dict[Any, Any], about: Mapping[Any, Mapping[Any, Any]]) -> dict[str, Any]:
    ids = (row["first"], row["second"])
    return {**row, "ends": [{"id": id_, "place": _place(about[id_]), **about[id_]} for id_ in ids]}


def _place(claim: Mapping[Any, Any]) -> str:
    text = _("Section {number}, page {page}") if claim["section"][0].isdigit() else _("{heading}, page {page}")
    return text.format(number=claim["section"], heading=_(claim["section"]), page=claim["page"])
