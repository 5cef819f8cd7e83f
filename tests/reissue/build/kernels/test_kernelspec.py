"""Kernels that people start, with JupyterLab, nbval, nbconvert or papermill, are ordinary ones that show figures."""

from __future__ import annotations

import nbformat
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient

from reissue.build.run import KERNEL
from reissue.core import paths

#: A figure that `plt.show()` shows, and one that is the last expression of its cell.
FIGURES = (
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()",
    "figure",
)


def figures() -> nbformat.NotebookNode:
    """Return a notebook with these cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"figure-{n}") for n, source in enumerate(FIGURES)]
    return notebook


def pictures(notebook: nbformat.NotebookNode) -> list[list[bool]]:
    """Return of every output of every cell whether it is a picture."""
    return [["image/png" in output.get("data", {}) for output in cell.outputs] for cell in notebook.cells]


def test_a_kernel_of_the_kernelspec_shows_figures_and_is_ordinary() -> None:
    paths.keep_to_own_cache()
    notebook, manager = figures(), KernelManager(kernel_name=KERNEL)
    try:
        NotebookClient(notebook, km=manager, timeout=120).execute()
        assert (type(manager.provisioner), manager.transport) == (LocalProvisioner, "tcp")
    finally:
        manager.shutdown_kernel(now=True)
    assert pictures(notebook) == [[True], [True]]
