"""A review from end to end: what it says of a report that comes out again, and of one that does not."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from iucresearch.edition import EDITION
from reissue.review import baseline
from reissue.review.review import _is_reproduced
from tests.conftest import Project
from tests.reissue.build.mini import Mini, copied

pytestmark = pytest.mark.build

Review = tuple[subprocess.CompletedProcess[str], dict[str, Any]]
Reviewed = tuple[Project, subprocess.CompletedProcess[str], dict[str, Any]]


@pytest.fixture
def mini(ready: Mini) -> Mini:
    """The small project, built, and published as it is."""
    _publish(ready)
    return ready


def _publish(project: Project) -> None:
    build = baseline.read_build(
        EDITION.exhibits, project.root / "reports", project.root / "data" / "processed", {"Content hash": "0"}
    )
    baseline.write(build, project.root / "reports" / "published")


def _review(project: Project, *options: str) -> Review:
    done = project.command("review", *options)
    path = project.root / "reports" / "review.json"
    return done, json.loads(path.read_text()) if path.exists() else {}


@pytest.fixture(scope="module")
def reviewed(built_mini: Mini, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """A small project that was published as it is, and reviewed."""
    # A name that a shell or Make would expand or run, were it not quoted.
    name = """a folder (zwölf) $HOME $(touch ran) `touch ran` "a" 'b'"""
    project = copied(built_mini, tmp_path_factory.mktemp("reviewed") / name)
    _publish(project)
    return project, *_review(project)


class TestThatComesOutAgain:
    def test_it_ends_with_0_and_says_so(self, reviewed: Reviewed) -> None:
        _, done, found = reviewed
        assert done.returncode == 0, done.stdout + done.stderr
        assert "2 of 2 exhibits rebuilt twice and compared with what was published: 2 identical." in done.stdout
        assert [(one["id"], one["verdict"]) for one in found["exhibits"]] == [
            ("figure-6", "identical"),
            ("table-2", "identical"),
        ]
        assert found["verdict"] == "identical"
        assert found["again"] is True

    def test_both_runs_made_the_same_under_other_conditions(self, reviewed: Reviewed) -> None:
        _, _, found = reviewed
        assert found["runs_differ"]["files"] == []
        assert [run["name"] for run in found["runs"]] == ["first", "second"]
        assert all(run["seconds"] > 0 and not run["error"] for run in found["runs"])
        assert all(set(run["notebooks"]) == {"01_clean", "04_survey", "05_outlook"} for run in found["runs"])

    def test_the_network_was_closed_or_it_says_why_not(self, reviewed: Reviewed) -> None:
        _, _, found = reviewed
        assert found["network"]["closed"] or any("network" in one for one in found["not_available"])

    def test_nothing_is_left_and_nothing_else_is_written(self, reviewed: Reviewed) -> None:
        project, _, _ = reviewed
        assert not list((project.root / ".cache").glob("review-*/"))
        assert not list(project.root.parent.rglob("ran"))
        new = {path.name for path in (project.root / "reports").iterdir()}
        assert {"review.html", "review.json", "codecheck.yml"} < new

    def test_nothing_names_the_machine_s_folders(self, reviewed: Reviewed) -> None:
        project, done, _ = reviewed
        for name in ("review.html", "review.json", "codecheck.yml"):
            text = (project.root / "reports" / name).read_text()
            assert str(project.root.parent) not in text
            assert os.uname().nodename not in re.sub(r"Linux \S+", "", text) or len(os.uname().nodename) < 4
        assert str(project.root.parent) not in done.stdout

    def test_codecheck_has_what_a_machine_knows_and_blanks_for_a_person(self, reviewed: Reviewed) -> None:
        project, _, _ = reviewed
        text = (project.root / "reports" / "codecheck.yml").read_text()
        assert text.startswith("---\n")
        told = yaml.safe_load(text)
        assert told["codechecker"] == [{"name": None, "ORCID": None}]
        assert told["certificate"] is told["report"] is told["repository"] is None
        assert told["paper"]["reference"].startswith("https://doi.org/")
        files = [item["file"] for item in told["manifest"]]
        assert all((project.root / "reports" / file).is_file() for file in files)
        assert len(files) == 3
        assert all(item["comment"].endswith(": identical") for item in told["manifest"])

    def test_the_page_says_it_first(self, reviewed: Reviewed) -> None:
        project, _, _ = reviewed
        page = (project.root / "reports" / "review.html").read_text()
        assert "2 of 2 exhibits rebuilt twice" in page
        assert "What differs" not in page
        assert 'href="index.html"' in page


def test_everything_that_is_not_as_published_is_named_and_counts(mini: Mini) -> None:
    """One review of a changed value, of a picture that no two runs draw alike, and of another raw file."""
    _edit(mini, "tables/table-2.csv", "csv: name,value\npairings,20\n", "csv: name,value\npairings,<b>19</b>\n")
    drawn = "f\"{kind}: {values}{os.getpid() if kind == 'svg' else ''}\""
    mini.replace("src/mini.py", 'f"{kind}: {values}"', drawn)
    resources = json.loads((mini.root / "data" / "raw" / "datapackage.json").read_text())["resources"]
    raw = next(item["path"] for item in resources if "geography" in item["path"])
    with (mini.root / "data" / "raw" / raw).open("ab") as file:
        file.write(b"\n")

    done, found = _review(mini)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "Table 2, pairings, value: <b>19</b> → 20" in lines
    assert "Table 2: differs" in lines
    differs = "Figure 6: same values, other bytes: figures/figure-6.svg; the two runs differ: figures/figure-6.svg"
    assert differs in lines
    assert f"data/raw/{raw} is not the file that its checksum was taken of." in lines
    figure, table = found["exhibits"]
    assert (figure["verdict"], table["verdict"]) == ("same values", "differs")
    assert table["differences"] == [
        {"row": "pairings", "column": "value", "published": "<b>19</b>", "rebuilt": "20"},
    ]
    assert found["runs_differ"]["files"] == ["figures/figure-6.svg"]
    assert found["raw"]["unlike"] == [raw]
    page = (mini.root / "reports" / "review.html").read_text()
    assert "&lt;b&gt;19&lt;/b&gt;" in page
    assert "<b>19</b>" not in page


@pytest.mark.parametrize("fault", ["", "verdict", "runs", "raw"])
def test_each_of_three_faults_alone_is_no_success(fault: str) -> None:
    found = {
        "verdict": "missing" if fault == "verdict" else "same values",
        "runs_differ": {"files": ["figures/figure-6.svg"] if fault == "runs" else []},
        "raw": {"unlike": ["pairings.csv"] if fault == "raw" else []},
    }
    assert _is_reproduced(found) == (not fault)


def test_one_exhibit_alone_is_missing_where_its_build_stops(mini: Mini) -> None:
    mini.add("05_outlook", "raise ValueError('planted')")
    done, found = _review(mini, "--exhibit", "table-2")
    assert done.returncode == 1
    assert [(one["id"], one["verdict"]) for one in found["exhibits"]] == [("table-2", "missing")]
    assert found["tables"] == []
    assert all("ValueError: planted" in run["error"] for run in found["runs"])
    done, found = _review(mini, "--exhibit", "figure-9")
    assert done.returncode == 2
    assert done.stderr.startswith("iucresearch: there is no exhibit 'figure-9'. expected one of")


def test_without_anything_published_it_is_one_line(ready: Mini) -> None:
    done, _ = _review(ready)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "publish anew with make publish" in done.stderr


@pytest.mark.faults
def test_interrupted_it_ends_all_and_leaves_nothing(mini: Mini) -> None:
    environment = {**os.environ, "PYTHONPATH": str(mini.root / "src")}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(name, None)
    command = ["make", "-o", ".venv/installed", "review"]
    # Make alone is ended, as a script or a service does it: it ends what it runs.
    process = subprocess.Popen(
        command, cwd=mini.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list((mini.root / ".cache").glob("review-*/first/.cache")):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM
    assert "iucresearch: interrupted; nothing was reviewed.\n" in errors
    assert "Traceback" not in errors
    assert not list((mini.root / ".cache").glob("review-*/"))
    assert not (mini.root / "reports" / "review.json").exists()
    # What was ended may take a moment to be gone.
    for _ in range(100):
        if not _of(mini.root):
            break
        time.sleep(0.05)
    assert not _of(mini.root)


def _of(root: Path) -> list[str]:
    """Return the processes that work in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if str(root) in os.readlink(path):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def _edit(project: Project, place: str, old: str, new: str) -> None:
    """Change what was published, hash and all."""
    folder = project.root / "reports" / "published"
    path = folder / place
    assert old in path.read_text(), path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    index = json.loads((folder / "published.json").read_text())
    index["files"][place] = baseline.datapackage.hash_file(path)
    (folder / "published.json").write_text(json.dumps(index))
