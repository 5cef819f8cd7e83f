"""A copy of the project: what runs there, how it fails, how it is ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reissue.review import checkout
from reissue.review.checkout import Copy, Failed
from tests.reissue.build.mini import Mini


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("copies")
    return Copy(folder / "a copy (zwölf)", Mini(folder / "mini").root)


def test_it_imports_its_own_source(copy: Copy) -> None:
    assert copy.python("-c", "import iucresearch; print(iucresearch.__file__)").startswith(str(copy.root))


def test_the_last_words_of_what_fails_are_passed_on(copy: Copy) -> None:
    with pytest.raises(Failed, match=r"^python\S* -c .* ended with 1: ValueError: no$"):
        copy.python("-c", "raise ValueError('no')")
    with pytest.raises(Failed, match=r"ended with 2: .*No rule to make target"):
        copy.make("nothing")
    with pytest.raises(Failed, match=r"ended with 2: no room$"):
        copy.run("sh", "-c", "echo 'no room' >&2; echo 'make: *** [report] Error 1' >&2; exit 2")


def test_what_the_caller_told_make_is_not_for_the_copy(
    tmp_path: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("VARIANT", "SURVEY", "LOCALE", "ONLY", "SCHEDULER", "EXHIBIT", "SOURCE", "MAKELEVEL", "MFLAGS")
    for name in told:
        monkeypatch.setenv(name, "1")
    assert not {*told} & Copy(tmp_path / "copy", copy.root).variables.keys()


def test_a_variable_that_is_given_counts(copy: Copy) -> None:
    assert copy.python("-c", "import os; print(os.environ['TZ'])", TZ="Asia/Tokyo") == "Asia/Tokyo\n"


def test_programs_run_within_what_it_was_made_with(tmp_path: Path, copy: Copy) -> None:
    within = Copy(tmp_path / "copy", copy.root, within=("env", "WITHIN=yes"))
    assert within.python("-c", "import os; print(os.environ['WITHIN'])") == "yes\n"


def test_files_are_made_under_the_umask_that_is_asked_for(tmp_path: Path, copy: Copy) -> None:
    private = Copy(tmp_path / "copy", copy.root, umask=0o077)
    private.run("touch", "secret")
    assert (private.root / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("deaf", [False, True])
def test_what_runs_is_ended_with_what_it_started(copy: Copy, monkeypatch: pytest.MonkeyPatch, deaf: bool) -> None:
    program = "import signal, subprocess\n" + deaf * "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    # Another one than the other's: both may be tried at once.
    seconds = "986" if deaf else "987"
    program += f"subprocess.run(['sleep', '{seconds}'])"
    ended = []

    def work() -> None:
        try:
            copy.python("-c", program)
        except SystemExit:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    while not _running(f"sleep\0{seconds}"):
        time.sleep(0.02)
    monkeypatch.setattr(checkout, "_ended", threading.Event())
    checkout.end_all()
    thread.join(10)
    assert ended == [True]
    assert not _running(f"sleep\0{seconds}")


def test_who_is_interrupted_ends_what_it_waits_for(copy: Copy) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom reissue.review import checkout\n"
        "copy = checkout.Copy(Path(sys.argv[1]), Path(sys.argv[2]))\nprint('ready', flush=True)\n"
        "try:\n    copy.run('sleep', '985')\nexcept KeyboardInterrupt:\n    print('interrupted')"
    )
    place = copy.root.with_name("of another process")
    command = [sys.executable, "-c", code, str(place), str(copy.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        while not _running("sleep\x00985"):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "interrupted\n"
    assert not _running("sleep\x00985")


def test_nothing_is_started_once_all_were_ended(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "_ended", threading.Event())
    checkout.end_all()
    with pytest.raises(SystemExit):
        copy.run("touch", "begun")
    assert not (copy.root / "begun").exists()


def _running(command: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_text().startswith(command):
                found.append(path.parent.name)
        except OSError:
            continue
    return found
