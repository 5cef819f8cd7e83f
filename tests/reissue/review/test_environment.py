"""This environment against a lock: versions, markers, what is missing, what is more."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.review.environment import Package, check_environment, read_lock


def _lock(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(text)
    return path


def test_the_projects_environment_is_the_locked_one() -> None:
    found = check_environment()
    assert found.is_locked, found.unlike
    assert found.checked > 100


def test_another_version_and_a_package_that_is_not_there_are_told(tmp_path: Path) -> None:
    lock = _lock(tmp_path, "pandas==0.1 \\\n    --hash=sha256:aa\nno-such-package==1.0\n# a comment\n\nnumpy==0\n")
    found = check_environment(lock)
    assert found.unlike == (
        Package("no-such-package", "1.0", ""),
        Package("numpy", "0", version("numpy")),
        Package("pandas", "0.1", version("pandas")),
    )
    assert not found.is_locked
    assert "pytest" in found.beyond
    assert "iucresearch" not in found.beyond


def test_a_version_that_begins_as_the_locked_one_is_another(tmp_path: Path) -> None:
    locked_ = version("numpy").rpartition(".")[0]
    found = check_environment(_lock(tmp_path, f"numpy=={locked_}\n"))
    assert found.unlike == (Package("numpy", locked_, version("numpy")),)


def test_what_is_for_another_system_is_not_asked_for(tmp_path: Path) -> None:
    lock = _lock(tmp_path, "a==1 ; sys_platform == 'win32'\nOwn_Name[extra]==2 ; python_full_version >= '3.0'\n")
    assert read_lock(lock) == {"own-name": "2"}


@pytest.mark.parametrize("entry", ["pandas", "pandas>=1", "-r other.txt", "pandas==1,==2", "see https://x"])
def test_what_is_no_pin_is_one_line(tmp_path: Path, entry: str) -> None:
    with pytest.raises(InputError, match=r"is no package at one version"):
        read_lock(_lock(tmp_path, f"{entry}\n"))


def test_python_is_held_against_what_the_project_is_for() -> None:
    found = check_environment()
    assert found.wanted in (paths.ROOT / "pyproject.toml").read_text()
    assert not replace(found, wanted=">=4").is_locked
