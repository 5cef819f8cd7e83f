"""One build at a time, in the project only; what killed builds left is removed, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from reissue.build.lock import check_place, hold_lock, lock_build, sweep_own
from reissue.core import files, paths
from reissue.core.errors import InputError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "restored afterwards")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(paths, "keep_to_own_cache", lambda: paths.CACHE.mkdir(exist_ok=True))
    return tmp_path


def there(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_killed_builds_left_is_removed_before_and_after(root: Path) -> None:
    left = {
        ".cache/run-1a2b/01_clean.ipynb",
        ".cache/matplotlib/fontlist.json.matplotlib-lock",
        f"reports/.index.html.0123abcd{files._SUFFIX}",
        f"data/processed/.pairings.csv.0123abcd{files._SUFFIX}",
    }
    kept = {"reports/index.html", "data/processed/pairings.csv", ".cache/matplotlib/fontlist.json"}

    def put() -> None:
        for name in left | kept:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()

    put()
    with lock_build(""):
        assert there(root) == kept | {".cache/build.lock"}
        put()
        sweep_own()
        assert there(root) == kept | {".cache/build.lock"}
        put()
    assert there(root) == kept | {".cache/build.lock"}
    put()
    sweep_own()
    assert left <= there(root), "what another build writes is not removed by one that has ended"


def test_a_second_one_says_that_it_waits_and_does(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came = threading.Event()

    def second() -> None:
        with hold_lock("a.lock", "Another one is running"):
            came.set()

    with hold_lock("a.lock", "Another one is running"):
        thread = threading.Thread(target=second)
        thread.start()
        assert not came.wait(0.3)
        assert capsys.readouterr().out == "Another one is running; waiting for it to end.\n"
    thread.join(10)
    assert came.is_set()


@pytest.mark.parametrize("name", ["../x", "lac/../..", "Lac", "lac\n"])
def test_an_invalid_name_of_a_build_is_refused(root: Path, name: str) -> None:
    with pytest.raises(InputError, match="invalid build name"), lock_build(name):
        pass


@pytest.mark.parametrize("link", ["reports", "reports/builds/lac", "reports/builds/lac/figures", "reports/builds"])
def test_a_build_writes_through_no_link(root: Path, tmp_path_factory: pytest.TempPathFactory, link: str) -> None:
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(InputError, match="this is a link"), lock_build("lac"):
        pass


def test_links_of_other_builds_are_theirs(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (root / "reports" / "builds").mkdir(parents=True)
    (root / "reports" / "builds" / "lac").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    check_place("")
