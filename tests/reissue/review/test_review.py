"""A review from end to end: of a report that is reproduced, and of one that is not."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from iucresearch.edition import EDITION
from reissue.build.provenance_panel import build_panel
from reissue.review import baseline
from reissue.review.sandbox import find_sandbox
from tests.conftest import Project
from tests.reissue.build.mini import Mini, copied
from tests.reissue.build.trials import processes, wait_until
from tests.reissue.review.conftest import edit

pytestmark = pytest.mark.build

Review = tuple[subprocess.CompletedProcess[str], dict[str, Any]]


def publish(project: Project, files: Mapping[str, str] | None = None) -> None:
    """Make a project's build, with some changed files, its baseline."""
    about = dict(build_panel(EDITION, "", "0"))
    build = baseline.read_build(EDITION.exhibits, project.root / "reports", project.root / "data" / "processed", about)
    baseline.write_baseline(edit(build, files or {}), project.root / "reports" / "published")


def review(project: Project) -> Review:
    done = project.command("review")
    return done, json.loads((project.root / "reports" / "review.json").read_text())


def test_a_report_that_is_reproduced(built_mini: Mini, tmp_path: Path) -> None:
    # The shell or Make would expand or run parts of this name if they were not quoted.
    name = """a folder (zwölf) $HOME $(touch ran) `touch ran` "a" 'b'"""
    project = copied(built_mini, tmp_path / name)
    publish(project)
    done, found = review(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 exhibits rebuilt twice and compared with what was published: 2 identical." in done.stdout
    exhibits = [(one["id"], one["verdict"]) for one in found["exhibits"]]
    assert exhibits == [("figure-6", "identical"), ("table-2", "identical")]
    assert (found["verdict"], found["again"], found["runs_differ"]["files"]) == ("identical", True, [])
    assert [run["name"] for run in found["runs"]] == ["first", "second"]
    for run in found["runs"]:
        assert run["seconds"] > 0
        assert (run["error"], {*run["notebooks"]}) == ("", {"01_clean", "04_survey", "05_outlook"})
    assert found["sandbox"]["is_closed"] or found["sandbox"]["description"].startswith("open, because")

    assert not list((project.root / ".cache").glob("review-*/"))
    assert not list(tmp_path.rglob("ran")), "no part of the name was run"
    page = (project.root / "reports" / "review.html").read_text()
    assert "2 of 2 exhibits rebuilt twice" in page
    assert "What differs" not in page
    assert 'href="index.html"' in page
    for text in (page, json.dumps(found), done.stdout):
        assert str(tmp_path) not in text, "the review names no folder of this machine"
    node = os.uname().nodename
    assert node not in re.sub(r"Linux \S+", "", page) or len(node) < 4


def test_every_difference_is_named(ready: Mini) -> None:
    """One review of a changed value, of a picture that no two runs draw alike, and of a changed raw file."""
    publish(ready, {"tables/table-2.csv": "csv: name,value\npairings,<b>19</b>\n"})
    ready.replace("src/mini.py", 'f"{kind}: {values}"', "f\"{kind}: {values}{os.getpid() if kind == 'svg' else ''}\"")
    if find_sandbox().is_closed:
        # The build stops if the cell finds the published values.
        published = ready.root / "reports" / "published"
        ready.add("05_outlook", f"import os\nassert not os.path.exists({str(published)!r})")
    resources = json.loads((ready.root / "data" / "raw" / "datapackage.json").read_text())["resources"]
    raw = next(item["path"] for item in resources if "geography" in item["path"])
    with (ready.root / "data" / "raw" / raw).open("ab") as file:
        file.write(b"\n")

    done, found = review(ready)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "Table 2, pairings, value: <b>19</b> → 20" in lines
    assert "Table 2: differs" in lines
    differs = "Figure 6: same values, other bytes: figures/figure-6.svg; the two runs differ: figures/figure-6.svg"
    assert differs in lines
    assert f"data/raw/{raw} is not the file that its checksum was taken of." in lines
    assert found["runs_differ"]["files"] == ["figures/figure-6.svg"]
    page = (ready.root / "reports" / "review.html").read_text()
    assert "&lt;b&gt;19&lt;/b&gt;" in page
    assert "<b>19</b>" not in page


@pytest.mark.faults
def test_an_interrupted_review_ends_all_and_leaves_nothing(ready: Mini) -> None:
    publish(ready)
    environment = {**os.environ, "PYTHONPATH": str(ready.root / "src")}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(name, None)
    command = ["make", "-o", ".venv/installed", "review"]
    # Only Make is ended, as a script or a service does it.
    process = subprocess.Popen(
        command, cwd=ready.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list((ready.root / ".cache").glob("review-*/first/.cache")):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM
    assert "iucresearch: interrupted; nothing was reviewed.\n" in errors
    assert "Traceback" not in errors
    assert not list((ready.root / ".cache").glob("review-*/"))
    assert not (ready.root / "reports" / "review.json").exists()
    wait_until(lambda: not processes(ready.root), "programs still run")
