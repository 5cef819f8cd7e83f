"""What `codecheck.yml` has of a review: each file with the verdict on its own exhibit, the summary, the day."""

from __future__ import annotations

import yaml

from iucresearch.edition import EDITION
from reissue.review.codecheck import codecheck
from reissue.review.verdicts import Verdict


def test_each_file_has_the_verdict_on_its_own_exhibit() -> None:
    found = [Verdict("figure-1", "Figure 1", "identical"), Verdict("table-2", "Table 2: <x>", "differs")]
    places = [
        "claims.csv",
        "figures/figure-1.csv",
        "figures/figure-10.csv",
        "tables/table-2.csv",
        "tables/table-2.html",
    ]
    told = yaml.safe_load(codecheck(EDITION.metadata, found, places, "Two: one identical.", "2026-11-24"))
    assert [(one["file"], one["comment"]) for one in told["manifest"]] == [
        ("published/figures/figure-1.csv", "Figure 1: identical"),
        ("published/tables/table-2.csv", "Table 2: <x>: differs"),
        ("published/tables/table-2.html", "Table 2: <x>: differs"),
    ]
    assert (told["summary"], str(told["check_time"])) == ("Two: one identical.", "2026-11-24")
