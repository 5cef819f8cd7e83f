"""Kernels of the engine and of the kernelspec show figures, and several threads can start kernels at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient

from reissue.build.kernels import engine
from reissue.build.run import KERNEL
from reissue.core import paths

#: A figure that `plt.show()` shows, and one that is the last expression of its cell.
FIGURES = (
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()",
    "figure",
)
#: Prints the traits of a kernel's objects that hold the name of a class, which traitlets has not resolved yet.
UNRESOLVED = """
from reissue.core import paths
from reissue.build.kernels import engine
from reissue.build.kernels.provisioner import WarmProvisioner
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.session import Session

paths.keep_to_own_cache()
{}
for owner in (engine.Manager, engine.Client, WarmProvisioner, KernelSpec, KernelSpecManager, Session):
    for name, trait in owner.class_traits().items():
        if isinstance(getattr(trait, "klass", None), str):
            print(owner.__name__, name)
"""


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    paths.keep_to_own_cache()
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"figure-{n}") for n, source in enumerate(FIGURES)]
    return notebook


def find_pictures(notebook: nbformat.NotebookNode) -> list[list[bool]]:
    """Return for every output of every cell whether it is a picture."""
    return [["image/png" in output.get("data", {}) for output in cell.outputs] for cell in notebook.cells]


@pytest.mark.parametrize(("first", "resolved"), [("pass", False), ("engine._resolve_traits()", True)])
def test_no_thread_has_to_resolve_the_name_of_a_class(first: str, resolved: bool) -> None:
    command = [sys.executable, "-c", UNRESOLVED.format(first)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout == "") == resolved


def test_every_kernel_of_the_engine_shows_figures(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    for _ in range(2):
        executed = papermill.execute_notebook(
            notebook,
            None,
            engine_name=engine.NAME,
            kernel_name=KERNEL,
            language="python",
            environment=dict(os.environ),
            folder=str(tmp_path),
            progress_bar=False,
            execution_timeout=120,
        )
        assert find_pictures(executed) == [[True], [True]]


def test_kernels_that_people_start_show_figures_and_are_ordinary(notebook: nbformat.NotebookNode) -> None:
    manager = KernelManager(kernel_name=KERNEL)
    try:
        NotebookClient(notebook, km=manager, timeout=120).execute()
        assert (type(manager.provisioner), manager.transport) == (LocalProvisioner, "tcp")
    finally:
        manager.shutdown_kernel(now=True)
    assert find_pictures(notebook) == [[True], [True]]
