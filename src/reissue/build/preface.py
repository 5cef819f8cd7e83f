"""What the whole report opens with in a build from the true answers: what they change."""

from __future__ import annotations

from markupsafe import Markup

from reissue.core import datapackage, paths
from reissue.exhibits.rendering import render_template

_REMEDY = "delete it and run make report"


def render_changes(variant: str) -> Markup:
    """Return what the true answers change, in a build from them; nothing in other builds."""
    folder = paths.processed_of(variant)
    changes = next((item for item in datapackage.read_resources(folder, _REMEDY) if item["name"] == "changes"), None)
    if changes is None:
        return Markup("")
    table = datapackage.read_table(folder, changes, _REMEDY)
    counts = {effect: int((table["effect"] == effect).sum()) for effect in ("contradicted", "settled", "confirmed")}
    return render_template("changes.html", rows=table.to_dict("records"), counts=counts)
