"""The engine: several threads can start kernels at once, and every kernel shows figures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import papermill
import pytest

from reissue.build.kernels import engine
from reissue.build.run import KERNEL
from reissue.core import paths
from tests.reissue.build.kernels.test_kernelspec import figures, pictures

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


@pytest.mark.parametrize(("first", "resolved"), [("pass", False), ("engine._resolve_traits()", True)])
def test_no_thread_has_to_resolve_the_name_of_a_class(first: str, resolved: bool) -> None:
    command = [sys.executable, "-c", UNRESOLVED.format(first)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout == "") == resolved


def test_every_kernel_shows_figures(tmp_path: Path) -> None:
    paths.keep_to_own_cache()
    shown = []
    for _ in range(2):
        notebook = papermill.execute_notebook(
            figures(),
            None,
            engine_name=engine.NAME,
            kernel_name=KERNEL,
            language="python",
            environment=dict(os.environ),
            folder=str(tmp_path),
            progress_bar=False,
            execution_timeout=120,
        )
        shown.append(pictures(notebook))
    assert shown == [[[True], [True]]] * 2
