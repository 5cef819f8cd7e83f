"""Make decides what is stale, and whatever happened to a build, plain `make report` mends it."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from iucresearch.exhibits import EXHIBITS
from iucresearch.pipeline.order import read_order
from tests.conftest import TRIALS, Project
from tests.pipeline.mini import Mini, assert_same, copied, ran, tree

ALL = ["01_clean", "04_survey", "05_outlook"]
PRODUCTS = {
    "reports/figures/figure-6.svg": ["01_clean", "04_survey"],
    "reports/tables/table-2.csv": ["01_clean", "05_outlook"],
    "data/processed/pairings.csv": ["01_clean"],
    "reports/executed/04_survey.ipynb": ["01_clean", "04_survey"],
    "reports/html/05_outlook.html": ["01_clean", "05_outlook"],
}
READY = "The report is ready: reports/index.html\n"
NOTHING = "Nothing to do: reports/index.html is up to date.\n"


def report(project: Project, *arguments: str) -> list[str]:
    """Make the report, which must succeed, and return the notebooks that were run."""
    done = project.make("report", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith((READY, NOTHING))
    return ran(done.stdout)


def touch(path: Path) -> None:
    """Change a file's time as an editor does that saves it."""
    os.utime(path)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failing make says, without Make's own closing one."""
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not re.match(r"make: \*\*\* \[.*Error \d+$", line)]
    assert len(said) == 1, done.stderr
    assert done.stdout == ""
    return said[0]


class TestNothingToDo:
    def test_a_second_report_does_nothing_and_says_so(self, ready: Mini) -> None:
        before = {path: path.stat().st_mtime_ns for path in ready.root.rglob("*")}
        done = ready.make("report")
        assert (done.returncode, done.stdout, done.stderr) == (0, NOTHING, "")
        assert {path: path.stat().st_mtime_ns for path in ready.root.rglob("*")} == before

    def test_it_starts_no_python(self, ready: Mini) -> None:
        (ready.root / ".venv" / "bin" / "python").write_text("#!/bin/sh\necho started >&2\nexit 9\n")
        assert report(ready) == []

    def test_compiled_python_makes_nothing_stale(self, ready: Mini) -> None:
        for folder in (ready.root / "src" / "iucresearch", ready.root / "src" / "iucresearch" / "figures"):
            (folder / "__pycache__").mkdir(exist_ok=True)
            (folder / "__pycache__" / "new.cpython-399.pyc").write_bytes(b"")
        assert report(ready) == []


