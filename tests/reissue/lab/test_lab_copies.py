"""`make lab` without a browser: the copies of the notebooks and the options of JupyterLab."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from reissue.build.run import KERNEL
from reissue.core import paths
from reissue.lab import lab
from tests.conftest import Project


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("explore", "01_clean"):
        write(folder / f"{name}.ipynb", "1 + 1")
    return folder


def write(path: Path, source: str) -> None:
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "reissue", "display_name": "reissue"}})
    output = nbformat.v4.new_output("stream", text="2")
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Title", id="a"),
        nbformat.v4.new_code_cell(source, id="b", outputs=[output], execution_count=1),
    ]
    nbformat.write(notebook, path)


def run_in_lab(path: Path) -> None:
    """Change a notebook as running and saving it does: outputs, counts, metadata."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="another")]
    notebook.cells[1].execution_count = 7
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    nbformat.write(notebook, path)


def edit(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "  # mine"
    nbformat.write(notebook, path)


def read_code(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4).cells[1]


def read_files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_copies_are_the_templates_without_outputs(templates: Path, tmp_path: Path) -> None:
    before = read_files(templates)
    folder = tmp_path / "lab"
    assert lab.copy_templates(templates, folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["01_clean.ipynb", "explore.ipynb"]
    copy = nbformat.read(folder / "explore.ipynb", as_version=4)
    nbformat.validate(copy)
    assert [cell.source for cell in copy.cells] == ["# Title", "1 + 1"]
    assert (copy.cells[1].outputs, copy.cells[1].execution_count) == ([], None)
    assert copy.metadata.kernelspec.name == "reissue"
    edit(folder / "explore.ipynb")
    lab.copy_templates(templates, folder)
    assert read_files(templates) == before


@pytest.mark.parametrize("change", [run_in_lab, edit])
def test_a_copy_is_kept_while_its_template_is_the_same(
    templates: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    folder = tmp_path / "lab"
    lab.copy_templates(templates, folder)
    change(folder / "explore.ipynb")
    before = read_files(folder)
    assert lab.copy_templates(templates, folder) == []
    assert read_files(folder) == before


@pytest.mark.parametrize("was_run", [False, True])
def test_an_unchanged_copy_is_replaced_with_its_template(templates: Path, tmp_path: Path, was_run: bool) -> None:
    copy = tmp_path / "lab" / "explore.ipynb"
    lab.copy_templates(templates, copy.parent)
    if was_run:
        run_in_lab(copy)
    # A new copy is unchanged, too.
    for source in ("1 + 2", "1 + 3"):
        write(templates / "explore.ipynb", source)
        assert lab.copy_templates(templates, copy.parent) == []
        assert (read_code(copy).source, read_code(copy).outputs) == (source, [])


def test_a_changed_copy_is_kept_and_named(templates: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    lab.copy_templates(templates, folder)
    edit(folder / "explore.ipynb")
    before = (folder / "explore.ipynb").read_bytes()
    for name in ("explore", "01_clean"):
        write(templates / f"{name}.ipynb", "1 + 2")
    assert lab.copy_templates(templates, folder) == ["explore.ipynb"]
    assert (folder / "explore.ipynb").read_bytes() == before
    assert read_code(folder / "01_clean.ipynb").source == "1 + 2"
    (folder / "explore.ipynb").rename(folder / "mine.ipynb")
    assert lab.copy_templates(templates, folder) == []
    assert read_code(folder / "explore.ipynb").source == "1 + 2"
    assert (folder / "mine.ipynb").read_bytes() == before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": []}', '{"cells": [], "metadata": {"reissue": 1}}'])
def test_a_file_that_is_not_a_copy_is_kept(templates: Path, tmp_path: Path, content: str) -> None:
    copy = tmp_path / "lab" / "explore.ipynb"
    copy.parent.mkdir()
    copy.write_text(content)
    assert lab.copy_templates(templates, copy.parent) == ["explore.ipynb"]
    assert copy.read_text() == content


def test_copies_of_chapters_run_from_their_folder(
    project: Project, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.root / "lab"
    lab.copy_templates(folder=folder)
    names = sorted(path.name for path in paths.NOTEBOOKS.glob("*.ipynb"))
    assert sorted(path.name for path in folder.iterdir()) == names
    monkeypatch.delenv(paths.OUTPUT_VARIABLE, raising=False)
    monkeypatch.delenv(paths.PROCESSED_VARIABLE, raising=False)
    shutil.copytree(saved, project.root / "data" / "processed")
    pairings = project.root / "data" / "processed" / "pairings.csv"
    written, content = pairings.stat().st_mtime_ns, pairings.read_bytes()
    for name in ("02_context.ipynb", "01_clean.ipynb"):
        assert pairings.stat().st_mtime_ns == written, "only notebooks that save tables write"
        NotebookClient(nbformat.read(folder / name, as_version=4), kernel_name=KERNEL, timeout=120).execute(cwd=folder)
    assert pairings.stat().st_mtime_ns != written
    assert pairings.read_bytes() == content


def test_make_lab_prints_in_one_line_where_the_copy_is(project: Project, tmp_path: Path) -> None:
    (project.root / "lab").write_text("a file")
    done = project.command("lab")
    assert done.returncode == 2
    assert done.stderr.startswith("iucresearch: lab/")
    assert done.stderr.count("\n") == 1
    (project.root / "lab").unlink()
    # In place of JupyterLab, a program that writes how it was started.
    stand_in = tmp_path / "path" / "jupyterlab"
    stand_in.mkdir(parents=True)
    record = "json.dump([sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH']], open('lab.json', 'w'))"
    (stand_in / "__main__.py").write_text(f"import json, os, sys; {record}")
    (stand_in / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": f"{stand_in.parent}:{project.root / 'src'}"}
    command = [sys.executable, "-m", "iucresearch", "lab", "--no-browser"]
    (project.root / "reports").mkdir()
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert "lab/explore.ipynb" in done.stdout
    options, config = json.loads((project.root / "lab.json").read_text())
    assert options[-1] == "--no-browser"
    assert f"--ServerApp.root_dir={project.root / 'lab'}" in options
    settings = json.loads(Path(config, "labconfig", "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert (project.root / "lab" / "reports").resolve() == project.root / "reports"
    assert not (project.root / "lab" / "data").is_symlink(), "there are no data yet"
