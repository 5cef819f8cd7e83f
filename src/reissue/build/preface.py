"""What the whole report opens with in a build from the true answers: what they change."""

from __future__ import annotations

from markupsafe import Markup

from reissue.core import datapackage, paths
from reissue.exhibits.rendering import rendered

_REMEDY = "delete it and run make report"


def opening(variant: str) -> Markup:
    """Return what the true answers change, in a build from them; nothing in other builds."""
    folder = paths.processed_of(variant)
    descriptor = datapackage.read_descriptor(folder, _REMEDY)
    if not any(item["name"] == "changes" for item in descriptor["resources"]):
        return Markup("")
    table = datapackage.read_table(folder, datapackage.resource(descriptor, "changes"), _REMEDY)
    counts = {effect: int((table["effect"] == effect).sum()) for effect in ("contradicted", "settled", "confirmed")}
    return rendered("changes.html", rows=table.to_dict("records"), counts=counts)