class TestStale:
    def test_a_notebook_is_run_alone_and_its_page_written(self, ready: Mini) -> None:
        ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
        assert report(ready) == ["05_outlook"]
        for page in ("html/05_outlook.html", "index.html"):
            assert "Prospects" in (ready.root / "reports" / page).read_text()
        assert report(ready) == []

    @pytest.mark.build
    def test_pages_of_other_notebooks_show_the_new_hash(self, ready: Mini) -> None:
        ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
        report(ready)
        afresh = copied(ready, ready.root.with_name("afresh"), built=False)
        report(afresh)
        assert_same(tree(ready.root), tree(afresh.root))

    @pytest.mark.parametrize(
        "file", ["data/raw/swot.csv", "data/raw/geography/places.csv", "notebooks/01_clean.ipynb", "notebooks/order.mk"]
    )
    def test_what_cleaning_reads_makes_everything_stale(self, ready: Mini, file: str) -> None:
        touch(ready.root / file)
        assert planned(ready) == ALL

    @pytest.mark.parametrize(
        "file", ["src/iucresearch/style.py", "src/iucresearch/pipeline/run.py", "requirements.lock"]
    )
    def test_what_notebooks_run_on_makes_everything_stale(self, ready: Mini, file: str) -> None:
        touch(ready.root / file)
        assert planned(ready) == ALL

    def test_a_raw_file_that_is_gone_makes_everything_stale(self, ready: Mini) -> None:
        (ready.root / "data" / "raw" / "swot.csv").unlink()
        assert planned(ready) == ALL

    def test_a_changed_raw_file_is_followed_to_the_pages(self, ready: Mini) -> None:
        before = tree(ready.root)
        with (ready.root / "data" / "raw" / "swot.csv").open("a") as file:
            file.write("\n")
        done = ready.make("report")
        assert ran(done.stdout) == ALL
        after = tree(ready.root)
        assert after["reports/figures/figure-6.csv"] != before["reports/figures/figure-6.csv"]
        assert report(ready) == []

    @pytest.mark.parametrize("file", ["pipeline/template/page.css", "templates/page.html", "pipeline/export.py"])
    def test_what_only_pages_are_made_of_runs_no_notebook(self, ready: Mini, file: str) -> None:
        touch(ready.root / "src" / "iucresearch" / file)
        assert planned(ready) == []
        assert "--export" in ready.make("-n", "report").stdout

    def test_new_style_reaches_every_page(self, ready: Mini) -> None:
        with (ready.root / "src" / "iucresearch" / "pipeline" / "template" / "page.css").open("a") as style:
            style.write("/* new */")
        assert report(ready) == []
        for page in ("html/01_clean.html", "html/04_survey.html", "html/05_outlook.html", "index.html"):
            assert "/* new */" in (ready.root / "reports" / page).read_text()
        assert ready.make("report").stdout == NOTHING

    def test_a_notebook_saved_while_it_runs_is_run_again(self, ready: Mini) -> None:
        ready.add("05_outlook", "import os\nos.utime('05_outlook.ipynb')")
        assert report(ready) == ["05_outlook"]
        assert planned(ready) == ["05_outlook"]

    def test_a_notebook_that_is_gone_is_named(self, ready: Mini) -> None:
        (ready.root / "notebooks" / "05_outlook.ipynb").unlink()
        line = one_line(ready.make("report"))
        assert "notebooks/05_outlook.ipynb: there is no such file" in line
        assert "restore it" in line


class TestOneProduct:
    @pytest.mark.build
    @pytest.mark.parametrize("product", PRODUCTS)
    def test_from_nothing_then_deleted_then_up_to_date(self, fresh: Mini, built_mini: Mini, product: str) -> None:
        done = fresh.make(product)
        assert (done.returncode, done.stderr) == (0, "")
        assert ran(done.stdout) == PRODUCTS[product]
        expected = (built_mini.root / product).read_bytes()
        assert (fresh.root / product).read_bytes() == expected
        assert not (fresh.root / "reports" / "index.html").exists()

        (fresh.root / product).unlink()
        again = fresh.make(product)
        assert (again.returncode, again.stderr) == (0, "")
        assert ran(again.stdout) == ([] if "/html/" in product else PRODUCTS[product][-1:])
        assert (fresh.root / product).read_bytes() == expected

        before = {path: path.stat().st_mtime_ns for path in fresh.root.rglob("*")}
        done = fresh.make(product)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout in (
            "",
            f"make: '{product}' is up to date.\n",
            f"make: Nothing to be done for '{product}'.\n",
        )
        assert {path: path.stat().st_mtime_ns for path in fresh.root.rglob("*")} == before

    @pytest.mark.build
    def test_a_report_after_one_product_runs_the_others(self, fresh: Mini, built_mini: Mini) -> None:
        fresh.make("reports/figures/figure-6.svg")
        assert report(fresh) == ["05_outlook"]
        assert_same(tree(fresh.root), tree(built_mini.root))

    def test_several_at_once_run_each_notebook_once(self, fresh: Mini) -> None:
        done = fresh.make("-j4", *PRODUCTS)
        assert (done.returncode, done.stderr) == (0, "")
        assert sorted(ran(done.stdout)) == ALL
        assert all((fresh.root / product).exists() for product in PRODUCTS)

    def test_one_that_was_edited_is_made_again(self, ready: Mini) -> None:
        product = ready.root / "reports" / "figures" / "figure-6.svg"
        before = product.read_bytes()
        product.write_text("other")
        assert ran(ready.make("reports/figures/figure-6.svg").stdout) == ["04_survey"]
        assert product.read_bytes() == before

    def test_the_notebook_of_each_exhibit_is_the_registrys(self, project: Project) -> None:
        for item in EXHIBITS:
            folder, kind = ("figures", "svg") if item.is_picture else ("tables", "csv")
            assert planned(project, f"reports/{folder}/{item.id}.{kind}") == ["01_clean", item.notebook]

    @pytest.mark.parametrize("product", ["reports/figures/figure-99.svg", "reports/tables/nothing.csv"])
    def test_what_no_notebook_shows_is_one_line(self, project: Project, product: str) -> None:
        line = one_line(project.make(product))
        assert f"{product}: no notebook shows it" in line
        assert "exhibits.py" in line

    def test_a_file_that_a_notebook_does_not_make_is_one_line(self, ready: Mini) -> None:
        line = one_line(ready.make("reports/figures/figure-6.pdf"))
        assert line.startswith("reports/figures/figure-6.pdf: 04_survey makes no such file")
        assert "reports/.made/04_survey.mk" in line


