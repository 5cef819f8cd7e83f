"""The baseline: values as text, hashes of the rest; the committed one is what a build makes."""

import json
from pathlib import Path

import pytest

from iucresearch.exhibits import EXHIBITS
from reissue.core.errors import InputError
from reissue.review import baseline, publish, verdicts
from reissue.review.baseline import Snapshot
from reissue.review.compare import read_files
from tests.conftest import Project
from tests.reissue.review.conftest import FILES, SMALL, edit


@pytest.fixture
def folder(small: Snapshot, tmp_path: Path) -> Path:
    baseline.write_baseline(small, tmp_path / "published")
    return tmp_path / "published"


@pytest.mark.build
def test_the_committed_values_are_what_the_build_makes(built: Project, tmp_path: Path) -> None:
    reports = built.root / "reports"
    build = baseline.read_build(EXHIBITS, reports, built.root / "data" / "processed", {})
    committed = baseline.read_baseline()
    found = [*verdicts.judge_exhibits(EXHIBITS, committed, [build]), *verdicts.judge_tables(committed, [build])]
    faults = [one for one in found if one.verdict not in verdicts.ACCEPTED]
    assert not faults, "make publish, if this is meant"
    assert len(found) > len(EXHIBITS)
    assert sorted(build.states) == sorted(exhibit.id for exhibit in EXHIBITS)
    for exhibit in EXHIBITS:
        kinds = {place.rpartition(".")[2] for place in build.find_files(exhibit.id)}
        assert kinds >= ({"csv", "svg", "png"} if exhibit.is_picture else {"csv", "html"})
    assert {"claims.csv", "survey/feasible.csv", "survey/sensitivity.csv"} < set(build.tables)
    assert {"index.html", "html/04_survey.html", "executed/04_survey.ipynb"} < set(build.pages)
    baseline.write_baseline(build, tmp_path / "published")
    kept = read_files(tmp_path / "published")
    assert {Path(place).suffix for place in kept} == {".csv", ".html", ".json"}
    assert sum(map(len, kept.values())) < 1_000_000


def test_what_is_written_is_read_and_nothing_older_stays(small: Snapshot, folder: Path) -> None:
    (folder / "tables" / "table-9.csv").write_text("old")
    baseline.write_baseline(small, folder)
    again = baseline.read_baseline(folder)
    assert (again.about, again.states, again.hashes) == (small.about, small.states, small.hashes)
    assert sorted(read_files(folder)) == sorted([*filter(baseline.is_kept, FILES), "published.json"])
    assert {one.verdict for one in verdicts.judge_exhibits(SMALL.exhibits, again, [small])} == {"identical"}


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        ("figures/figure-6.csv", "id\n", r"figure-6\.csv: is not the file that published\.json lists\. Restore it"),
        ("claims.csv", None, r"claims\.csv: there is no such file\. Restore it"),
        ("published.json", None, r"there is no such file\. Restore it from the repository, or publish again"),
        ("published.json", "{", "is damaged"),
        ("published.json", "[]", "is damaged"),
        ("published.json", '{"about": {}}', "is damaged"),
    ],
)
def test_a_damaged_baseline_is_one_line(folder: Path, place: str, text: str | None, message: str) -> None:
    if text is None:
        (folder / place).unlink()
    else:
        (folder / place).write_text(text)
    with pytest.raises(InputError, match=message):
        baseline.read_baseline(folder)


class TestPublish:
    @pytest.fixture(autouse=True)
    def _stand_ins(self, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the small build be the one that is published."""
        monkeypatch.setattr(publish, "write_report", lambda build: False)
        monkeypatch.setattr(publish, "build_panel", lambda *_: [*small.about.items()])
        monkeypatch.setattr(publish, "read_record", lambda *_: None)
        monkeypatch.setattr(publish, "content_hash", lambda _: "")
        monkeypatch.setattr(publish, "read_build", lambda *_: small)
        monkeypatch.setattr(publish, "check_known_answers", lambda: "")

    def test_changes_are_listed_and_written(
        self, small: Snapshot, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        claims = FILES["claims.csv"].replace("consistent", "contradicted")
        figure = {place: FILES[place].replace("14", "13") for place in ["figures/figure-6.csv"]}
        baseline.write_baseline(edit(small, {**figure, "claims.csv": claims, "tables/table-2.html": "<table>"}), folder)
        assert publish.publish(SMALL, folder) == 0
        lines = capsys.readouterr().out.splitlines()
        assert "Figure 6, visits, EU, least: 13 → 14" in lines
        assert "claims.csv, p02-name, verdict: contradicted → consistent" in lines
        assert (folder / "figures" / "figure-6.csv").read_text() == FILES["figures/figure-6.csv"]
        baseline.write_baseline(edit(small, {"figures/figure-6.svg": "other"}), folder)
        assert publish.publish(SMALL, folder) == 0
        assert capsys.readouterr().out.startswith("Figure 6: same values, other bytes: figures/figure-6.svg\n")
        assert publish.publish(SMALL, folder) == 0
        assert capsys.readouterr().out.startswith("No value changes.\nPublished")
        assert publish.publish(SMALL, folder / "new") == 0
        assert capsys.readouterr().out.startswith("Nothing was published before.\n")
        assert json.loads((folder / "new" / "published.json").read_text())["exhibits"]["table-2"] == "exact"

    def test_nothing_is_published_while_known_answers_fail(
        self, small: Snapshot, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        baseline.write_baseline(edit(small, {"claims.csv": "id\n"}), folder)
        before = read_files(folder)
        monkeypatch.setattr(publish, "check_known_answers", lambda: "FAILED test_known.py::countries")
        assert publish.publish(SMALL, folder) == 1
        assert "FAILED test_known.py::countries" in capsys.readouterr().err
        assert read_files(folder) == before

    def test_an_incomplete_build_is_refused(
        self, small: Snapshot, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for place, missing in (("tables/table-2.", "table-2"), ("figures/figure-6.png", r"figures/figure-6\.png")):
            other = edit(small, {one: None for one in FILES if one.startswith(place)})
            monkeypatch.setattr(publish, "read_build", lambda *_, other=other: other)
            with pytest.raises(InputError, match=f"reports: the build has no {missing}. Run make report"):
                publish.publish(SMALL, folder)
