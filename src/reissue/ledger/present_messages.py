"""The messages of a report on the page: the main points, and all messages by theme, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.files import write_text
from reissue.core.language import N_, _
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown
from reissue.exhibits.slots import fill_text
from reissue.ledger.evidence import FIXED, ONCE, OPEN, TENSION, WORD, find_tensions
from reissue.ledger.messages import split_ids

_STRENGTHS = {
    FIXED: N_("Based on fixed counts"),
    OPEN: N_("Based on counts that stay open"),
    ONCE: N_("Based on numbers stated once"),
    WORD: N_("The report's word alone"),
    TENSION: N_("In tension with other statements"),
}
_CLASSES = {FIXED: "exact", OPEN: "partly", ONCE: "stated-once", WORD: "stated-once", TENSION: "not"}
_KINDS = (N_("finding"), N_("challenge"), N_("opportunity"), N_("recommendation"), N_("next step"))
#: The columns of the file `messages.csv`.
COLUMNS = ["id", "kind", "message", "section", "page", "rests_on", "strength"]


class MessageList:
    """Messages as lists with their evidence.

    Parameters
    ----------
    messages
        One row per message: id, section, page, kind, theme, main, message, rests_on, strength.
    claims
        One row per judged claim: id, statement, verdict.
    values
        The named values: name, value.
    discrepancies
        One row per discrepancy: id, first, second, weight, why.
    names
        The names of exhibits by id, and of counts, with their possible values, as `question:options:side`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> None:
        self._messages, values = tables["messages"], tables["values"]
        self._claims = tables["claims"].set_index("id")
        self._discrepancies = _list_rows(tables["discrepancies"])
        self._values = dict(zip(values["name"], values["value"].astype("str"), strict=True))
        self._names = names

    def list_main_points(self) -> Shown:
        """Return the main points in their order, each with its evidence."""
        main = self._messages[self._messages["main"].notna()].sort_values("main")
        group = {"id": "", "heading": "", "list": "ol", "messages": [self._describe(row) for row in _list_rows(main)]}
        return self._render([group], _("Main points"), main)

    def list_by_theme(self, themes: Mapping[str, str]) -> Shown:
        """Return all messages by theme; in a build, also write `messages.csv`. `themes` has the heading of each."""
        folder = paths.output_folder()
        if folder is not None:
            filled = [fill_text(text, self._values) for text in self._messages["message"]]
            write_text(folder / "messages.csv", to_csv(self._messages.assign(message=filled)[COLUMNS]))
        groups = []
        for theme, heading in themes.items():
            rows = _list_rows(self._messages[self._messages["theme"] == theme])
            described = [self._describe(row) | {"anchor": True} for row in rows]
            groups.append({"id": f"theme-{theme}", "heading": _(heading), "list": "ul", "messages": described})
        return self._render(groups, _("All messages"), self._messages)

    def _describe(self, row: dict[str, Any]) -> dict[str, Any]:
        strength, ids = str(row["strength"]).partition(": ")[0], split_ids(row["rests_on"])
        place = _("Section {number}, page {page}") if row["section"][0].isdigit() else _("{heading}, page {page}")
        return {
            "id": row["id"],
            "anchor": False,
            "text": fill_text(_(row["message"]), self._values),
            "kind": row["kind"],
            "place": place.format(number=row["section"], heading=_(row["section"]), page=row["page"]),
            "strength": _(_STRENGTHS[strength]),
            "class": _CLASSES[strength],
            "tensions": find_tensions(ids[0], self._discrepancies),
            "evidence": [self._describe_evidence(id_) for id_ in ids],
        }

    def _describe_evidence(self, id_: str) -> dict[str, Any]:
        if id_ in self._claims.index:
            claim = self._claims.loc[id_]
            return {"href": f"claim-{id_}", "text": claim["statement"], "english": True, "verdict": claim["verdict"]}
        return {"href": "" if ":" in id_ else id_, "text": self._names[id_], "english": False, "verdict": ""}

    def _render(self, groups: Sequence[Mapping[str, Any]], caption: str, rows: pd.DataFrame) -> Shown:
        html = render_template("messages.html", groups=groups)
        return Shown(str(html), f"{caption}\n\n{to_csv(rows[['id', 'strength']])}", {})


def _list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]
