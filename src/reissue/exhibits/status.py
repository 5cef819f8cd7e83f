"""How far an exhibit is reproduced, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reissue.core.language import _, ngettext
from reissue.exhibits.registry import ADDED, Exhibit


@dataclass(frozen=True)
class Status:
    """How far an exhibit is reproduced (exact, partly, not or added), and why."""

    word: str
    reason: str


def compute_status(item: Exhibit, counts: Mapping[str, int]) -> Status:
    """Return how far an exhibit is reproduced, which for a `counted` one depends on its counts.

    `counts` has how many counts it shows (`shown`), how many of them are `fixed`, and about how many anything is known
    (`bounded`).
    """
    if item.is_added:
        return Status(ADDED, _(item.reason) or _("The report has no such exhibit"))
    if item.reproduction != "counted":
        return Status(item.reproduction, _(item.reason))
    fixed, shown = counts["fixed"], counts["shown"]
    if fixed == shown:
        return Status("exact", _("Every count shown is certain"))
    known = ngettext(
        "{fixed} of the {shown} counts shown is certain", "{fixed} of the {shown} counts shown are certain", fixed
    )
    known = known if fixed else _("None of the {shown} counts shown are certain")
    return Status("partly" if counts["bounded"] else "not", known.format(fixed=fixed, shown=shown))
