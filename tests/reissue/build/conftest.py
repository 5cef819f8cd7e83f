"""Fixtures of the pipeline's tests: the small project, fresh and built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import FAULT, WHOLE, Project, once
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import Trials, find_left, reasons, report


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
    """Trials of faults: a plain `make report` then gives the same report and leaves nothing, also in its `TMPDIR`."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    @contextmanager
    def check(fault: str, project: Project, like: Project) -> Iterator[None]:
        record_property(FAULT, fault)
        yield
        report(project)
        assert_same(tree(project.root), tree(like.root))
        assert reasons(project) == {}
        assert find_left(project.root) == []
        assert list(temporary.iterdir()) == []
        record_property(WHOLE, fault)

    return check
