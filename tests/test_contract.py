"""Who may import whom: `make lint` holds the source to the contracts of `pyproject.toml`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import Project

LINTER = str(Path(sys.prefix, "bin", "lint-imports"))


def test_contracts_hold(project: Project) -> None:
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 5 kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("reissue/core/files.py", "from iucresearch import exhibits", "The machinery knows no report"),
        ("reissue/core/files.py", "from reissue.ledger import judge", "A lower part of the machinery"),
        ("iucresearch/clean.py", "from reissue.survey import verdicts", "Cleaning and showing judge nothing"),
        ("reissue/build/build.py", "from reissue.answers import counts", "Only the entry point reads answers"),
        ("iucresearch/notebook.py", "from iucresearch import edition", "Only the entry point knows the edition"),
    ],
)
def test_a_forbidden_import_is_named(project: Project, module: str, planted: str, contract: str) -> None:
    path = project.root / "src" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{planted}\n", encoding="utf-8")
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), done.stdout


def test_a_new_part_of_the_machinery_needs_a_place_in_the_layers(project: Project) -> None:
    part = project.root / "src" / "reissue" / "somewhere"
    part.mkdir()
    (part / "__init__.py").write_text("", encoding="utf-8")
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 1
    assert "reissue.somewhere" in done.stdout
