"""Fixtures of the review's tests: the small project, built; and a build of two exhibits that was never run."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from iucresearch.edition import EDITION
from reissue.build.provenance_panel import build_panel
from reissue.core.datapackage import digest
from reissue.review.baseline import Snapshot
from tests.reissue.build.conftest import built_mini, ready

__all__ = ["built_mini", "ready"]

#: An edition with one picture and one table.
SMALL = replace(EDITION, exhibits=tuple(one for one in EDITION.exhibits if one.id in ("figure-6", "table-2")))
FILES = {
    "claims.csv": "id,verdict,reading,evidence\np02-name,consistent,,page 4\np03-year,undetermined,,\n",
    "executed/04_survey.ipynb": "{}",
    "figures/figure-6.csv": "label,side,least,most\nvisits,EU,14,17\nvisits,LAC,2,3\n",
    "figures/figure-6.png": "drawn",
    "figures/figure-6.svg": "<svg/>",
    "html/04_survey.html": "<h1>Survey</h1>",
    "index.html": "<h1>Report</h1>",
    "processed/pairings.csv": "id,city\nP01,Salta\nP02,Porto\n",
    "tables/table-2.csv": "step,name\n1,Awareness\n",
    "tables/table-2.html": "<table><tr><td>1</td><td>Awareness</td></tr></table>",
}
STATES = {"figure-6": "partly: 2 of 4 counts", "table-2": "exact"}


def edit(build: Snapshot, files: Mapping[str, str | None]) -> Snapshot:
    """Return a build in which some files have another text, or are missing (None)."""
    texts = {**build.files, **{place: text and text.encode() for place, text in files.items()}}
    contents = {place: content for place, content in sorted(texts.items()) if content is not None}
    hashes = {place: digest(content) for place, content in contents.items()}
    return replace(build, files=contents, hashes=hashes)


@pytest.fixture(scope="session")
def small() -> Snapshot:
    """A small build."""
    return edit(Snapshot(dict(build_panel(SMALL, "", "0")), STATES, {}, {}), FILES)