@pytest.mark.build
def test_many_jobs_make_the_same_bytes(fresh: Mini, built_mini: Mini) -> None:
    assert report(fresh, "-j4") == ALL
    assert_same(tree(fresh.root), tree(built_mini.root))


@pytest.mark.build
def test_a_folder_with_a_space_and_an_accent_will_do(new_mini: Callable[[str], Mini], built_mini: Mini) -> None:
    project = new_mini("a fólder")
    assert report(project) == ALL
    assert_same(tree(project.root), tree(built_mini.root))
    assert report(project) == []


class TestVariant:
    def test_it_builds_apart_with_its_own_data(self, ready: Mini) -> None:
        before = tree(ready.root)
        done = ready.make("report", "VARIANT=lac")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("The report is ready: reports/builds/lac/index.html\n")
        assert ran(done.stdout) == ALL
        after = tree(ready.root)
        assert_same({name: after[name] for name in before}, before)
        assert {name.split("/")[2] for name in set(after) - set(before)} == {"lac"}
        build = ready.root / "reports" / "builds" / "lac"
        assert (build / "processed" / "values.csv").exists()
        assert ">LAC\n" in (build / "index.html").read_text()
        again = ready.make("report", "VARIANT=lac")
        assert again.stdout == "Nothing to do: reports/builds/lac/index.html is up to date.\n"
        touch(ready.root / "params" / "lac.yaml")
        assert planned(ready, "report", "VARIANT=lac") == ALL
        assert report(ready) == []

    @pytest.mark.parametrize(
        "name", ["../x", "a b", "LAC", "lac.yaml", "a/b", "é", "a;b", "a'b", "a%b", "a#b", "a:b", "~", "a\nb"]
    )
    def test_a_name_that_is_none_is_one_line(self, project: Project, name: str) -> None:
        before = sorted(project.root.rglob("*"))
        done = project.make("report", f"VARIANT={name}")
        assert done.returncode == 2
        assert " is no name of a variant" in " ".join(done.stderr.split())
        assert len(done.stderr.splitlines()) == 1 + name.count("\n")
        assert sorted(project.root.rglob("*")) == before

    def test_one_that_is_not_there_is_one_line(self, project: Project) -> None:
        line = one_line(project.make("report", "VARIANT=nowhere"))
        assert "params/nowhere.yaml: there is no such file" in line
        assert "choose another variant: lac" in line
        assert not (project.root / "reports").exists()
        assert not (project.root / "data" / "processed").exists()

    def test_one_whose_file_went_is_told_although_it_is_built(self, ready: Mini) -> None:
        ready.make("report", "VARIANT=lac")
        (ready.root / "params" / "lac.yaml").unlink()
        assert "params/lac.yaml: there is no such file" in one_line(ready.make("report", "VARIANT=lac"))


