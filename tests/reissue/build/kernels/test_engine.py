"""The engine: kernels that several threads start at once do not get in each other's way, and all show figures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import papermill

from reissue.build.kernels import engine
from reissue.build.run import KERNEL
from reissue.core import paths
from tests.reissue.build.kernels.test_kernelspec import figures, pictures

#: Prints which traits of the objects that a kernel takes name their class still, instead of knowing it.
NAMED = """
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


def named(first: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", NAMED.format(first)], cwd=paths.ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_no_thread_has_a_class_left_to_look_up() -> None:
    assert "WarmProvisioner" in named("pass"), "traitlets looks them up late"
    assert named("engine._resolve()") == ""


def test_every_kernel_shows_figures(tmp_path: Path) -> None:
    paths.keep_to_own_cache()
    shown = []
    for _ in range(3):
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
    assert shown == [[[True], [True]]] * 3
