"""After an edit anywhere, a report is the same, file by file, as one that is built from nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reissue.build.order import read_order
from reissue.build.records import read_record_in
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import report, together


def of_module(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n_PLANTED = 1\n", encoding="utf-8")


def of_template(path: Path) -> None:
    path.write_text(
        path.read_text(encoding="utf-8") + ("/* planted */" if path.suffix == ".css" else "<!-- planted -->")
    )


def of_notebook(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    first["source"] = ["# Planted"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def of_words(path: Path) -> None:
    """Add a word to the last cell of a table."""
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text} planted\n", encoding="utf-8")


def of_lines(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "# planted\n", encoding="utf-8")


#: What may be edited: where, and how.
KINDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a figure's module": ("src/iucresearch/figures/*.py", of_module),
    "a module of the report": ("src/iucresearch/*.py", of_module),
    "a module of the machinery": ("src/reissue/*/*.py", of_module),
    "a template": ("src/*/templates/**/*.html", of_template),
    "the style": ("src/reissue/templates/page/*.css", of_template),
    "a notebook": ("notebooks/0*.ipynb", of_notebook),
    "a raw table": ("data/raw/swot.csv", of_words),
    "the lock": ("requirements.lock", of_lines),
    "the questionnaire's labels": ("params/questionnaire.csv", of_words),
}


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.skipif(TRIALS == 1, reason="the whole report is built twice for each kind: `make test` edits a small one")
@pytest.mark.parametrize("kind", KINDS)
def test_in_the_report(built: Project, tmp_path: Path, kind: str) -> None:
    pattern, plant = KINDS[kind]
    project = copied(built, tmp_path / "edited")
    plant(random.Random(kind).choice(sorted(project.root.glob(pattern))))
    assert_as_from_nothing(project, tmp_path)


@pytest.mark.parametrize("kinds", together(["a template", "a notebook", "the lock", "a module of the machinery"], 2))
def test_in_a_small_report(ready: Mini, tmp_path: Path, kinds: list[str]) -> None:
    for kind in kinds:
        pattern, plant = KINDS[kind]
        for path in sorted(ready.root.glob(pattern))[:: 1 if TRIALS > 1 else 12]:
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
