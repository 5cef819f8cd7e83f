"""What is stale is run, and nothing else: by content, whatever the clock says."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.build.configuration import Build
from reissue.build.products import find_notebooks
from tests.conftest import Project
from tests.reissue.build.mini import Mini, assert_same, copied, ran, tree
from tests.reissue.build.trials import NOTHING, one_line, planned, reasons, report, times

ALL = ["01_clean", "04_survey", "05_outlook"]
PRODUCTS = {
    "reports/figures/figure-6.svg": ["01_clean", "04_survey"],
    "reports/tables/table-2.csv": ["01_clean", "05_outlook"],
    "data/processed/pairings.csv": ALL,
    "reports/executed/04_survey.ipynb": ALL,
    "reports/html/05_outlook.html": ALL,
}


def append(path: Path, text: str) -> None:
    """Add text at the end of a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


class TestNothingToDo:
    def test_a_second_report_does_nothing_and_says_so(self, ready: Mini) -> None:
        before = times(ready.root)
        done = ready.make("report")
        assert (done.returncode, done.stdout, done.stderr) == (0, NOTHING, "")
        assert times(ready.root) == before

    def test_times_of_files_mean_nothing(self, ready: Mini) -> None:
        """As after `touch`, `git checkout` and back, or a clock that was set."""
        for number, path in enumerate(sorted(ready.root.rglob("*"))):
            os.utime(path, (number * 10_000_000, number * 10_000_000), follow_symlinks=False)
        assert report(ready) == []

    def test_files_that_no_notebook_reads_mean_nothing(self, ready: Mini) -> None:
        (ready.root / "src" / "iucresearch" / "new.py").write_text("1 / 0")
        (ready.root / "params" / "new.yaml").write_text("side: EU\n")
        append(ready.root / "src" / "iucresearch" / "explore.py", "# new\n")
        append(ready.root / "src" / "reissue" / "review" / "compare.py", "# new\n")
        (ready.root / "src" / "iucresearch" / "__pycache__" / "new.cpython-399.pyc").write_bytes(b"")
        assert report(ready) == []


class TestStale:
    @pytest.mark.build
    def test_a_notebook_is_run_alone_and_every_page_written(self, ready: Mini) -> None:
        ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
        done = ready.make("report")
        assert re.search(r"^  05_outlook +[0-9.]+ s  notebooks/05_outlook.ipynb changed$", done.stdout, re.M)
        assert ran(done.stdout) == ["05_outlook"]
        for page in ("html/05_outlook.html", "index.html"):
            assert "Prospects" in (ready.root / "reports" / page).read_text()
        assert report(ready) == []
        # Pages of other notebooks show the new hash.
        afresh = copied(ready, ready.root.with_name("afresh"), built=False)
        report(afresh)
        assert_same(tree(ready.root), tree(afresh.root))

    def test_it_is_said_what_changed(self, ready: Mini) -> None:
        append(ready.root / "data" / "raw" / "swot.csv", "\n")
        (ready.root / "data" / "raw" / "new.csv").write_text("a\n")
        assert reasons(ready)["01_clean"] == "data/raw/swot.csv changed; names in data/raw changed"
        shutil.rmtree(ready.root / "data" / "raw")
        assert "data/raw/actions.csv changed; data/raw/boxes.csv changed" in reasons(ready)["01_clean"]

    @pytest.mark.parametrize("file", ["src/mini.py", "src/reissue/build/run.py", "requirements.lock"])
    def test_what_every_notebook_runs_on_makes_every_notebook_stale(self, ready: Mini, file: str) -> None:
        append(ready.root / file, "# new\n")
        assert planned(ready) == ALL

    def test_data_that_come_out_the_same_make_nothing_else_stale(self, ready: Mini) -> None:
        ready.add("01_clean", "1 + 1")
        assert report(ready) == ["01_clean"]

    def test_changed_data_and_a_new_style_are_followed_to_the_pages(self, ready: Mini) -> None:
        before = tree(ready.root)
        append(ready.root / "data" / "raw" / "swot.csv", "\n")
        append(ready.root / "src" / "reissue" / "templates" / "page" / "page.css", "/* new */")
        done = ready.make("report")
        assert ran(done.stdout) == ALL
        after = tree(ready.root)
        assert after["reports/figures/figure-6.csv"] != before["reports/figures/figure-6.csv"]
        for page in ("html/01_clean.html", "html/04_survey.html", "html/05_outlook.html", "index.html"):
            assert "/* new */" in (ready.root / "reports" / page).read_text()
        assert report(ready) == []

    @pytest.mark.parametrize("file", ["templates/page/page.css", "templates/page.html", "build/export.py"])
    def test_what_only_pages_are_made_of_runs_no_notebook(self, ready: Mini, file: str) -> None:
        append(ready.root / "src" / "reissue" / file, "# new\n" if file.endswith(".py") else "<!-- new -->")
        done = ready.make("report")
        assert done.stdout == f"  pages: {file} changed\nThe report is ready: reports/index.html\n"

    def test_a_notebook_saved_while_it_runs_is_run_again(self, ready: Mini) -> None:
        change = "p.write_text(p.read_text().replace('# Out', '# In'))"
        cell = f"from pathlib import Path\np = Path('05_outlook.ipynb')\n{change}"
        ready.add("05_outlook", cell)
        assert report(ready) == ["05_outlook"]
        assert planned(ready) == ["05_outlook"]

    def test_recorded_outputs_make_nothing_stale(self, ready: Mini) -> None:
        path = ready.root / "notebooks" / "05_outlook.ipynb"
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"execution_count": 7, "outputs": []}
        path.write_text(json.dumps(notebook))
        assert report(ready) == []

    def test_a_notebook_that_is_gone_is_named(self, ready: Mini) -> None:
        (ready.root / "notebooks" / "05_outlook.ipynb").unlink()
        line = one_line(ready.make("report"))
        assert "notebooks/05_outlook.ipynb: there is no such file" in line
        assert "restore it" in line

    def test_what_a_notebook_makes_no_more_is_removed(self, ready: Mini) -> None:
        ready.replace("notebooks/04_survey.ipynb", r"\"svg\", \"png\"", r"\"svg\"")
        assert report(ready) == ["04_survey"]
        assert not (ready.root / "reports" / "figures" / "figure-6.png").exists()


