"""The results of a review of small builds: verdicts, summary, terminal and page."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.review import review
from reissue.review.baseline import Snapshot
from reissue.review.compare import Difference
from reissue.review.environment import Environment
from reissue.review.rerun import Run
from reissue.review.sandbox import Sandbox
from reissue.review.verdicts import REPRODUCED
from tests.reissue.review.conftest import FILES, SMALL, edit

EVIL = '<script>document.title="ran"</script><img src=x onerror="document.title=1">'
FIGURE = "figures/figure-6.csv"
CHANGED = {FIGURE: FILES[FIGURE].replace("14", "13")}


def compare(baseline: Snapshot, *builds: Snapshot, error: str = "") -> dict[str, Any]:
    """Return the review of two builds."""
    runs = [Run("a run", "at night", 12.3, {}, error, build) for build in builds]
    environment = Environment("3.11.7", ">=3.11", 9, ("pandas is 3.0.0; the lock has 3.1.1",), ("black",))
    return review.compare_runs(SMALL, baseline, runs) | {
        "environment": asdict(environment),
        "sandbox": asdict(Sandbox(False, "open, because it is a test")),
        "commit": {"commit": None, "dirty": None},
        "machine": {"system": "Linux"},
    }


def list_faults(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the id and verdict of all that is not identical."""
    return [(one["id"], one["verdict"]) for one in found["exhibits"] + found["tables"] if one["verdict"] != "identical"]


@pytest.fixture(scope="module")
def faulty(small: Snapshot) -> dict[str, Any]:
    """A review of a report in which a value, a verdict, a text and a whole file differ."""
    table = FILES["tables/table-2.csv"].replace("Awareness", f'"{EVIL.replace(chr(34), chr(34) * 2)}"')
    claims = FILES["claims.csv"].replace("consistent", "contradicted")
    other = edit(small, {**CHANGED, "claims.csv": claims, "tables/table-2.csv": table, "figures/figure-6.png": None})
    return compare(small, other, small, error="make ended with 2: no room")


@pytest.mark.parametrize(
    ("files", "faults", "line"),
    [
        (CHANGED, [("figure-6", "differs")], "Figure 6, visits, EU, least: 14 → 13"),
        ({"figures/figure-6.svg": "<svg />"}, [("figure-6", "same values")], "other bytes: figures/figure-6.svg"),
        ({"figures/figure-6.svg": None}, [("figure-6", "missing")], "not made: figures/figure-6.svg"),
        (
            {"tables/table-2.html": "<table><tr><td>1</td><td>Unawareness</td></tr></table>"},
            [("table-2", "differs")],
            "Table 2, words: 1 Awareness → 1 Unawareness",
        ),
        (
            {"processed/pairings.csv": "id,city\nP02,Porto\n"},
            [("processed/pairings.csv", "differs")],
            "Tables that are not as published: processed/pairings.csv.",
        ),
        (
            {"claims.csv": FILES["claims.csv"].replace("p02-name,consistent", "p02-name,contradicted")},
            [("claims.csv", "differs")],
            "claims.csv, p02-name, verdict: consistent → contradicted",
        ),
    ],
)
def test_a_difference_is_named_even_if_only_one_run_has_it(
    small: Snapshot, files: dict[str, str | None], faults: list[tuple[str, str]], line: str
) -> None:
    other = edit(small, files)
    for builds in ((other, other), (other, small), (small, other)):
        found = compare(small, *builds)
        assert list_faults(found) == faults
        assert found["verdict"] == faults[0][1]
        assert found["runs_differ"]["files"] == ([] if builds[0] is builds[1] else [*files])
        assert line in "\n".join(review.list_results(found))


def test_more_and_fewer_files_than_published(small: Snapshot) -> None:
    other = edit(small, {"processed/new.csv": "id\n1\n"})
    assert list_faults(compare(small, other, other)) == [("processed/new.csv", "differs")]
    other = edit(small, {"figures/figure-6.svg": None})
    assert list_faults(compare(other, other, other)) == [("figure-6", "missing")], "it was not published either"
    before = edit(small, {"figures/figure-99.csv": "id\n1\n"})
    before = replace(before, states={**small.states, "figure-99": "exact"})
    assert list_faults(compare(before, small, small)) == [("figure-99", "missing")], "it left the registry"


def test_words_that_repeat_a_cell_are_shown_once(small: Snapshot) -> None:
    tables = ("tables/table-2.csv", "tables/table-2.html")
    other = edit(small, {place: FILES[place].replace("Awareness", "Unawareness") for place in tables})
    (fault,) = [one for one in compare(small, other, other)["exhibits"] if one["differences"]]
    assert [one["column"] for one in fault["differences"]] == ["name"]


