"""One run of a review: its conditions, its target and its error; the builds are stand-ins."""

from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.build.kernels import forking
from reissue.core import paths
from reissue.review import rerun as module
from reissue.review.checkout import CommandError
from reissue.review.rerun import CONDITIONS, open_review_folder, rerun
from reissue.review.sandbox import Sandbox

CLOSED = Sandbox(True, "closed for a test")
Asked = list[tuple[tuple[str, ...], int, str, dict[str, str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What each copy has to do: within which command, under which umask, the target, the variables."""
    asked: Asked = []

    class Copy:
        def __init__(self, root: Path, *, within: tuple[str, ...] = (), umask: int = -1) -> None:
            self.root, self.within, self.umask = root, within, umask
            self.reports, self.processed = root / "reports", root / "processed"

        def make(self, target: str, **variables: str) -> None:
            asked.append((self.within, self.umask, target, variables))
            if len(asked) > 1:
                raise CommandError("make ended with 2", f"iucresearch: {self.root}/reports: no room.")

    monkeypatch.setattr(module, "Copy", Copy)
    return asked


def test_both_runs_are_confined_to_their_folders_and_their_conditions_differ(tmp_path: Path, asked: Asked) -> None:
    first, second = (rerun(EDITION, tmp_path, conditions, CLOSED) for conditions in CONDITIONS)
    folders = [tmp_path / conditions.folder for conditions in CONDITIONS]
    assert asked == [
        (CLOSED.confine(folders[0]), 0o022, "report", {}),
        (CLOSED.confine(folders[1]), 0o077, "report", {forking.VARIABLE: "0"}),
    ]
    assert first.error == ""
    assert second.error == "./reports: no room.", "the review names no folder of this machine"
    assert " " in folders[1].name
    assert not folders[1].name.isascii()


def test_one_exhibit_alone_is_built_by_its_file(tmp_path: Path, asked: Asked) -> None:
    for only in ("figure-6", "table-2"):
        rerun(EDITION, tmp_path, CONDITIONS[0], CLOSED, only)
    assert [one[2] for one in asked] == ["reports/figures/figure-6.csv", "reports/tables/table-2.csv"]


def test_the_folders_of_this_and_of_killed_reviews_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setattr(paths, "keep_to_own_cache", lambda: None)
    (tmp_path / "review-old" / "first").mkdir(parents=True)
    with open_review_folder() as root:
        assert [path for path in tmp_path.iterdir() if path.is_dir()] == [root]
        (root / "first").mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["review.lock"]
