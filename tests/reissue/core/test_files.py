import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from reissue.core import files
from reissue.core.files import replace_file, sweep, write_bytes, write_text


def test_a_file_is_written_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    write_text(path, "é\r\n\n")
    assert path.read_bytes() == b"\xc3\xa9\r\n\n"
    assert [p.name for p in path.parent.iterdir()] == ["c.txt"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_the_umask_decides_who_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_bytes(tmp_path / "a", b"new")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


def failing(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace", "fdopen"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, step, failing(error))
    with pytest.raises(type(error)) as raised:
        write_bytes(path, b"new")
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"old"}
    if isinstance(raised.value, OSError):
        assert raised.value.filename == str(path)


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    seen = []
    replace = os.replace

    def watched(source: str, target: Path) -> None:
        seen.append((path.read_bytes(), Path(source).read_bytes(), Path(source).parent == path.parent))
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", watched)
    write_bytes(path, b"new")
    assert seen == [(b"old", b"new", True)]


def test_an_error_names_the_file_that_was_wanted(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("in the way")
    with pytest.raises(NotADirectoryError) as error:
        write_bytes(tmp_path / "a" / "b" / "c", b"new")
    assert error.value.filename == str(tmp_path / "a" / "b" / "c")
    (tmp_path / "d").mkdir()
    with pytest.raises(IsADirectoryError) as other:
        write_bytes(tmp_path / "d", b"new")
    assert (other.value.filename, other.value.filename2) == (str(tmp_path / "d"), None)
    with pytest.raises(FileNotFoundError) as raised, replace_file(tmp_path / "e") as file:
        file.write((tmp_path / "absent").read_bytes())
    assert raised.value.filename == str(tmp_path / "absent"), "an error in the block names its own file"
    with pytest.raises(OSError, match="full") as full, replace_file(tmp_path / "e"):
        raise OSError(28, "full")
    assert full.value.filename == str(tmp_path / "e")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "d"]


def test_sweeping_removes_only_the_files_of_killed_writers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ["a.part", ".hidden", "x.csv"]
    for name in kept:
        (tmp_path / name).write_text("kept")
    # A killed writer does not clean up.
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    monkeypatch.setattr(files.os, "replace", failing(KeyboardInterrupt()))
    for path in (tmp_path / "x.csv", tmp_path / "below" / "y.svg"):
        with pytest.raises(KeyboardInterrupt):
            write_bytes(path, b"new")
    monkeypatch.undo()
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 5
    sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)
    sweep(tmp_path / "not there")


def test_what_a_disk_refuses_is_described_with_a_remedy() -> None:
    room, place = "Make room or change the permissions.", "Move away what is in its place."
    remedies = {errno.ENOSPC: room, errno.EACCES: room, errno.EISDIR: place, errno.EEXIST: place}
    for number, remedy in remedies.items():
        assert files.describe_refusal(OSError(number, "No", "reports/a")) == f"reports/a: No. {remedy}"