class TestMending:
    @pytest.mark.parametrize(
        ("harm", "rerun"),
        [
            (lambda root: truncate(root / "reports/executed/04_survey.ipynb"), ["04_survey"]),
            (lambda root: (root / "reports/executed/04_survey.ipynb").unlink(), ["04_survey"]),
            (lambda root: (root / "data/processed/pairings.csv").write_text("id\nb\n"), ALL),
            (lambda root: (root / "data/processed/pairings.csv").unlink(), ALL),
            (lambda root: shutil.rmtree(root / "data/processed"), ALL),
            (lambda root: (root / "reports/figures/figure-6.svg").unlink(), ["04_survey"]),
            (lambda root: (root / "reports/figures/figure-6.png").write_bytes(b""), ["04_survey"]),
            (lambda root: (root / "reports/html/05_outlook.html").unlink(), []),
            (lambda root: truncate(root / "reports/html/05_outlook.html"), []),
            (lambda root: truncate(root / "reports/index.html"), []),
            (lambda root: (root / "reports/index.html").unlink(), []),
            (lambda root: (root / "reports/.made/04_survey.mk").unlink(), ["04_survey"]),
            (lambda root: truncate(root / "reports/.made/04_survey.mk"), ["04_survey"]),
            (lambda root: shutil.rmtree(root / "reports"), ALL),
        ],
        ids=[
            "executed notebook truncated",
            "executed notebook deleted",
            "data edited",
            "data deleted",
            "all data deleted",
            "figure deleted",
            "figure emptied",
            "page deleted",
            "page truncated",
            "report truncated",
            "report deleted",
            "list of files deleted",
            "list of files truncated",
            "all deleted",
        ],
    )
    def test_a_report_mends(
        self, ready: Mini, built_mini: Mini, harm: Callable[[Path], None], rerun: list[str]
    ) -> None:
        harm(ready.root)
        assert report(ready) == rerun
        assert_same(tree(ready.root), tree(built_mini.root))
        assert report(ready) == []


STAGES: dict[str, Callable[[Path], bool]] = {
    "start": lambda root: (root / ".cache" / "build.lock").exists(),
    "first kernel": lambda root: any((root / ".cache").glob("run-01*")),
    "second notebook": lambda root: (root / "reports" / ".made" / "01_clean.mk").exists(),
    "third notebook": lambda root: any((root / ".cache").glob("run-05*")),
    "pages": lambda root: (root / "reports" / "html" / "01_clean.html").exists(),
}


