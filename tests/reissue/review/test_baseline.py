"""What is published: values as text, hashes of the rest; the committed one is what a build makes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.core.errors import InputError
from reissue.review import baseline, publish, verdicts
from reissue.review.baseline import Made
from reissue.review.compare import read_files
from tests.conftest import Project

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def build(built: Project) -> Made:
    return baseline.read_build(
        EDITION.exhibits, built.root / "reports", built.root / "data" / "processed", {"Content hash": "0"}
    )


@pytest.fixture
def folder(build: Made, tmp_path: Path) -> Path:
    baseline.write(build, tmp_path / "published")
    return tmp_path / "published"


def test_the_committed_values_are_what_the_build_makes(build: Made) -> None:
    committed = baseline.read()
    found = [*verdicts.judge_exhibits(EDITION.exhibits, committed, [build]), *verdicts.judge_tables(committed, [build])]
    off = [line for one in found if not verdicts.well([one]) for line in (one.told() or [f"{one.name}: {one.note}"])]
    assert not off, "make publish, if this is meant:\n" + "\n".join(off[:20])
    assert len(found) > len(EXHIBITS)


def test_it_has_every_exhibit_with_its_state_and_files(build: Made) -> None:
    assert sorted(build.states) == sorted(exhibit.id for exhibit in EXHIBITS)
    for exhibit in EXHIBITS:
        kinds = {place.rpartition(".")[2] for place in build.of_exhibit(exhibit.id)}
        assert kinds >= ({"csv", "svg", "png"} if exhibit.is_picture else {"csv", "html"})
    assert {"claims.csv", "survey/feasible.csv", "survey/sensitivity.csv"} < set(build.tables)
    assert {"index.html", "html/04_survey.html", "executed/04_survey.ipynb"} < set(build.pages)


def test_what_is_written_is_read(build: Made, folder: Path) -> None:
    again = baseline.read(folder)
    assert (again.about, again.states, again.hashes) == (build.about, build.states, build.hashes)
    assert not [one for one in verdicts.judge_exhibits(EDITION.exhibits, again, [build]) if one.verdict != "identical"]


def test_it_is_small_text_alone(folder: Path) -> None:
    found = read_files(folder)
    assert {Path(place).suffix for place in found} == {".csv", ".html", ".json"}
    assert sum(map(len, found.values())) < 1_000_000


def test_what_was_published_before_goes(build: Made, folder: Path) -> None:
    (folder / "tables" / "table-9.csv").write_text("old")
    baseline.write(build, folder)
    assert not (folder / "tables" / "table-9.csv").exists()


def test_a_file_that_was_edited_is_one_line(folder: Path) -> None:
    path = folder / "figures" / "figure-6.csv"
    path.write_text(path.read_text().replace(",29,", ",30,"))
    with pytest.raises(InputError, match=r"figure-6\.csv: is not the file that published\.json lists\. restore it"):
        baseline.read(folder)


def test_a_file_that_is_gone_and_an_index_that_is_broken_are_one_line(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "claims.csv").unlink()
    with pytest.raises(InputError, match=r"claims\.csv: there is no such file\. restore it"):
        baseline.read(tmp_path / "copy")
    for text, said in (("{", "not JSON"), ("[]", "is not whole"), ('{"about": {}}', "is not whole")):
        (folder / "published.json").write_text(text)
        with pytest.raises(InputError, match=said):
            baseline.read(folder)
    with pytest.raises(InputError, match=r"there is no such file\. restore it from the repository, or publish anew"):
        baseline.read(tmp_path / "nowhere")


class TestPublish:
    def test_it_refuses_while_known_answers_fail(
        self, built: Project, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = read_files(folder)
        _read_from(built, monkeypatch)
        monkeypatch.setattr(publish, "check_known_answers", lambda: "FAILED test_known.py::countries")
        assert publish.publish(EDITION, folder) == 1
        assert "FAILED test_known.py::countries" in capsys.readouterr().err
        assert read_files(folder) == before

    def test_it_says_what_changes_and_writes_it(
        self, built: Project, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _replace(folder, "figures/figure-6.csv", "EU,17,14,17", "EU,17,13,17")
        _replace(folder, "claims.csv", "p02-name-iuc,consistent", "p02-name-iuc,contradicted")
        index = json.loads((folder / "published.json").read_text())
        index["files"]["figures/figure-1.svg"] = "another"
        (folder / "published.json").write_text(json.dumps(index))
        _read_from(built, monkeypatch)
        monkeypatch.setattr(publish, "check_known_answers", lambda: "")
        assert publish.publish(EDITION, folder) == 0
        said = capsys.readouterr().out
        assert ", EU, least: 13 → 14" in said
        assert "claims.csv, p02-name-iuc, verdict: contradicted → consistent\n" in said
        assert "Figure 1: same values, other bytes: figures/figure-1.svg\n" in said
        assert "EU,17,14,17" in (folder / "figures" / "figure-6.csv").read_text()
        assert publish.publish(EDITION, folder) == 0
        assert capsys.readouterr().out.startswith("No value changes.\nPublished")
        index = json.loads((folder / "published.json").read_text())
        index["files"]["index.html"] = "another"
        (folder / "published.json").write_text(json.dumps(index))
        assert publish.publish(EDITION, folder) == 0
        said = capsys.readouterr().out
        assert re.match(r"No value changes\.\nOf \d+ pages and executed notebooks 1 have other bytes\.\n", said)

    def test_a_build_that_is_not_whole_is_one_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(publish.paths, "build_folder", lambda *_: tmp_path)
        monkeypatch.setattr(publish.paths, "processed_of", lambda *_: tmp_path)
        monkeypatch.setattr(publish, "write_report", lambda build: False)
        with pytest.raises(InputError, match=r"reports: the build has no table-1, .*\. run make report"):
            publish.publish(EDITION, tmp_path / "published")


def _read_from(built: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish.paths, "build_folder", lambda *_: built.root / "reports")
    monkeypatch.setattr(publish.paths, "processed_of", lambda *_: built.root / "data" / "processed")
    monkeypatch.setattr(publish, "write_report", lambda build: False)


def _replace(folder: Path, place: str, old: str, new: str) -> None:
    """Change what was published, hash and all."""
    path = folder / place
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    index = json.loads((folder / "published.json").read_text())
    index["files"][place] = baseline.datapackage.hash_file(path)
    (folder / "published.json").write_text(json.dumps(index))
