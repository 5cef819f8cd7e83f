"""What is stale is run, and nothing else: by content, whatever the clock says."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.build.build import write_report
from reissue.build.configuration import Build
from reissue.build.lock import remove_builds
from reissue.build.products import explain, find_notebooks
from reissue.core import paths
from reissue.core.errors import InputError
from tests.reissue.build.mini import Mini, assert_same, ran, tree
from tests.reissue.build.trials import NOTHING, inside, one_line, planned, reasons, report, times

ALL = ["01_clean", "04_survey", "05_outlook"]
PRODUCTS = {
    "reports/figures/figure-6.svg": ["01_clean", "04_survey"],
    "reports/tables/table-2.csv": ["01_clean", "05_outlook"],
    "data/processed/pairings.csv": ALL,
    "reports/executed/04_survey.ipynb": ALL,
    "reports/html/05_outlook.html": ALL,
}


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


class TestNothingToDo:
    def test_a_second_report_or_product_does_nothing_and_says_so(self, built_mini: Mini) -> None:
        before = times(built_mini.root)
        done = built_mini.make("report")
        assert (done.returncode, done.stdout, done.stderr) == (0, NOTHING, "")
        done = built_mini.make(*PRODUCTS)
        assert done.stdout.splitlines() == [f"Nothing to do: {product} is up to date." for product in PRODUCTS]
        assert times(built_mini.root) == before

    def test_times_files_that_no_notebook_reads_and_recorded_outputs_mean_nothing(self, ready: Mini) -> None:
        (ready.root / "src" / "iucresearch" / "new.py").write_text("1 / 0")
        (ready.root / "params" / "new.yaml").write_text("side: EU\n")
        append(ready.root / "src" / "iucresearch" / "explore.py", "# new\n")
        append(ready.root / "src" / "reissue" / "review" / "compare.py", "# new\n")
        (ready.root / "src" / "iucresearch" / "__pycache__" / "new.cpython-399.pyc").write_bytes(b"")
        path = ready.root / "notebooks" / "05_outlook.ipynb"
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"execution_count": 7, "outputs": []}
        path.write_text(json.dumps(notebook))
        # As after `touch`, `git checkout` and back, or a clock that was set.
        for number, file in enumerate(sorted(ready.root.rglob("*"))):
            os.utime(file, (number * 10_000_000, number * 10_000_000), follow_symlinks=False)
        assert reasons(ready) == {}


class TestStale:
    def test_the_reasons_name_what_changed(self, ready: Mini) -> None:
        append(ready.root / "data" / "raw" / "swot.csv", "\n")
        (ready.root / "data" / "raw" / "new.csv").write_text("a\n")
        assert reasons(ready)["01_clean"] == "data/raw/swot.csv changed; names in data/raw changed"
        (ready.root / "reports" / "tables" / "table-2.csv").unlink()
        (ready.root / "reports" / "figures" / "figure-6.svg").write_text("other")
        assert reasons(ready)["04_survey"] == "reports/figures/figure-6.svg was altered"
        assert reasons(ready)["05_outlook"] == "reports/tables/table-2.csv is missing"
        shutil.rmtree(ready.root / "data" / "raw")
        assert "data/raw/actions.csv changed; data/raw/boxes.csv changed" in reasons(ready)["01_clean"]

    def test_what_every_notebook_runs_on_makes_every_notebook_stale_and_what_pages_are_made_of_none(
        self, ready: Mini
    ) -> None:
        every = ("src/mini.py", "src/reissue/build/run.py", "requirements.lock")
        pages = ("templates/page/page.css", "templates/page.html", "build/export.py")
        for file in (*every, *(f"src/reissue/{name}" for name in pages)):
            before = (ready.root / file).read_text(encoding="utf-8")
            append(ready.root / file, "# new\n")
            if file in every:
                assert planned(ready) == ALL, file
            else:
                assert reasons(ready) == {"pages": f"{file.removeprefix('src/reissue/')} changed"}
            (ready.root / file).write_text(before, encoding="utf-8")

    @pytest.mark.build
    def test_a_changed_notebook_is_run_alone_and_again_if_it_was_saved_meanwhile(self, ready: Mini) -> None:
        ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
        # Data that come out the same make nothing else stale.
        ready.add("01_clean", "1 + 1")
        change = "p.write_text(p.read_text().replace('# Pro', '# Re'))"
        ready.add("05_outlook", f"from pathlib import Path\np = Path('05_outlook.ipynb')\n{change}")
        done = ready.make("report")
        assert re.search(r"^  05_outlook +[0-9.]+ s  notebooks/05_outlook.ipynb changed$", done.stdout, re.MULTILINE)
        assert ran(done.stdout) == ["01_clean", "05_outlook"]
        for page in ("html/05_outlook.html", "index.html"):
            assert "Prospects" in (ready.root / "reports" / page).read_text()
        assert planned(ready) == ["05_outlook"]
        # Changed data and a new style are followed to the pages.
        before = tree(ready.root)
        append(ready.root / "data" / "raw" / "swot.csv", "\n")
        append(ready.root / "src" / "reissue" / "templates" / "page" / "page.css", "/* new */")
        assert ran(ready.make("report").stdout) == ALL
        assert tree(ready.root)["reports/figures/figure-6.csv"] != before["reports/figures/figure-6.csv"]
        for page in ("html/01_clean.html", "html/04_survey.html", "html/05_outlook.html", "index.html"):
            assert "/* new */" in (ready.root / "reports" / page).read_text()

    def test_a_slot_without_a_value_and_a_missing_notebook_are_reported_before_anything_runs(self, ready: Mini) -> None:
        before = tree(ready.root)
        ready.replace("notebooks/04_survey.ipynb", "{pairings}", "{pairing}")
        line = r"^notebooks/04_survey\.ipynb, cell 04-00: slot 'pairing' is not filled\."
        with inside(ready), pytest.raises(InputError, match=line):
            write_report(Build(EDITION))
        ready.replace("notebooks/04_survey.ipynb", "{pairing}", "{pairings}")
        (ready.root / "notebooks" / "05_outlook.ipynb").unlink()
        with inside(ready), pytest.raises(InputError, match=r"05_outlook\.ipynb: there is no such file\. Restore it"):
            write_report(Build(EDITION))
        assert_same(tree(ready.root), before)


class TestWhy:
    def test_it_shows_what_a_notebook_was_made_from_and_what_changed(
        self, ready: Mini, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with inside(ready):
            explain(Build(EDITION), "04_survey")
            lines = capsys.readouterr().out.split("\n")
            assert lines[:2] == ["04_survey is up to date.", "It was made from"]
            assert {"  data/processed/values.csv", "  notebooks/04_survey.ipynb", "  src/mini.py"} <= {*lines}
            append(ready.root / "src" / "mini.py", "# new\n")
            explain(Build(EDITION), "04_survey")
            assert capsys.readouterr().out.startswith("04_survey is stale: src/mini.py changed\n")
            explain(Build(EDITION), "pages")
            assert "src/reissue/build/export.py" in capsys.readouterr().out
            with pytest.raises(InputError, match="there is no notebook '99_none'"):
                explain(Build(EDITION), "99_none")
            shutil.rmtree(ready.root / "reports")
            explain(Build(EDITION), "04_survey")
            assert capsys.readouterr().out == "04_survey was not made yet.\n"


class TestOneProduct:
    @pytest.mark.parametrize(
        ("name", "product", "line"),
        [
            (
                "",
                "reports/../Makefile",
                "this file does not belong to the requested build. Expected a path",
            ),
            ("", "reports/builds/lac/index.html", "this file does not belong to the requested build"),
            ("lac", "reports/index.html", "this file does not belong to the requested build. Expected a path in "),
            ("", "reports/figures/figure-99.svg", "there is no exhibit 'figure-99'"),
            (
                "",
                "reports/survey/nothing.csv",
                "no notebook makes this file. Expected a file that reports/.made/",
            ),
        ],
    )
    def test_a_file_that_nothing_makes_is_one_line(self, built_mini: Mini, name: str, product: str, line: str) -> None:
        with inside(built_mini), pytest.raises(InputError) as error:
            find_notebooks(Build(EDITION, name), product)
        assert str(error.value).startswith(f"{product}: {line}")

    def test_in_another_folder_make_says_so(self, built_mini: Mini, tmp_path: Path) -> None:
        done = built_mini.run("make", "-C", str(tmp_path), "-f", str(built_mini.root / "Makefile"), "report")
        assert done.returncode == 2
        assert "run make in the project's own folder" in done.stderr

    def test_from_nothing_it_plans_what_it_needs_and_a_dry_run_prints_the_plan(self, fresh: Mini) -> None:
        assert {product: planned(fresh, product) for product in PRODUCTS} == PRODUCTS
        done = fresh.make("-n", "reports/figures/figure-6.svg")
        assert (done.returncode, done.stderr) == (0, "")
        assert "  01_clean: not run before\n  04_survey: not run before\nWhat reads changed tables" in done.stdout
        assert not (fresh.root / "reports").exists()

    @pytest.mark.build
    def test_several_run_each_notebook_once_and_a_report_the_others(self, fresh: Mini, built_mini: Mini) -> None:
        first = ["reports/figures/figure-6.svg", "reports/figures/figure-6.csv", "data/processed/pairings.csv"]
        done = fresh.make("-j4", *first)
        assert (done.returncode, done.stderr) == (0, "")
        assert ran(done.stdout) == ["01_clean", "04_survey"]
        for product in first:
            assert (fresh.root / product).read_bytes() == (built_mini.root / product).read_bytes()
        assert not (fresh.root / "reports" / "index.html").exists()
        assert report(fresh, "-j4") == ["05_outlook"]
        assert_same(tree(fresh.root), tree(built_mini.root))

    def test_the_notebook_of_each_exhibit_is_the_registrys(self) -> None:
        for item in EDITION.exhibits:
            folder, kind = ("figures", "svg") if item.is_picture else ("tables", "csv")
            product = f"reports/builds/never-built/{folder}/{item.id}.{kind}"
            assert find_notebooks(Build(EDITION, "never-built"), product) == [item.notebook]


class TestVariant:
    @pytest.mark.build
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
        assert reasons(ready, variant="lac") == reasons(ready) == {}
        append(ready.root / "params" / "lac.yaml", "rounding: half_up\n")
        assert reasons(ready, variant="lac") == {
            "01_clean": "parameter rounding changed",
            "pages": "params/lac.yaml changed; parameters changed",
        }
        assert reasons(ready) == {}

    def test_a_wrong_name_is_one_line(self, built_mini: Mini) -> None:
        before = times(built_mini.root)
        assert r"VARIANT: invalid variant name 'a\nb'" in one_line(built_mini.make("report", "VARIANT=a\nb"))
        assert times(built_mini.root) == before


def test_clean_removes_what_builds_make_and_nothing_else(ready: Mini, fresh: Mini) -> None:
    (ready.root / "reports" / "published").mkdir()
    (ready.root / "reports" / "published" / "kept.csv").write_text("kept")
    raw = {path: path.stat().st_mtime_ns for path in (ready.root / "data" / "raw").rglob("*")}
    with inside(ready):
        assert remove_builds() == 0
    assert tree(ready.root) == {"reports/published/kept.csv": b"kept"}
    assert not (ready.root / "reports" / "build.json").exists()
    assert not (ready.root / "data" / "processed").exists()
    assert {path: path.stat().st_mtime_ns for path in (ready.root / "data" / "raw").rglob("*")} == raw
    source = {path.relative_to(fresh.root) for path in fresh.root.rglob("*") if path.is_file()}
    assert source - {path.relative_to(ready.root) for path in ready.root.rglob("*")} == set()


class TestMakefile:
    @pytest.mark.parametrize("typed", ["variant=eu", "LANG=es", "Q=$$(x)"])
    def test_an_unknown_variable_is_refused(self, built_mini: Mini, typed: str) -> None:
        done = built_mini.make("report", typed)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert f"Unknown variable {typed.partition('=')[0]}. Expected one of VARIANT LOCALE SURVEY" in done.stderr

    @pytest.mark.parametrize("name", ["a #b", "a:b"])
    def test_a_folder_in_which_nothing_can_be_installed_is_refused_first(
        self, built_mini: Mini, tmp_path: Path, name: str
    ) -> None:
        root = tmp_path / name
        shutil.copytree(paths.ROOT / "tools", root / "tools")
        shutil.copy(paths.ROOT / "Makefile", root)
        before = sorted(root.rglob("*"))
        # If it were not refused, no Python would install anything all the same.
        done = built_mini.run("make", "--no-print-directory", "-C", str(root), "PYTHON=false", "report")
        assert (done.returncode, done.stdout) == (2, "")
        assert 'Nothing can be installed in a folder with ":" or " #" in its path. Rename or move' in done.stderr
        assert done.stderr.count("\n") == 1
        assert sorted(root.rglob("*")) == before

    def test_each_recipe_becomes_its_program(self, built_mini: Mini) -> None:
        """Make passes SIGTERM on to what it runs: a shell in between would end, and leave the program running."""
        listed = built_mini.make("help").stdout.splitlines()
        others = {"help", "install", "lock", "lint", "report", "clean", "reports/..."}
        targets = {line.split()[0] for line in listed} - others
        lines = built_mini.make("-n", *sorted(targets), "SOURCE=x").stdout.splitlines()
        started = [line for line in lines if ".venv/bin/" in line]
        assert len(started) >= len(targets)
        assert [line for line in started if not re.match(r"(\w+=\S+ )?exec ", line)] == []

    def test_it_is_short_and_needs_no_make_newer_than_3_81(self) -> None:
        text = (paths.ROOT / "Makefile").read_text()
        assert len(text.splitlines()) <= 100
        assert not re.search(r"^[^#\t\n]*&:", text, re.MULTILINE), "grouped targets are of Make 4.3"
        assert not re.search(r"\$\((file|guile|let|intcmp) |::=|!=|\.ONESHELL|\.EXTRA_PREREQS|^undefine ", text, re.M)