class TestInterrupted:
    """The runner ends in the midst of a build; the next build leaves the same files as an undisturbed one."""

    @pytest.mark.build
    @pytest.mark.parametrize(
        ("sent", "stage"),
        [
            *((signal.SIGKILL, stage) for stage in STAGES),
            *((sent, stage) for sent in (signal.SIGTERM, signal.SIGINT) for stage in ("first kernel", "pages")),
        ],
    )
    def test_the_next_report_is_whole(self, fresh: Mini, built_mini: Mini, sent: signal.Signals, stage: str) -> None:
        with building(fresh) as make:
            wait_until(lambda: STAGES[stage](fresh.root) or make.poll() is not None)
            for runner in processes(fresh.root, "iucresearch.pipeline"):
                os.kill(runner, sent)
            make.wait(timeout=60)
        if sent != signal.SIGKILL:
            assert not list((fresh.root / ".cache").glob("run-*"))
        wait_until(lambda: not processes(fresh.root))
        done = fresh.make("report")
        assert (done.returncode, done.stderr) == (0, "")
        assert_same(tree(fresh.root), tree(built_mini.root))
        assert not list((fresh.root / ".cache").glob("run-*"))
        assert report(fresh) == []

    @pytest.mark.faults
    @pytest.mark.build
    @pytest.mark.parametrize("seed", range(3 * TRIALS))
    def test_ends_at_once_whatever_it_imports(self, fresh: Mini, seed: int) -> None:
        moment = random.Random(seed).uniform(0, 0.9)
        with building(fresh) as make:
            wait_until(lambda: STAGES["start"](fresh.root) or make.poll() is not None)
            time.sleep(moment)
            for runner in processes(fresh.root, "iucresearch.pipeline"):
                os.kill(runner, signal.SIGTERM)
            # It takes less than two seconds; one that waits for a lock would never end.
            _, said = make.communicate(timeout=20)
        assert said.splitlines()[0] == "iucresearch: interrupted; the last finished report is untouched."
        assert not list((fresh.root / ".cache").glob("run-*"))
        wait_until(lambda: not processes(fresh.root))

    def test_ctrl_c_says_one_line(self, ready: Mini) -> None:
        ready.add("04_survey", "open('../begun', 'w').close()\nimport time\ntime.sleep(300)")
        with building(ready) as make:
            wait_until((ready.root / "begun").exists)
            os.killpg(make.pid, signal.SIGINT)
            _, said = make.communicate(timeout=60)
        assert said.splitlines()[0] == "iucresearch: interrupted; the last finished report is untouched."
        assert len(said.splitlines()) == 2
        wait_until(lambda: not processes(ready.root))

    def test_nor_does_it_say_more_while_python_starts(self, ready: Mini) -> None:
        module = ready.root / "src" / "iucresearch" / "pipeline" / "build.py"
        begun = "import os, signal, sys\nos.kill(os.getpid(), signal.SIGINT)\n"
        module.write_text(module.read_text().replace("import sys\n", begun, 1))
        done = ready.pipeline()
        assert (done.returncode, done.stdout) == (130, "")
        assert done.stderr == "iucresearch: interrupted; the last finished report is untouched.\n"

    def test_what_was_finished_is_not_run_again(self, fresh: Mini) -> None:
        with building(fresh) as make:
            wait_until(lambda: (fresh.root / "reports" / ".made" / "04_survey.mk").exists())
            for runner in processes(fresh.root, "iucresearch.pipeline"):
                os.kill(runner, signal.SIGKILL)
            make.wait(timeout=60)
        assert "01_clean" not in planned(fresh)
        assert "04_survey" not in planned(fresh)

    def test_what_a_killed_run_left_is_swept(self, ready: Mini) -> None:
        left = ready.root / ".cache" / "run-04_survey-abc"
        left.mkdir(parents=True)
        parts = [
            ready.root / "reports" / "figures" / ".figure-6.svg.abc.part",
            ready.root / "data" / "processed" / ".x.csv.abc.part",
        ]
        for part in parts:
            part.write_text("half")
        touch(ready.root / "notebooks" / "05_outlook.ipynb")
        assert report(ready) == ["05_outlook"]
        assert not left.exists()
        assert not any(part.exists() for part in parts)


class TestCannotWrite:
    def test_a_folder_without_permission_is_one_line(self, ready: Mini) -> None:
        before = tree(ready.root)
        folder = ready.root / "reports" / "figures"
        touch(ready.root / "notebooks" / "04_survey.ipynb")
        folder.chmod(0o555)
        # Root may write anywhere, unless this power is taken from it.
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        if drop and not shutil.which("setpriv"):
            pytest.skip("root may write anywhere, and setpriv is not here to take that power away")
        done = ready.run(*drop, "make", "-o", ".venv/installed", "report")
        folder.chmod(0o755)
        line = one_line(done)
        assert line.startswith("iucresearch: reports/figures/figure-6.")
        assert "Permission denied. Make room or change the permissions." in line
        assert_same(tree(ready.root), before)

    def test_a_full_disk_is_one_line_and_leaves_the_old_report(self, ready: Mini) -> None:
        before = tree(ready.root)
        touch(ready.root / "src" / "iucresearch" / "pipeline" / "template" / "page.css")
        # The limit of a file's size stands for the disk's: of all files the whole report alone is larger than 8 KB.
        done = ready.run("bash", "-c", "ulimit -f 8; exec make -o .venv/installed report")
        assert re.match(r"iucresearch: reports/\S+: File too large\. Make room", one_line(done))
        assert_same(tree(ready.root), before)
        assert report(ready) == []
        assert_same(tree(ready.root), before)

    def test_a_file_where_a_folder_should_be_is_one_line(self, fresh: Mini) -> None:
        (fresh.root / "reports").write_text("in the way")
        line = one_line(fresh.make("report"))
        assert line.startswith("iucresearch: ")
        assert (fresh.root / "reports").read_text() == "in the way"


