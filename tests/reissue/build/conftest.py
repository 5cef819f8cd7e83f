"""Fixtures of the pipeline's tests: the small project, fresh and built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import once
from tests.reissue.build.mini import Mini, copied
from tests.reissue.build.trials import Trials


@pytest.fixture(scope="session")
def built_mini(shared: Path) -> Mini:
    """The small project built; made once for all workers. Do not change it."""

    def make(project: Mini) -> None:
        done = project.make("report")
        assert done.returncode == 0, done.stdout + done.stderr

    return once(shared, "built_mini", make, Mini, Mini)


@pytest.fixture
def fresh(built_mini: Mini, tmp_path: Path) -> Mini:
    """The source of `built_mini`, never built, in a folder whose path has spaces and non-ASCII letters."""
    return copied(built_mini, tmp_path / "a fólder  of Ω", built=False)


@pytest.fixture
def ready(built_mini: Mini, tmp_path: Path) -> Mini:
    """A copy of `built_mini`, up to date."""
    return copied(built_mini, tmp_path / "ready")


@pytest.fixture
def trial(record_property: Callable[[str, object], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trials:
    """Trials of faults; their programs have a folder of their own for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    return Trials(record_property, temporary)
