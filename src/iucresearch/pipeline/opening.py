"""What the whole report opens with in a build that knows more than the report does."""

from __future__ import annotations

from markupsafe import Markup

from iucresearch import package, paths
from iucresearch.rendering import rendered
from iucresearch.titles import question_titles

_REMEDY = "delete it and run make report"


def opening(variant: str) -> Markup:
    """Return what the whole report opens with in a build that knows more than the report: what that changes."""
    return _changes(variant) + _held_back(variant)


def _changes(variant: str) -> Markup:
    """Return what the answers change, in a build from true ones; nothing in others."""
    folder = paths.processed_of(variant)
    descriptor = package.read_descriptor(folder, _REMEDY)
    if not any(item["name"] == "changes" for item in descriptor["resources"]):
        return Markup("")
    table = package.read_table(folder, package.resource(descriptor, "changes"), _REMEDY)
    counts = {effect: int((table["effect"] == effect).sum()) for effect in ("contradicted", "settled", "confirmed")}
    return rendered("changes.html", rows=table.to_dict("records"), counts=counts)


def _held_back(variant: str) -> Markup:
    """Return what a release holds back, and why; nothing in other builds."""
    folder = paths.processed_of(variant)
    descriptor = package.read_descriptor(folder, _REMEDY)
    if not any(item["name"] == "held_back" for item in descriptor["resources"]):
        return Markup("")
    from iucresearch.release.counts import LEVELS, WHY

    released, held, questions = (
        package.read_table(folder, package.resource(descriptor, name), _REMEDY)
        for name in ("released", "held_back", "questions")
    )
    titles = question_titles(questions)
    rows = held.to_dict("records")
    return rendered("release.html", released=len(released), rows=rows, titles=titles, levels=LEVELS, why=WHY)
