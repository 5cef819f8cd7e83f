"""An edit anywhere, and then a report: the same, file by file, as one that is built from nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, ran, tree
from tests.reissue.build.trials import report


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


@pytest.mark.parametrize("kind", ["a module of the machinery", "a template", "a notebook", "the lock"])
def test_in_a_small_report(ready: Mini, tmp_path: Path, kind: str) -> None:
    pattern, plant = KINDS[kind]
    for path in sorted(ready.root.glob(pattern))[:: 1 if TRIALS > 1 else 12]:
        plant(path)
    assert_as_from_nothing(ready, tmp_path)


@pytest.mark.build
def test_in_a_translation(translated: Project, tmp_path: Path) -> None:
    """Only the notebooks that look the text up run again."""
    project = copied(translated, tmp_path / "edited")
    catalogue = project.root / "src" / "iucresearch" / "locale" / "es.po"
    text = catalogue.read_text(encoding="utf-8")
    assert text.count('msgid "Pilot activity"\nmsgstr "') == 1
    catalogue.write_text(text.replace('msgid "Pilot activity"\nmsgstr "', 'msgid "Pilot activity"\nmsgstr "X'))
    done = project.make("report", "LOCALE=es")
    assert (done.returncode, done.stderr) == (0, "")
    assert ran(done.stdout) == ["02_context"]
    assert "the translation of 'Pilot activity' changed" in done.stdout


def assert_as_from_nothing(project: Project, folder: Path) -> None:
    """Build a project, and a copy of its sources from nothing; both are the same."""
    report(project)
    afresh = copied(project, folder / "afresh", built=False)
    report(afresh)
    assert_same(tree(project.root), tree(afresh.root))
