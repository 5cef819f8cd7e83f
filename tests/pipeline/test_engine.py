"""The engine: kernels that several threads start at once do not get in each other's way."""

from __future__ import annotations

import subprocess
import sys

from iucresearch import paths

#: Prints which traits of the objects that a kernel takes name their class still, instead of knowing it.
NAMED = """
from iucresearch import paths
from iucresearch.pipeline import engine
from iucresearch.pipeline.kernels import WarmProvisioner
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
