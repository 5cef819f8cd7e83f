"""`make lab` without a browser: who owns the copies of the notebooks, and what JupyterLab is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from reissue.core import paths
from reissue.lab import lab
from tests.conftest import Project


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("explore", "01_clean"):
        write(folder / f"{name}.ipynb", ["# Title", "1 + 1"])
    return folder


def write(path: Path, sources: list[str]) -> None:
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "reissue", "display_name": "reissue"}})
    notebook.cells = [nbformat.v4.new_markdown_cell(sources[0], id="a")]
    for place, source in enumerate(sources[1:]):
        output = nbformat.v4.new_output("stream", text="2")
        notebook.cells.append(
            nbformat.v4.new_code_cell(source, id=f"c{place}", outputs=[output], execution_count=place + 1)
        )
    nbformat.write(notebook, path)


def run_in_lab(path: Path) -> None:
    """Leave what running and saving leaves: outputs, counts, metadata."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="another")]
    notebook.cells[1].execution_count = 7
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    nbformat.write(notebook, path)


def edit(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "  # mine"
    nbformat.write(notebook, path)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_copies_are_the_templates_without_outputs(templates: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    assert lab.copy_templates(templates, folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["01_clean.ipynb", "explore.ipynb"]
    copy = nbformat.read(folder / "explore.ipynb", as_version=4)
    nbformat.validate(copy)
    assert [cell.source for cell in copy.cells] == ["# Title", "1 + 1"]
    assert copy.cells[1].outputs == []
    assert copy.cells[1].execution_count is None
    assert copy.metadata.kernelspec.name == "reissue"


def test_templates_are_never_touched(templates: Path, tmp_path: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in templates.iterdir()}
    lab.copy_templates(templates, tmp_path / "lab")
    edit(tmp_path / "lab" / "explore.ipynb")
    lab.copy_templates(templates, tmp_path / "lab")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in templates.iterdir()} == before


def test_a_copy_is_left_as_it_is_while_its_template_is_the_same(templates: Path, tmp_path: Path) -> None:
    copy = tmp_path / "lab" / "explore.ipynb"
    lab.copy_templates(templates, copy.parent)
    for change in (run_in_lab, edit):
        change(copy)
        before = copy.read_bytes(), copy.stat().st_mtime_ns
        assert lab.copy_templates(templates, copy.parent) == []
        assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before


@pytest.mark.parametrize("was_run", [False, True])
def test_a_copy_that_nobody_changed_is_renewed_with_its_template(
    templates: Path, tmp_path: Path, was_run: bool
) -> None:
    copy = tmp_path / "lab" / "explore.ipynb"
    lab.copy_templates(templates, copy.parent)
    if was_run:
        run_in_lab(copy)
    write(templates / "explore.ipynb", ["# Title", "1 + 2", "3"])
    assert lab.copy_templates(templates, copy.parent) == []
    assert [cell["outputs"] for cell in read(copy)["cells"][1:]] == [[], []]
    assert "".join(read(copy)["cells"][1]["source"]) == "1 + 2"
    # Once more: the renewed copy is known as such.
    write(templates / "explore.ipynb", ["# Title", "1 + 3"])
    lab.copy_templates(templates, copy.parent)
    assert "".join(read(copy)["cells"][1]["source"]) == "1 + 3"


def test_what_somebody_changed_is_kept_and_named(templates: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    lab.copy_templates(templates, folder)
    edit(folder / "explore.ipynb")
    before = (folder / "explore.ipynb").read_bytes()
    for name in ("explore", "01_clean"):
        write(templates / f"{name}.ipynb", ["# Title", "1 + 2"])
    assert lab.copy_templates(templates, folder) == ["explore.ipynb"]
    assert (folder / "explore.ipynb").read_bytes() == before
    assert "".join(read(folder / "01_clean.ipynb")["cells"][1]["source"]) == "1 + 2"
    (folder / "explore.ipynb").rename(folder / "mine.ipynb")
    assert lab.copy_templates(templates, folder) == []
    assert "".join(read(folder / "explore.ipynb")["cells"][1]["source"]) == "1 + 2"
    assert (folder / "mine.ipynb").read_bytes() == before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": []}', '{"cells": [], "metadata": {"reissue": 1}}'])
def test_a_file_that_is_no_copy_is_kept(templates: Path, tmp_path: Path, content: str) -> None:
    copy = tmp_path / "lab" / "explore.ipynb"
    copy.parent.mkdir()
    copy.write_text(content)
    assert lab.copy_templates(templates, copy.parent) == ["explore.ipynb"]
    assert copy.read_text() == content


def test_copies_of_the_real_notebooks_run_from_their_folder(tmp_path: Path) -> None:
    lab.copy_templates(folder=tmp_path)
    names = sorted(path.name for path in paths.NOTEBOOKS.glob("*.ipynb"))
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        copy = nbformat.read(tmp_path / name, as_version=4)
        original = nbformat.read(paths.NOTEBOOKS / name, as_version=4)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in original.cells]


def test_make_lab_says_in_one_line_where_the_copy_is(project: Project, tmp_path: Path) -> None:
    # A JupyterLab that tells how it was started, in place of the real one.
    stand_in = tmp_path / "path" / "jupyterlab"
    stand_in.mkdir(parents=True)
    told = "import json, os, sys; json.dump([sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH']], open('told.json', 'w'))"
    (stand_in / "__main__.py").write_text(told)
    (stand_in / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": f"{stand_in.parent}:{project.root / 'src'}"}
    command = [sys.executable, "-m", "iucresearch", "lab", "--no-browser"]
    (project.root / "reports").mkdir()
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert "lab/explore.ipynb" in done.stdout
    options, config = json.loads((project.root / "told.json").read_text())
    assert options[-1] == "--no-browser"
    assert f"--ServerApp.root_dir={project.root / 'lab'}" in options
    settings = json.loads(Path(config, "labconfig", "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert (project.root / "lab" / "reports").resolve() == project.root / "reports"
    assert not (project.root / "lab" / "data").is_symlink(), "there are none yet"


def test_a_full_disk_is_told_in_one_line(project: Project) -> None:
    (project.root / "lab").write_text("a file where the folder would be")
    done = project.command("lab")
    assert done.returncode == 2
    assert done.stderr.startswith("iucresearch: lab/")
    assert done.stderr.count("\n") == 1
