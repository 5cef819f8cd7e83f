"""After an edit anywhere, a report is the same, file by file, as one that is built from nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from reissue.build.order import read_order
from reissue.build.records import read_record_in
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import report, together

#: What may be edited.
KINDS = {
    "a figure's module": "src/iucresearch/figures/*.py",
    "a module of the report": "src/iucresearch/*.py",
    "a module of the machinery": "src/reissue/*/*.py",
    "a template": "src/*/templates/**/*.html",
    "the style": "src/reissue/templates/page/*.css",
    "a notebook": "notebooks/0*.ipynb",
    "a raw table": "data/raw/swot.csv",
    "the lock": "requirements.lock",
    "the questionnaire's labels": "params/questionnaire.csv",
}
#: What is added to a file, by its kind; to a table, at the end of its last cell.
ADDED = {".py": "_PLANTED = 1\n", ".css": "/* planted */", ".html": "<!-- planted -->", ".lock": "# planted\n"}


def plant(path: Path) -> None:
    """Edit a file, so that what is made of it may change."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        notebook = json.loads(text)
        next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")["source"] = ["# Planted"]
        text = json.dumps(notebook)
    else:
        text = text.rstrip("\n") + " planted\n" if path.suffix == ".csv" else text + ADDED[path.suffix]
    path.write_text(text, encoding="utf-8")


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.skipif(TRIALS == 1, reason="the whole report is built twice for each kind: `make test` edits a small one")
@pytest.mark.parametrize("kind", KINDS)
def test_in_the_report(built: Project, tmp_path: Path, kind: str) -> None:
    project = copied(built, tmp_path / "edited")
    plant(random.Random(kind).choice(sorted(project.root.glob(KINDS[kind]))))
    assert_as_from_nothing(project, tmp_path)


@pytest.mark.parametrize("kinds", together(["a template", "a notebook", "the lock", "a module of the machinery"], 2))
def test_in_a_small_report(ready: Mini, tmp_path: Path, kinds: list[str]) -> None:
    for kind in kinds:
        for path in sorted(ready.root.glob(KINDS[kind]))[:: 1 if TRIALS > 1 else 12]:
            plant(path)
    assert_as_from_nothing(ready, tmp_path)


@pytest.mark.build
def test_a_translation_makes_only_the_notebooks_that_look_it_up_stale(translated: Project) -> None:
    folder = translated.root / "reports" / "builds" / "published-es"
    found = {stem for stem in read_order().needs if "Pilot activity" in read_record_in(folder, stem).texts}
    assert found == {"02_context"}


def assert_as_from_nothing(project: Project, folder: Path) -> None:
    """Fail unless a project and a copy of its sources, built from nothing, give the same report."""
    report(project)
    afresh = copied(project, folder / "afresh", built=False)
    report(afresh)
    assert_same(tree(project.root), tree(afresh.root))