def test_another_degree_of_reproduction_is_a_difference(small: Snapshot) -> None:
    other = replace(small, states={**small.states, "table-2": "partly: for a test"})
    for builds in ((other, other), (small, other)):
        (fault,) = [one for one in compare(small, *builds)["exhibits"] if one["verdict"] != "identical"]
        assert fault["differences"] == (asdict(Difference("", REPRODUCED, "exact", "partly: for a test")),)


def test_pages_are_compared_if_they_are_made_from_the_same(small: Snapshot) -> None:
    other = edit(small, {"index.html": "<h1>Another</h1>"})
    found = compare(small, other, other)
    assert (found["verdict"], found["pages"]["unlike"]) == ("identical", ["index.html"])
    found = compare(replace(small, about={**small.about, "Content hash": "other"}), other, other)
    assert (found["verdict"], found["pages"]["unlike"]) == ("identical", [])
    assert found["pages"]["summary"].startswith("Not compared, because their content hash is not the published one")


def test_one_exhibit_is_compared_alone(small: Snapshot) -> None:
    other = edit(small, {place: None for place in FILES if "table-2" not in place})
    found = review.compare_runs(SMALL, small, [Run("a run", "at night", 1.0, {}, "", other)] * 2, "table-2")
    assert (found["verdict"], found["tables"]) == ("identical", [])
    assert [one["id"] for one in found["exhibits"]] == ["table-2"]
    assert found["pages"]["summary"] == "Not compared, because one exhibit alone was rebuilt."


@pytest.mark.parametrize(
    ("only", "raw", "message"),
    [
        ("figure-9", paths.RAW, "there is no exhibit 'figure-9'"),
        ("", paths.RAW, r"published\.json: there is no such file\. .* publish again with make publish"),
        ("", paths.ROOT, r"data/raw/claims\.csv: there is no such file\. Restore it"),
    ],
)
def test_what_cannot_be_reviewed_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str, raw: Path, message: str
) -> None:
    monkeypatch.setattr(review, "check_listed", lambda _: None)
    monkeypatch.setattr(review.datapackage, "read_descriptor", lambda *_: {"resources": [{"path": "claims.csv"}]})
    monkeypatch.setattr(paths, "RAW", raw)
    with pytest.raises(InputError, match=message):
        review.run_review(SMALL, only, tmp_path)


@pytest.mark.parametrize("fault", ["", "verdict", "runs", "raw", "published"])
def test_each_fault_alone_fails_the_review(small: Snapshot, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    first = second = small
    if fault == "raw":
        monkeypatch.setattr(review.datapackage, "find_stale_checksums", lambda _: ["claims.csv"])
    if fault == "verdict":
        first = second = edit(small, CHANGED)
    if fault == "runs":
        second = edit(small, {"html/04_survey.html": None})
    if fault == "published":
        # A statement of the ledger was changed, with its checksum.
        first = second = replace(small, about={**small.about, "Raw data": "25 files"})
    assert review.is_reproduced(compare(small, first, second)) == (not fault)


def test_the_terminal_shows_twenty_differences_and_the_number_of_others(small: Snapshot) -> None:
    rows = "".join(f"row {n},EU,1,2\n" for n in range(25))
    before, after = (
        edit(small, {FIGURE: "label,side,least,most\n" + text}) for text in (rows, rows.replace("1,2", "1,3"))
    )
    lines = review.list_results(compare(before, after, after))
    assert lines[:20] == [f"Figure 6, row {n}, most: 2 → 3" for n in range(20)]
    assert lines[20:23] == ["... and 5 more.", "Figure 6: differs", "pandas is 3.0.0; the lock has 3.1.1."]


def test_values_that_a_stopped_run_lacks_are_not_listed(small: Snapshot) -> None:
    fewer = edit(small, {"processed/pairings.csv": "id,city\nP01,Salta\n", **CHANGED})
    lines = review.list_results(compare(small, fewer, small, error="no room"))
    assert "Figure 6, visits, EU, least: 14 → 13" in lines
    assert not [line for line in lines if "P02" in line]
    assert "A run stopped before its end, so the two cannot be compared." in lines
    assert lines[-1].startswith("The build stopped: no room 2 of 2 exhibits rebuilt twice")


def test_the_page_shows_values_as_text_and_links_that_lead_somewhere(faulty: dict[str, Any]) -> None:
    page = review.build_review_page(SMALL, faulty)
    assert "&lt;script&gt;document.title" in page
    assert EVIL not in page
    for shown in ("What is missing", "not made: figures/figure-6.png", "no room", "the lock has 3.1.1", "a test"):
        assert shown in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'\bid="([^"]+)"', page))


@pytest.fixture(scope="module")
def page(faulty: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "review.html"
    path.write_text(review.build_review_page(SMALL, faulty), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visit(page: Path) -> Iterator[Any]:
    from tests.chromium import started  # it skips without Chromium

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
        from tests.test_nu import list_messages  # it skips without Java

        assert list_messages([page]) == []
