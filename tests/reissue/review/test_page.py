"""The review's page: what it shows of a review, as text; valid, accessible, asking for nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iucresearch.edition import EDITION
from reissue.build.provenance_panel import build_panel
from reissue.core.datapackage import digest
from reissue.review import baseline, review
from reissue.review.baseline import Made
from reissue.review.compare import DIFFERS, Difference
from reissue.review.environment import Package, check_environment
from reissue.review.page import review_page
from reissue.review.rerun import WAYS, Run
from reissue.review.sandbox import Network
from reissue.review.verdicts import REPRODUCED
from tests.conftest import Project

pytestmark = pytest.mark.build

EVIL = '<script>document.title="ran"</script><img src=x onerror="document.title=1">'


def changed(build: Made, place: str, old: str, new: str) -> Made:
    """Return a build in which one file says something else."""
    text = build.files[place].decode()
    assert old in text
    other = text.replace(old, new, 1).encode()
    return replace(build, files={**build.files, place: other}, hashes={**build.hashes, place: digest(other)})


def without(build: Made, place: str) -> Made:
    return replace(
        build,
        files={name: text for name, text in build.files.items() if name != place},
        hashes={name: hash_ for name, hash_ in build.hashes.items() if name != place},
    )


def _cut(build: Made, place: str) -> dict[str, Any]:
    """Return the files and hashes of a build without the first row of one table."""
    head, _, *rest = build.files[place].splitlines(keepends=True)
    text = b"".join([head, *rest])
    return {"files": {**build.files, place: text}, "hashes": {**build.hashes, place: digest(text)}}


def reviewed(before: Made, *builds: Made, error: str = "") -> dict[str, Any]:
    """Return a review of builds that are at hand."""
    runs = [Run(way, 12.3, {"01_clean": 5.0}, build, error) for way, build in zip(WAYS, builds, strict=True)]
    found = review._compared(EDITION, before, runs, "") | review._how(Network((), "not closed: it is a test"), runs)
    return found | {
        "environment": check_environment().as_json() | {"unlike": [vars(Package("pandas", "3.1.1", "3.0.0"))]},
        "raw": {"checked": 25, "unlike": []},
        "commit": {"commit": None, "dirty": None},
    }


@pytest.fixture(scope="module")
def build(built: Project) -> Made:
    return baseline.read_build(
        EDITION.exhibits, built.root / "reports", built.root / "data" / "processed", dict(build_panel(EDITION, "", "0"))
    )


@pytest.fixture(scope="module")
def faulty(build: Made) -> dict[str, Any]:
    """A review of a report in which a value, a verdict, a drawing and a whole table came out otherwise."""
    other = changed(build, "figures/figure-6.csv", "EU,17,14,17", "EU,17,13,17")
    other = changed(other, "tables/table-2.csv", "Awareness", EVIL)
    other = changed(other, "claims.csv", "p02-name-iuc,consistent", "p02-name-iuc,contradicted")
    other = changed(other, "figures/figure-1.svg", "<svg", "<svg ")
    other = without(other, "tables/annex.csv")
    return reviewed(build, other, build, error="make ended with 2: no room")


def test_the_one_changed_value_is_named(build: Made) -> None:
    found = reviewed(build, *[changed(build, "figures/figure-6.csv", "EU,17,14,17", "EU,17,13,17")] * 2)
    (off,) = [one for one in found["exhibits"] if one["verdict"] != "identical"]
    assert (off["id"], off["verdict"]) == ("figure-6", "differs")
    (one,) = off["differences"]
    assert (one["column"], one["published"], one["rebuilt"]) == ("least", "14", "13")
    assert found["summary"].endswith(f"{len(found['exhibits']) - 1} identical and 1 differs.")


def test_it_is_seen_when_one_run_of_two_has_it(build: Made) -> None:
    other = changed(build, "figures/figure-6.csv", "EU,17,14,17", "EU,17,13,17")
    for runs in ((other, build), (build, other)):
        found = reviewed(build, *runs)
        assert found["verdict"] == DIFFERS
        assert found["runs_differ"]["files"] == ["figures/figure-6.csv"]


def test_what_one_run_of_two_did_not_make_is_a_difference_of_the_runs(build: Made) -> None:
    for runs in ((without(build, "html/04_survey.html"), build), (build, without(build, "html/04_survey.html"))):
        assert reviewed(build, *runs)["runs_differ"]["files"] == ["html/04_survey.html"]


def test_a_table_counts_as_an_exhibit_does_and_is_named(build: Made) -> None:
    place = "processed/pairings.csv"
    found = reviewed(build, *[replace(build, **_cut(build, place))] * 2)
    assert found["verdict"] == DIFFERS
    assert found["summary"].endswith(f" identical. Not as published, besides: {place}.")
    new = reviewed(without(build, place), build, build)
    assert [(one["id"], one["verdict"]) for one in new["tables"] if one["verdict"] != "identical"] == [(place, DIFFERS)]


def test_an_exhibit_that_the_project_has_no_more_is_missing(build: Made) -> None:
    place, text = "figures/figure-99.csv", b"id\n1\n"
    before = replace(
        build,
        states={**build.states, "figure-99": "exact"},
        hashes={**build.hashes, place: digest(text)},
        files={**build.files, place: text},
    )
    (off,) = [one for one in reviewed(before, build, build)["exhibits"] if one["verdict"] != "identical"]
    assert (off["id"], off["verdict"], off["differences"]) == ("figure-99", "missing", [])


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_a_picture_that_is_not_made_is_missing_published_or_not(build: Made, kind: str) -> None:
    place = f"figures/figure-6.{kind}"
    for before, first in ((build, without(build, place)), (without(build, place), without(build, place))):
        found = reviewed(before, first, first)
        (off,) = [one for one in found["exhibits"] if one["verdict"] != "identical"]
        assert (off["id"], off["verdict"], off["note"]) == ("figure-6", "missing", f"not made: {place}")
        assert found["verdict"] == "missing"


def test_what_a_tables_words_say_again_is_told_once(build: Made) -> None:
    other = build
    for kind in ("csv", "html"):
        other = changed(other, f"tables/table-2.{kind}", "Awareness", "Unawareness")
    (off,) = [one for one in reviewed(build, other, other)["exhibits"] if one["verdict"] != "identical"]
    assert {one["column"] for one in off["differences"]}.isdisjoint({"words"})
    words = changed(build, "tables/table-2.html", "Awareness", "Unawareness")
    (off,) = [one for one in reviewed(build, words, words)["exhibits"] if one["verdict"] != "identical"]
    assert [one["column"] for one in off["differences"]] == ["words"]


def test_drawn_otherwise_the_values_are_the_same(build: Made) -> None:
    found = reviewed(build, *[changed(build, "figures/figure-6.svg", "<svg", "<svg ")] * 2)
    assert found["verdict"] == "same values"
    assert found["pages"]["compared"] is True


def test_less_far_reproduced_is_a_difference(build: Made) -> None:
    other = replace(build, states=build.states | {"figure-1": "partly: for a test"})
    for runs in ((other, other), (build, other)):
        found = reviewed(build, *runs)
        (off,) = [one for one in found["exhibits"] if one["verdict"] != "identical"]
        assert off["differences"] == [vars(Difference("", REPRODUCED, build.states["figure-1"], "partly: for a test"))]


def test_pages_with_other_bytes_are_named(build: Made) -> None:
    other = changed(build, "index.html", "<h1", "<h1 ")
    found = reviewed(build, other, other)
    assert found["pages"]["unlike"] == ["index.html"]
    assert found["verdict"] == "identical"


def test_a_network_that_was_open_is_told_among_what_was_not_available(faulty: dict[str, Any]) -> None:
    assert faulty["not_available"] == ["The network: not closed: it is a test"]


def test_a_raw_file_that_is_gone_is_not_as_its_checksum_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(review.paths.RAW, tmp_path / "raw")
    (tmp_path / "raw" / "claims.csv").unlink()
    monkeypatch.setattr(review.paths, "RAW", tmp_path / "raw")
    assert review._raw()["unlike"] == ["claims.csv"]


def test_of_other_sources_no_page_is_compared(build: Made) -> None:
    found = reviewed(replace(build, about={"Content hash": "other"}), build, build)
    assert found["pages"]["compared"] is False
    assert found["verdict"] == "identical"


def test_statements_whose_verdict_changed_are_listed(faulty: dict[str, Any]) -> None:
    assert faulty["claims"] == [{"id": "p02-name-iuc", "published": "consistent", "rebuilt": "contradicted"}]
    assert "p02-name-iuc" in review_page(EDITION, faulty)


def test_a_statement_that_is_gone_is_listed_as_none(build: Made) -> None:
    cut = replace(build, **_cut(build, "claims.csv"))
    (one,) = reviewed(build, cut, cut)["claims"]
    assert one["id"] == build.files["claims.csv"].decode().splitlines()[1].partition(",")[0]
    assert one["rebuilt"] is None


def test_the_terminal_tells_twenty_differences_and_how_many_more(
    faulty: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {**faulty["exhibits"][0], "differences": [vars(Difference(f"row {n}", "x", "1", "2")) for n in range(25)]}
    review._tell(faulty | {"exhibits": [other], "tables": [], "runs": []}, tmp_path)
    said = capsys.readouterr().out.splitlines()
    assert [line.endswith(f", row {n}, x: 1 → 2") for n, line in enumerate(said[:20])] == [True] * 20
    assert said[20:22] == ["... and 5 more.", "pandas is 3.0.0; the lock has 3.1.1."]


def test_of_a_run_that_stopped_no_value_is_told_to_be_gone(
    faulty: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all(run["error"].endswith("no room") for run in faulty["runs"])
    lacking = {**faulty["exhibits"][0], "differences": [vars(Difference("gone", "x", "1", None))]}
    review._tell(faulty | {"exhibits": [lacking, *faulty["exhibits"][1:]]}, tmp_path)
    said = capsys.readouterr().out
    assert "gone, x" not in said
    assert ", least: 14 → 13" in said, "what the other run has made otherwise is told"
    assert "Annex: missing, not made: tables/annex.csv" in said
    assert "A run stopped before its end" in said


def test_the_page_shows_values_as_text(faulty: dict[str, Any]) -> None:
    page = review_page(EDITION, faulty)
    assert "&lt;script&gt;document.title" in page
    assert EVIL not in page
    for said in ("What is missing", "not made: tables/annex.csv", "no room", "locked 3.1.1, here 3.0.0"):
        assert said in page


@pytest.fixture(scope="module")
def page(faulty: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "review.html"
    path.write_text(review_page(EDITION, faulty), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visit(page: Path) -> Iterator[Any]:
    from tests.chromium import started  # it says so where there is no Chromium

    with started() as chromium:
        yield chromium.open(page)


@pytest.mark.browser
class TestInABrowser:
    def test_axe_finds_nothing_and_nothing_runs(self, visit: Any) -> None:
        for look in (("light", 1300), ("dark", 390)):
            visit.show(*look)
            assert visit("document.documentElement.scrollWidth <= innerWidth")
            assert visit.violations(whole=False) == []
        assert visit.page.title() == "Review of the rebuilt report"
        assert visit.outside_requests() == []

    def test_the_nu_checker_finds_nothing(self, page: Path) -> None:
        from tests.test_nu import found  # it says so where there is no Java

        assert found([page]) == []


def test_every_link_of_the_page_lands(faulty: dict[str, Any]) -> None:
    page = review_page(EDITION, faulty)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
