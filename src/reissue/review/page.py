"""The review as a page: what came out, first; then what differs, exhibit by exhibit, and how it was found out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reissue.build.export import build_page
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import render_template
from reissue.review.compare import DIFFERS, IDENTICAL, MISSING, SAME_VALUES

TITLE = "Review of the rebuilt report"
#: Differences of one exhibit that the page shows; `review.json` has all.
_SHOWN = 40
#: How the page's style marks a verdict.
_BADGES = {IDENTICAL: "exact", SAME_VALUES: "exact", DIFFERS: "not", MISSING: "not"}


def review_page(edition: Edition, review: Mapping[str, Any]) -> str:
    """Return the page of a review, given as `review.json` has it."""
    body = render_template(
        "review.html",
        review=review,
        badges=_BADGES,
        shown=_SHOWN,
        claims=[(one["id"], one["published"] or "none", one["rebuilt"] or "none") for one in review["claims"]],
        runs=[
            (one["name"], one["conditions"], f"{one['seconds']:.1f}\u00a0s", one["error"] or "ended well")
            for one in review["runs"]
        ],
    )
    return build_page(edition, TITLE, Markup(body), list(review["made_from"]["rebuilt"].items()), home="index.html")
