"""Make decides what is stale: what is run, and what is not."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from iucresearch.exhibits import EXHIBITS
from reissue.build.order import read_order
from tests.conftest import Project
from tests.reissue.build.mini import Mini, assert_same, copied, ran, tree
from tests.reissue.build.trials import NOTHING, one_line, planned, report, restore

ALL = ["01_clean", "04_survey", "05_outlook"]
PRODUCTS = {
    "reports/figures/figure-6.svg": ["01_clean", "04_survey"],
    "reports/tables/table-2.csv": ["01_clean", "05_outlook"],
    "data/processed/pairings.csv": ["01_clean"],
    "reports/executed/04_survey.ipynb": ["01_clean", "04_survey"],
    "reports/html/05_outlook.html": ["01_clean", "05_outlook"],
}


def touch(path: Path) -> None:
    """Change a file's time as an editor does that saves it."""
    os.utime(path)


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

    @pytest.mark.parametrize("file", ["src/iucresearch/style.py", "src/reissue/build/run.py", "requirements.lock"])
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

    @pytest.mark.parametrize("file", ["templates/page/page.css", "templates/page.html", "build/export.py"])
    def test_what_only_pages_are_made_of_runs_no_notebook(self, ready: Mini, file: str) -> None:
        touch(ready.root / "src" / "reissue" / file)
        assert planned(ready) == []
        assert "--export" in ready.make("-n", "report").stdout

    def test_new_style_reaches_every_page(self, ready: Mini) -> None:
        with (ready.root / "src" / "reissue" / "templates" / "page" / "page.css").open("a") as style:
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
    def test_one_of_another_build_is_not_taken_for_it(self, ready: Mini) -> None:
        done = ready.make("reports/figures/figure-6.svg", "LOCALE=es")
        assert done.returncode == 2
        said = "With VARIANT, SURVEY or LOCALE ask for reports/builds/published-es/figures/figure-6.svg.\n"
        assert said in done.stderr

    def test_in_another_folder_make_says_so(self, ready: Mini, tmp_path: Path) -> None:
        done = ready.run("make", "-C", str(tmp_path), "-f", str(ready.root / "Makefile"), "report")
        assert done.returncode == 2
        assert "run make in the project's own folder" in done.stderr

    def test_from_nothing_it_runs_what_it_needs(self, fresh: Mini) -> None:
        assert {product: planned(fresh, product) for product in PRODUCTS} == PRODUCTS

    @pytest.mark.build
    def test_several_at_once_run_each_notebook_once_and_make_no_report(self, fresh: Mini, built_mini: Mini) -> None:
        done = fresh.make("-j4", *PRODUCTS)
        assert (done.returncode, done.stderr) == (0, "")
        assert sorted(ran(done.stdout)) == ALL
        for product in PRODUCTS:
            assert (fresh.root / product).read_bytes() == (built_mini.root / product).read_bytes()
        assert not (fresh.root / "reports" / "index.html").exists()

    def test_deleted_its_notebook_is_run_again(self, ready: Mini, built_mini: Mini) -> None:
        for product, needs in PRODUCTS.items():
            (ready.root / product).unlink()
            assert planned(ready, product) == ([] if "/html/" in product else needs[-1:])
            done = ready.make(product)
            assert (done.returncode, done.stderr) == (0, "")
            assert (ready.root / product).read_bytes() == (built_mini.root / product).read_bytes()
            restore(ready, built_mini)

    def test_up_to_date_it_does_nothing_and_says_so(self, ready: Mini) -> None:
        before = {path: path.stat().st_mtime_ns for path in ready.root.rglob("*")}
        for product in PRODUCTS:
            done = ready.make(product)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout in (
                f"Nothing to do: {product} is up to date.\n",
                f"make: '{product}' is up to date.\n",
                f"make: Nothing to be done for '{product}'.\n",
            )
        assert {path: path.stat().st_mtime_ns for path in ready.root.rglob("*")} == before

    @pytest.mark.build
    def test_a_report_after_one_product_runs_the_others(self, fresh: Mini, built_mini: Mini) -> None:
        done = fresh.make("reports/figures/figure-6.svg")
        assert ran(done.stdout) == ["01_clean", "04_survey"]
        assert not (fresh.root / "reports" / "index.html").exists()
        assert report(fresh) == ["05_outlook"]
        assert_same(tree(fresh.root), tree(built_mini.root))

    def test_one_that_was_edited_is_made_again(self, ready: Mini) -> None:
        product = ready.root / "reports" / "figures" / "figure-6.svg"
        before = product.read_bytes()
        product.write_text("other")
        assert ran(ready.make("reports/figures/figure-6.svg").stdout) == ["04_survey"]
        assert product.read_bytes() == before

    def test_the_notebook_of_each_exhibit_is_the_registrys(self, project: Project) -> None:
        for item in EXHIBITS:
            folder, kind = ("figures", "svg") if item.is_picture else ("tables", "csv")
            needs = read_order().needs[item.notebook]
            assert planned(project, f"reports/{folder}/{item.id}.{kind}") == [*needs, item.notebook]

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


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("VARIENT=eu", "VARIANT"),
        ("variant=eu", "VARIANT"),
        ("SURVY=x.xlsx", "SURVEY"),
        ("LANG=es", ""),
        ("Q=$$(x)", ""),
    ],
)
def test_a_variable_that_make_does_not_know_is_refused(ready: Mini, typed: str, nearest: str) -> None:
    done = ready.make("report", typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"Unknown variable {typed.partition('=')[0]}." in done.stderr
    assert f"Did you mean {nearest}?" in done.stderr if nearest else "Did you mean" not in done.stderr
    assert "Expected one of VARIANT LOCALE SURVEY" in done.stderr


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
        targets = [line.split()[0] for line in listed if line.split()[0] not in ("help", "clean", "install", "lock")]
        touch(ready.root / "notebooks" / "05_outlook.ipynb")
        lines = ready.make("-n", "-W", "requirements.lock", *targets, "SOURCE=x", "SURVEY=").stdout.splitlines()
        started = [line for line in lines if ".venv/bin/" in line]
        assert len(started) >= len(targets)
        assert [line for line in started if not re.match(r"(\w+=\S+ )?exec ", line)] == []

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
        assert command.split()[:5] == ["exec", ".venv/bin/python", "-m", "iucresearch", "report"]