@pytest.mark.build
def test_two_reports_at_once_both_succeed(fresh: Mini, built_mini: Mini) -> None:
    with building(fresh) as first, building(fresh) as second:
        said = [make.communicate(timeout=120) for make in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert [errors for _, errors in said] == ["", ""]
    assert sum("Another build is running" in output for output, _ in said) == 1
    assert_same(tree(fresh.root), tree(built_mini.root))
    assert not list((fresh.root / ".cache").glob("run-*"))


def test_clean_removes_what_builds_make_and_nothing_else(ready: Mini, fresh: Mini) -> None:
    (ready.root / "reports" / "published").mkdir()
    (ready.root / "reports" / "published" / "kept.csv").write_text("kept")
    raw = {path: path.stat().st_mtime_ns for path in (ready.root / "data" / "raw").rglob("*")}
    done = ready.make("clean")
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(ready.root) == {"reports/published/kept.csv": b"kept"}
    assert not (ready.root / "reports" / "build.json").exists()
    assert not (ready.root / "data" / "processed").exists()
    assert {path: path.stat().st_mtime_ns for path in (ready.root / "data" / "raw").rglob("*")} == raw
    source = {path.relative_to(fresh.root) for path in fresh.root.rglob("*") if path.is_file()}
    assert source - {path.relative_to(ready.root) for path in ready.root.rglob("*")} == set()


class TestMakefile:
    def text(self, project: Project) -> str:
        files = ("Makefile", "mk/environment.mk", "notebooks/order.mk")
        return "".join((project.root / name).read_text() for name in files)

    def test_it_needs_no_make_newer_than_3_81(self, project: Project) -> None:
        text = self.text(project)
        assert not re.search(r"^[^#\t\n]*&:", text, re.MULTILINE), "grouped targets are of Make 4.3"
        assert not re.search(r"\$\((file|guile|let|intcmp) |::=|!=|\.ONESHELL|\.EXTRA_PREREQS|^undefine ", text, re.M)

    def test_make_and_runner_read_the_same_order(self, project: Project) -> None:
        assert planned(project) == list(read_order().needs)

    def test_recipes_reach_a_runner_that_knows_their_options(self, ready: Mini) -> None:
        touch(ready.root / "notebooks" / "04_survey.ipynb")
        command = next(line for line in ready.make("-n", "report").stdout.splitlines() if "iucresearch" in line)
        assert command.split()[:3] == [".venv/bin/python", "-m", "iucresearch.pipeline"]


def planned(project: Project, *goals: str) -> list[str]:
    """Return the notebooks that Make would have run, in its order; nothing is run."""
    done = project.make("-n", *(goals or ("report",)))
    assert done.returncode == 0, done.stderr
    found = re.search(r"--run (.*?) *--export", done.stdout)
    return found[1].split() if found else []


def truncate(path: Path) -> None:
    """Cut a file in half, as an unlucky copy does."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@contextmanager
def building(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Start `make report` in a process group of its own; it is ended with all that it started."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment = {**kept, "PYTHONPATH": str(project.root / "src")}
    command = ["make", "-o", ".venv/installed", "report"]
    with subprocess.Popen(
        command,
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as make:
        try:
            yield make
        finally:
            if make.poll() is None:
                os.killpg(make.pid, signal.SIGKILL)


def processes(root: Path, word: str = "") -> list[int]:
    """Return the processes that work for a project and whose command holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"PYTHONPATH={root}/src".encode() in environment.split(b"\0") and word.encode() in command:
                found.append(int(entry.name))
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what must come; the limit is there for a test that would never end."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.002)
