"""Each fault is reported in one line, and once it is removed a plain `make report` gives the same report."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, ran, tree
from tests.reissue.build.trials import (
    Trials,
    building,
    one_line,
    ordinary,
    reasons,
    restore,
    together,
    truncate,
)

pytestmark = pytest.mark.faults
ALL = ["01_clean", "04_survey", "05_outlook"]
#: How many cases of a kind `make test` tries; `make test-faults` tries all.
SAMPLE = 1 if TRIALS == 1 else None

#: What is done to a file of a build, and which notebooks then are stale.
HARMS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "run truncated": (lambda root: truncate(root / "reports/.made/04_survey.ipynb"), ["04_survey"]),
    "executed notebook deleted": (lambda root: (root / "reports/executed/04_survey.ipynb").unlink(), []),
    "data edited": (lambda root: (root / "data/processed/pairings.csv").write_text("id\nb\n"), ["01_clean"]),
    "data deleted": (lambda root: (root / "data/processed/pairings.csv").unlink(), ["01_clean"]),
    "all data deleted": (lambda root: shutil.rmtree(root / "data/processed"), ALL),
    "figure deleted": (lambda root: (root / "reports/figures/figure-6.svg").unlink(), ["04_survey"]),
    "figure emptied": (lambda root: (root / "reports/figures/figure-6.png").write_bytes(b""), ["04_survey"]),
    "page deleted": (lambda root: (root / "reports/html/05_outlook.html").unlink(), []),
    "page truncated": (lambda root: truncate(root / "reports/html/05_outlook.html"), []),
    "report truncated": (lambda root: truncate(root / "reports/index.html"), []),
    "report deleted": (lambda root: (root / "reports/index.html").unlink(), []),
    "crate truncated": (lambda root: truncate(root / "reports/ro-crate-metadata.json"), []),
    "record deleted": (lambda root: (root / "reports/.made/04_survey.json").unlink(), ["04_survey"]),
    "record truncated": (lambda root: truncate(root / "reports/.made/04_survey.json"), ["04_survey"]),
    "record of pages truncated": (lambda root: truncate(root / "reports/.made/pages.json"), []),
    "all deleted": (lambda root: shutil.rmtree(root / "reports"), ALL),
}


class TestHarmedFiles:
    def test_each_is_noticed(self, ready: Mini, built_mini: Mini) -> None:
        for name, (harm, rerun) in HARMS.items():
            harm(ready.root)
            stale = reasons(ready)
            assert [step for step in stale if step != "pages"] == rerun, name
            assert stale, name
            restore(ready, built_mini)

    @pytest.mark.parametrize("harms", together(HARMS))
    def test_a_report_mends(self, trial: Trials, ready: Mini, built_mini: Mini, harms: list[str]) -> None:
        with trial("a file of the build truncated, edited or deleted", ready, built_mini):
            for name in harms:
                # Another harm may have removed the file that this one would change.
                with contextlib.suppress(FileNotFoundError):
                    HARMS[name][0](ready.root)
            assert tree(ready.root) != tree(built_mini.root)

    @pytest.mark.build
    def test_a_missing_raw_file_is_named(self, built: Project, tmp_path: Path) -> None:
        project = copied(built, tmp_path / "project")
        raw, aside = project.root / "data" / "raw" / "pilots.csv", tmp_path / "pilots.csv"
        raw.rename(aside)
        assert "data/raw/pilots.csv: there is no such file" in one_line(project.make("data/processed/pilots.csv"))
        assert_same(tree(project.root), tree(built.root))
        aside.rename(raw)
        assert reasons(project) == {}


#: What a cell does, and the line that reports it.
CELLS = {
    "ends the kernel": ("import os; os._exit(1)", "04_survey, cell 5: DeadKernelError: Kernel died."),
    "raises": ("1 / 0", "04_survey, cell 5: ZeroDivisionError: division by zero."),
    "hangs": (
        "import time; time.sleep(300)",
        "04_survey, cell 5: took longer than 2 s: REISSUE_TIMEOUT=4 would allow more.",
    ),
    "prints 100 MB": (
        "print('x' * 10**8)",
        "04_survey, cell 5: TooMuchOutput: a page holds 20 MB of output at most.",
    ),
}


@pytest.mark.parametrize("does", list(CELLS)[:SAMPLE])
def test_a_cell_that(trial: Trials, ready: Mini, built_mini: Mini, does: str) -> None:
    """It is one line; earlier notebooks are kept, and what earlier cells have made is not published."""
    cleaning, survey = (ready.root / "notebooks" / f"{stem}.ipynb" for stem in ("01_clean", "04_survey"))
    before = {path: path.read_text() for path in (cleaning, survey)}
    cell, line = CELLS[does]
    with trial(f"a cell that {does}", ready, built_mini):
        survey.write_text(before[survey].replace(r"\"figure-6\", \"figures\"", r"\"figure-7\", \"figures\""))
        ready.add("04_survey", cell)
        ready.add("01_clean", "1 + 1")
        done = ready.make("report", REISSUE_TIMEOUT="2" if does == "hangs" else "")
        assert one_line(done) == (
            f"iucresearch: {line} Run a copy cell by cell with make lab; correct notebooks/04_survey.ipynb."
        )
        assert [step for step in reasons(ready) if step != "pages"] == ["04_survey"]
        for path, text in before.items():
            path.write_text(text)


DISK_IS_FULL = "No space left on device. Make room or change the permissions."


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """The beginning of a command that may mount something which no other process sees."""
    for options in ("-m", "-rm"):
        command = ["unshare", options]
        tried = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
        if tried.returncode == 0:
            return command
    pytest.skip("no small disk can be mounted here: it takes root, or user namespaces")


def report_on_small_disk(
    project: Project, namespace: list[str], folder: str, pages: int
) -> subprocess.CompletedProcess[str]:
    """Make a report with a folder on a disk of so many pages of 4 KB; then move its files to a larger disk."""
    place, kept = project.root / folder, project.root.with_name("kept")
    place.mkdir(exist_ok=True)
    script = (
        f'mount -t tmpfs -o size={4 * pages}k tmpfs "$1" && make -o .venv/installed report\n'
        'status=$?; cp -a "$1" "$2"; exit $status'
    )
    done = project.run(*namespace, "sh", "-c", script, "sh", str(place), str(kept))
    place.rmdir()
    kept.rename(place)
    return done


def pages_of(root: Path, *patterns: str) -> int:
    """Return how many pages of 4 KB the files take."""
    return sum(-(-path.stat().st_size // 4096) for pattern in patterns for path in (root / "reports").glob(pattern))


#: What is on the small disk and still fits on it, how many pages more, and what then fails.
RUNS = ("figures/*", "tables/*", ".made/0*")
PAGES = (*RUNS, "executed/*", "html/*", "index.html", "order.toml")
STAGES = {
    "a page": ("reports", (*RUNS, "executed/*"), 3, r"reports/html/\S+\.html"),
    "the first notebook": ("reports", (), 1, r"reports/\.made/01_clean\.(ipynb|json)"),
    "figures, tables and notebooks": ("reports", (".made/01*",), 3, r"reports/(figures|tables|\.made)/\S+"),
    "the whole report": ("reports", (*RUNS, "executed/*", "html/*"), 1, r"reports/index\.html"),
    "the crate": ("reports", PAGES, 1, r"reports/ro-crate-metadata\.json"),
    "the record of pages": ("reports", (*PAGES, "ro-crate-metadata.json"), 0, r"reports/\.made/pages\.json"),
    "the cache": (".cache", (), 1, ".*"),
    "a kernel's files": (".cache", (), 4, ".*"),
    "processed data": ("data/processed", (), 1, ".*"),
}


class TestFullDisk:
    @pytest.mark.parametrize("stage", list(STAGES)[:SAMPLE])
    def test_it_is_one_line(
        self, trial: Trials, fresh: Mini, built_mini: Mini, namespace: list[str], stage: str
    ) -> None:
        folder, fits, more, fails = STAGES[stage]
        with trial(f"a full disk: {folder}", fresh, built_mini):
            shutil.rmtree(fresh.root / folder, ignore_errors=True)
            done = report_on_small_disk(fresh, namespace, folder, pages_of(built_mini.root, *fits) + more)
            assert re.fullmatch(rf"iucresearch: {fails}: {re.escape(DISK_IS_FULL)}", one_line(done))
            made, expected = tree(fresh.root), tree(built_mini.root)
            assert_same(made, {name: expected[name] for name in made})

    def test_the_old_report_stays(self, trial: Trials, ready: Mini, built_mini: Mini) -> None:
        with trial("a full disk: the old report stays", ready, built_mini):
            style = ready.root / "src" / "reissue" / "templates" / "page" / "page.css"
            before = style.read_text()
            style.write_text(f"{before}/* new */")
            # A limit of 8 KB on the size of files: only the whole report is larger.
            done = ready.run("bash", "-c", "ulimit -f 8; exec make -o .venv/installed report")
            assert re.match(r"iucresearch: reports/\S+: File too large\. Make room", one_line(done))
            style.write_text(before)


class TestCannotWrite:
    @pytest.mark.parametrize("folder", ["reports/figures", ".cache", ".", "data", "reports"][:SAMPLE])
    def test_a_folder_without_permission_is_one_line(
        self, trial: Trials, fresh: Mini, built_mini: Mini, folder: str
    ) -> None:
        with trial("no permission to write", fresh, built_mini):
            place = fresh.root / folder
            if folder == ".":
                shutil.rmtree(fresh.root / ".cache", ignore_errors=True)
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o555)
            done = fresh.run(*ordinary(), "make", "-o", ".venv/installed", "report")
            place.chmod(0o755)
            line = one_line(done)
            assert line.startswith(f"iucresearch: {folder.removeprefix('.') and f'{folder}/'}")
            assert line.endswith("Permission denied. Make room or change the permissions.")


@pytest.mark.build
def test_two_reports_at_once_both_succeed(trial: Trials, fresh: Mini, built_mini: Mini) -> None:
    with trial("two reports at once", fresh, built_mini):
        with building(fresh) as first, building(fresh) as second:
            printed = [make.communicate(timeout=120) for make in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0]
        assert [errors for _, errors in printed] == ["", ""]
        assert sum("Another build is running; waiting for it to end." in output for output, _ in printed) == 1


@pytest.mark.build
def test_an_odd_folder_a_home_that_cannot_be_written_and_no_git(
    trial: Trials, new_mini: Callable[[str], Mini], built_mini: Mini, tmp_path: Path
) -> None:
    project, home, programs = new_mini("a fólder  of Ω"), tmp_path / "home", tmp_path / "programs"
    home.mkdir(mode=0o555)
    programs.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*"):
            if not program.name.startswith("git") and not (programs / program.name).exists():
                (programs / program.name).symlink_to(program)
    assert shutil.which("git", path=programs) is None
    with trial("a path with spaces and non-ASCII letters, a home that cannot be written, no git", project, built_mini):
        command = [*ordinary(), "make", "-o", ".venv/installed", "report"]
        done = project.run(*command, HOME=str(home), PATH=str(programs))
        assert (done.returncode, done.stderr, ran(done.stdout)) == (0, "", ALL)
        assert list(home.iterdir()) == []
        assert '"commit": null' in (project.root / "reports" / "build.json").read_text()
