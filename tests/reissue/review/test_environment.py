"""The environment compared with a lock: versions, markers, missing packages, edited and unlisted files."""

import base64
import hashlib
from pathlib import Path

import pytest

from reissue.review import environment
from reissue.review.environment import check_environment, read_lock


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("pack==1.0 \\\n    --hash=sha256:aa\n# a comment\n\n")
    return path


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder of packages with one package."""
    folder = tmp_path / "site-packages"
    (folder / "pack-1.0.dist-info").mkdir(parents=True)
    (folder / "pack.py").write_text("answer = 42\n")
    (folder / "pack-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pack\nVersion: 1.0\n")
    found = base64.urlsafe_b64encode(hashlib.sha256(b"answer = 42\n").digest()).decode().rstrip("=")
    record = f"pack.py,sha256={found},12\npack-1.0.dist-info/METADATA,,\npack-1.0.dist-info/RECORD,,\n"
    (folder / "pack-1.0.dist-info" / "RECORD").write_text(record)
    return folder


def test_the_project_s_environment_is_the_locked_one() -> None:
    found = check_environment()
    assert found.faults == ()
    assert found.checked > 100
    assert "iucresearch" not in found.beyond


def test_other_versions_missing_packages_and_packages_beyond_the_lock_are_named(lock: Path, packages: Path) -> None:
    lock.write_text("pack==1\nno-such-package==1.0\n")
    found = check_environment(lock, str(packages))
    assert found.faults == ("no-such-package is missing; the lock has 1.0", "pack is 1.0; the lock has 1")
    lock.write_text("no-such-package==1.0\n")
    assert check_environment(lock, str(packages)).beyond == ("pack",)
    # Entries for another system are left out.
    lock.write_text("a==1 ; sys_platform == 'win32'\nOwn_Name[extra]==2 ; python_full_version >= '3.0'\n")
    assert read_lock(lock) == {"own-name": "2"}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", ""),
        ("__pycache__/pack.cpython-311.pyc", ""),
        ("pack.py", "pack.py is not as pack installed it"),
        ("sneaky.pth", "sneaky.pth belongs to no package"),
        ("deep/sitecustomize.py", "deep/sitecustomize.py belongs to no package"),
    ],
)
def test_edited_files_and_files_of_no_package_are_named(lock: Path, packages: Path, name: str, fault: str) -> None:
    if name:
        (packages / name).parent.mkdir(exist_ok=True)
        (packages / name).write_text("import sys\n")
    assert check_environment(lock, str(packages)).faults == tuple(filter(None, [fault]))
    (packages / "pack.py").unlink()
    assert "pack.py is not as pack installed it" in check_environment(lock, str(packages)).faults, "it was removed"


def test_another_python_is_a_fault(lock: Path, packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.platform, "python_version", lambda: "3.8.1")
    (fault,) = check_environment(lock, str(packages)).faults
    assert fault.startswith("Python is 3.8.1; the project needs >=3.11")