class TestWhy:
    def test_it_shows_what_a_notebook_was_made_from_and_what_changed(self, ready: Mini) -> None:
        done = ready.command("why", "04_survey")
        assert done.stdout.startswith("04_survey is up to date.\nIt was made from\n")
        assert {"  data/processed/values.csv", "  notebooks/04_survey.ipynb", "  src/mini.py"} <= {
            *done.stdout.split("\n")
        }
        append(ready.root / "src" / "mini.py", "# new\n")
        assert ready.command("why", "04_survey").stdout.startswith("04_survey is stale: src/mini.py changed\n")
        assert "src/reissue/build/export.py" in ready.command("why", "pages").stdout
        assert "there is no notebook '99_none'" in one_line(ready.command("why", "99_none"))

    def test_before_it_was_made_it_says_so(self, fresh: Mini) -> None:
        assert fresh.command("why", "04_survey").stdout == "04_survey was not made yet.\n"


class TestOneProduct:
    def test_one_of_another_build_is_not_taken_for_it(self, ready: Mini) -> None:
        line = one_line(ready.make("reports/figures/figure-6.svg", "LOCALE=es"))
        assert "reports/figures/figure-6.svg: this is not a file of the build that is asked for" in line
        assert "expected a path in reports/builds/published-es" in line

    @pytest.mark.parametrize("product", ["reports/../Makefile", "reports/builds/lac/index.html"])
    def test_none_beside_the_build_is_made(self, ready: Mini, product: str) -> None:
        assert f"{product}: this is not a file of the build" in one_line(ready.command("report", product))

    def test_in_another_folder_make_says_so(self, ready: Mini, tmp_path: Path) -> None:
        done = ready.run("make", "-C", str(tmp_path), "-f", str(ready.root / "Makefile"), "report")
        assert done.returncode == 2
        assert "run make in the project's own folder" in done.stderr

    def test_from_nothing_it_runs_what_it_needs(self, fresh: Mini) -> None:
        assert {product: planned(fresh, product) for product in PRODUCTS} == PRODUCTS

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

    def test_deleted_or_edited_its_notebook_is_run_again(self, ready: Mini, built_mini: Mini) -> None:
        table, figure = (ready.root / "reports" / name for name in ("tables/table-2.csv", "figures/figure-6.svg"))
        table.unlink()
        figure.write_text("other")
        assert reasons(ready) == {
            "04_survey": "reports/figures/figure-6.svg was altered",
            "05_outlook": "reports/tables/table-2.csv is missing",
        }
        done = ready.make(*(path.relative_to(ready.root).as_posix() for path in (table, figure)))
        assert (done.returncode, done.stderr, ran(done.stdout)) == (0, "", ["04_survey", "05_outlook"])
        assert_same(tree(ready.root), tree(built_mini.root))

    def test_up_to_date_it_does_nothing_and_says_so(self, ready: Mini) -> None:
        before = times(ready.root)
        done = ready.make(*PRODUCTS)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [f"Nothing to do: {product} is up to date." for product in PRODUCTS]
        assert times(ready.root) == before

    def test_the_notebook_of_each_exhibit_is_the_registrys(self) -> None:
        for item in EDITION.exhibits:
            folder, kind = ("figures", "svg") if item.is_picture else ("tables", "csv")
            assert find_notebooks(
                Build(EDITION, "never-built"), f"reports/builds/never-built/{folder}/{item.id}.{kind}"
            ) == [item.notebook]

    def test_what_is_no_exhibit_is_one_line(self, ready: Mini) -> None:
        line = one_line(ready.make("reports/figures/figure-99.svg"))
        assert "reports/figures/figure-99.svg: there is no exhibit 'figure-99'" in line
        assert "figure-6" in line

    def test_a_file_that_no_notebook_makes_is_one_line(self, ready: Mini) -> None:
        for product in ("reports/figures/figure-6.pdf", "reports/survey/nothing.csv"):
            line = one_line(ready.make(product))
            assert line.startswith(f"iucresearch: {product}: no notebook makes this file")
            assert "reports/.made/*.json" in line


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
        append(ready.root / "params" / "lac.yaml", "rounding: half_up\n")
        assert reasons(ready, "report", "VARIANT=lac") == {
            "01_clean": "parameter rounding changed",
            "pages": "params/lac.yaml changed; parameters changed",
        }
        assert report(ready) == []
        (ready.root / "params" / "lac.yaml").unlink()
        assert "params/lac.yaml: there is no such file" in one_line(ready.make("report", "VARIANT=lac"))

    @pytest.mark.parametrize("name", ["../x", "a b", "LAC", "a\nb"])
    def test_a_name_that_is_none_is_one_line(self, project: Project, name: str) -> None:
        before = times(project.root)
        assert "VARIANT: " in (line := one_line(project.make("report", f"VARIANT={name}")))
        assert " is no name of a variant" in line
        assert times(project.root).keys() == before.keys()

    def test_one_that_is_not_there_is_one_line(self, project: Project) -> None:
        line = one_line(project.make("report", "VARIANT=nowhere"))
        assert "params/nowhere.yaml: there is no such file" in line
        assert "choose another variant: lac" in line
        assert not (project.root / "reports").exists()
        assert not (project.root / "data" / "processed").exists()


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


