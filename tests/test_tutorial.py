"""`docs/tutorial.md`: what its code blocks say, typed step by step, gives a figure, a verdict and a Spanish page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from reissue.core import paths
from tests.conftest import Project, once

pytestmark = pytest.mark.build
TUTORIAL = (paths.ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
#: The code blocks of each step.
STEPS = [
    re.findall(r"^```\w+\n(.*?)^```$", step, re.MULTILINE | re.DOTALL)
    for step in re.split(r"^## \d\. ", TUTORIAL, flags=re.MULTILINE)[1:]
]
BUILD = Path("reports/builds/published-es")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def apply(project: Project, file: str, edits: str) -> None:
    """Make the edits of a block, which empty lines separate: lines with a minus go, those with a plus come."""
    for edit in edits.rstrip("\n").split("\n\n"):
        lines = edit.splitlines()
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] != sign) for sign in "+-")
        project.replace(file, old, new)


def paste_entry(project: Project, printed: str, edits: str) -> None:
    """Paste the entry that `make checksums` printed where it says, and complete it."""
    entry = printed[printed.index("    {\n") : printed.rindex("    },\n")] + "    },\n"
    project.replace("data/raw/datapackage.json", '  "resources": [\n', f'  "resources": [\n{entry}')
    apply(project, "data/raw/datapackage.json", edits)
    assert "WRITE:" not in (project.root / "data/raw/datapackage.json").read_text(encoding="utf-8")


def append_cells(path: Path, prose: str, *code: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "prose", "metadata": {}, "source": prose})
    for number, source in enumerate(code):
        own = {"id": f"code-{number}", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        notebook["cells"].append({"cell_type": "code", **own})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def translate(path: Path, entries: str) -> None:
    """Fill in translations of texts that the catalogue has without one."""
    text = path.read_text(encoding="utf-8")
    for source, translation in re.findall(r"^(msgid .*\n)(msgstr .*\n)", entries, re.MULTILINE):
        empty = f'{source}msgstr ""\n'
        assert text.count(empty) == 1, source
        text = text.replace(empty, f"{source}{translation}")
    path.write_text(text, encoding="utf-8")


def make(project: Project, *command: str, status: int = 0) -> str:
    done = project.make(*command)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def followed(shared: Path) -> Project:
    """The project after the tutorial, built in Spanish; made once for all workers."""

    def follow(project: Project) -> None:
        (table, completed), [passed], [module], [registered], cells, [claim], [translated], _ = STEPS
        root, raw = project.root, project.root / "data" / "raw"
        (raw / "reach.csv").write_text(table, encoding="utf-8")
        paste_entry(project, make(project, "checksums", status=2), completed)
        apply(project, "src/iucresearch/clean.py", passed)
        (root / "src/iucresearch/figures/reach.py").write_text(module, encoding="utf-8")
        apply(project, "src/iucresearch/exhibits.py", registered)
        append_cells(root / "notebooks" / "02_context.ipynb", *(cell.rstrip() for cell in cells))
        append(raw / "claims.csv", claim)
        assert f"`{make(project, 'checksums').strip()}`" in TUTORIAL
        make(project, "catalogues")
        translate(root / "src/iucresearch/locale/es.po", translated)
        (root / "report.txt").write_text(make(project, "report", "LOCALE=es"), encoding="utf-8")

    return once(shared, "followed", follow)


def test_the_figure_is_on_the_page_with_its_data_and_a_translated_alt_text(followed: Project) -> None:
    page = (followed.root / BUILD / "index.html").read_text(encoding="utf-8")
    section = page[page.index('<section class="exhibit" id="figure-9">') :].partition("</section>")[0]
    assert "Alcance en la UE" in section
    assert 'alt="Barras de límites inferiores: Strategies, 120;' in section
    data = pd.read_csv(followed.root / BUILD / "figures" / "figure-9.csv")
    assert data["more_than"].tolist() == [120, 160, 30]


def test_the_statement_is_consistent(followed: Project) -> None:
    claims = pd.read_csv(followed.root / BUILD / "claims.csv", index_col="id")
    assert claims.at["p10-reach-regions", "verdict"] == "consistent"


def test_no_text_is_left_in_english(followed: Project) -> None:
    assert "not translated" not in (followed.root / "report.txt").read_text(encoding="utf-8")
