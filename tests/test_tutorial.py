"""`docs/tutorial.md`: what its code blocks say, typed step by step, gives a figure, a verdict and a Spanish page."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from reissue.core import paths
from tests.conftest import Project
from tests.test_added import paste_entry

pytestmark = pytest.mark.build
TUTORIAL = (paths.ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
#: The code blocks of each step.
STEPS = [
    re.findall(r"^```\w+\n(.*?)^```$", step, re.MULTILINE | re.DOTALL)
    for step in re.split(r"^## \d\. ", TUTORIAL, flags=re.MULTILINE)[1:]
]
BUILD = Path("reports/builds/published-es")


def apply(project: Project, file: str, edits: str) -> None:
    """Make the edits of a block, which empty lines separate: lines with a minus go, those with a plus come."""
    for edit in edits.rstrip("\n").split("\n\n"):
        lines = edit.splitlines()
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] != sign) for sign in "+-")
        project.replace(file, old, new)


def append_cells(path: Path, prose: str, metadata: str, *code: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {"cell_type": "markdown", "id": "prose", "metadata": json.loads(metadata), "source": prose}
    )
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


def test_the_tutorial_gives_a_figure_a_verdict_and_a_spanish_page(project):
    (table, completed), [passed], [module], [registered, explored], cells, [claim], [translated], _ = STEPS
    root, raw = project.root, project.root / "data" / "raw"
    (raw / "reach.csv").write_text(table, encoding="utf-8")
    paste_entry(raw / "datapackage.json", make(project, "checksums", status=2))
    apply(project, "data/raw/datapackage.json", completed)
    assert "WRITE:" not in (raw / "datapackage.json").read_text(encoding="utf-8")
    apply(project, "src/iucresearch/clean.py", passed)
    (root / "src/iucresearch/figures/reach.py").write_text(module, encoding="utf-8")
    apply(project, "src/iucresearch/exhibits.py", registered)
    apply(project, "src/iucresearch/explore.py", explored)
    append_cells(root / "notebooks" / "02_context.ipynb", *(cell.rstrip() for cell in cells))
    with (raw / "claims.csv").open("a", encoding="utf-8") as file:
        file.write(claim)
    assert f"`{make(project, 'checksums').strip()}`" in TUTORIAL
    make(project, "catalogues")
    translate(root / "src/iucresearch/locale/es.po", translated)
    assert "not translated" not in make(project, "report", "LOCALE=es")

    page = (root / BUILD / "index.html").read_text(encoding="utf-8")
    section = page[page.index('<section class="exhibit" id="figure-9">') :].partition("</section>")[0]
    assert "Alcance en la UE" in section
    assert 'aria-label="Barras de límites inferiores: Strategies, 120;' in section
    data = pd.read_csv(root / BUILD / "figures" / "figure-9.csv")
    assert data["more_than"].tolist() == [120, 160, 30]
    claims = pd.read_csv(root / BUILD / "claims.csv", index_col="id")
    assert claims.at["p10-reach-regions", "verdict"] == "consistent"