@pytest.mark.parametrize("typed", ["VARIENT=eu", "variant=eu", "SURVY=x.xlsx", "LANG=es", "Q=$$(x)"])
def test_a_variable_that_make_does_not_know_is_refused(ready: Mini, typed: str) -> None:
    done = ready.make("report", typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"Unknown variable {typed.partition('=')[0]}. Expected one of VARIANT LOCALE SURVEY" in done.stderr


@pytest.mark.parametrize("name", ["a #b", "a:b"])
def test_a_folder_in_which_nothing_can_be_installed_is_refused_first(project: Project, name: str) -> None:
    project.root = root = project.root.rename(project.root.with_name(name))
    shutil.rmtree(root / ".venv")
    before = sorted(root.rglob("*"))
    # Were it not refused, no Python would install anything all the same.
    done = project.run("make", "PYTHON=false", "report")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'Nothing can be installed in a folder with ":" or " #" in its path. Rename or move' in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(root.rglob("*")) == before


class TestMakefile:
    def test_each_recipe_becomes_its_program(self, ready: Mini) -> None:
        """Make passes SIGTERM on to what it runs: a shell in between would end, and leave the program running."""
        listed = ready.make("help").stdout.splitlines()
        others = {"help", "install", "lock", "lint", "report", "clean", "reports/..."}
        targets = {line.split()[0] for line in listed} - others
        lines = ready.make("-n", *sorted(targets), "SOURCE=x").stdout.splitlines()
        started = [line for line in lines if ".venv/bin/" in line]
        assert len(started) >= len(targets)
        assert [line for line in started if not re.match(r"(\w+=\S+ )?exec ", line)] == []

    def test_it_is_short_and_needs_no_make_newer_than_3_81(self, project: Project) -> None:
        text = (project.root / "Makefile").read_text()
        assert len(text.splitlines()) <= 100
        assert not re.search(r"^[^#\t\n]*&:", text, re.MULTILINE), "grouped targets are of Make 4.3"
        assert not re.search(r"\$\((file|guile|let|intcmp) |::=|!=|\.ONESHELL|\.EXTRA_PREREQS|^undefine ", text, re.M)
