"""Briefs are the same here and on a cluster; one that fails stops no other; a lost worker loses none."""

import itertools
import json
import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import distributed
import nbformat
import psutil
import pytest

from iucresearch.edition import EDITION
from reissue import cli
from reissue.build import briefs
from reissue.build.briefs import Inputs, make_brief, open_executor, render_briefs
from reissue.build.order import Order
from reissue.build.provenance_panel import hash_source
from reissue.core import language, paths
from reissue.core.errors import InputError
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import copied
from tests.reissue.build.trials import building, inside, wait_until


@pytest.fixture(autouse=True)
def _own_cache() -> None:
    paths.keep_to_own_cache()


def small(*cells: str) -> Inputs:
    """Return inputs whose brief is a heading, its parameter and some cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Brief of {pairings}", id="head"),
        nbformat.v4.new_code_cell('name: str = ""', id="name", metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate(cells)),
    ]
    fields = [{"name": "name", "type": "string"}, {"name": "value", "type": "string"}]
    table = {"name": "values", "path": "values.csv", "schema": {"fields": fields}}
    files = {
        "brief.ipynb": nbformat.writes(notebook).encode(),
        "processed/datapackage.json": json.dumps({"resources": [table]}).encode(),
        "processed/values.csv": b"name,value\npairings,20\n",
    }
    return Inputs(EDITION, files, [("Configuration", "small")], hash_source(EDITION.package), Order({}, ()))


CELLS = (
    "import os",
    "print(f'This is {name}.', sorted(os.listdir(os.environ['REISSUE_PROCESSED'])))",
    "if name == 'bad': raise ValueError('no such thing')",
    "if name == 'dead': os._exit(3)",
)


def render(inputs: Inputs, names: list[str]) -> dict[str, str | Exception]:
    with ThreadPoolExecutor(3) as pool:
        return dict(render_briefs(inputs, names, pool))


def test_a_brief_is_a_function_of_inputs_and_name() -> None:
    inputs = small(*CELLS)
    first = make_brief(inputs, "alpha")
    assert first == make_brief(small(*CELLS), "alpha")
    assert "This is alpha." in first
    assert "<title>Brief of 20</title>" in first
    assert make_brief(inputs, "beta") == first.replace("alpha", "beta")


def test_a_brief_reads_its_inputs_and_nothing_of_this_checkout_and_its_name_is_text() -> None:
    cell = "import os\nprint(*(os.path.relpath(os.environ[f'REISSUE_{name}']) for name in ('PROCESSED', 'RAW')))"
    name = "x'); import os; print('ran'); ('<script>alert(1)</script>"
    page = make_brief(small(cell, "print(os.path.relpath('.', os.environ['IPYTHONDIR']))"), name)
    assert "processed raw\n" in page
    assert re.search(r"run-brief-\w+\n", page), "it runs in the folder of its inputs"
    assert "<script>" not in page
    assert "ran\n" not in page


def test_a_brief_that_fails_stops_no_other_and_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(briefs, "_find_scratch_folder", lambda: tmp_path)
    found = render(small(*CELLS), ["a", "bad", "dead", "b"])
    assert "This is a." in str(found["a"])
    assert "This is b." in str(found["b"])
    assert isinstance(found["bad"], InputError)
    assert str(found["bad"]).startswith("bad: brief, cell 4: ValueError: no such thing")
    assert str(found["dead"]).startswith("dead: brief, cell 5: DeadKernelError")
    assert list(tmp_path.iterdir()) == []


def test_another_version_of_the_package_is_refused() -> None:
    with pytest.raises(InputError, match=r"another version of iucresearch: .*Expected 0{16}. Install"):
        make_brief(replace(small("1"), code="0" * 16), "x")


def test_its_language_is_that_of_the_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(language.VARIABLE, "pt")
    inputs = small(f"import os\nprint('speaks', os.environ['{language.VARIABLE}'])")
    with ThreadPoolExecutor(3) as pool:
        pages = pool.map(lambda locale: make_brief(replace(inputs, locale=locale), "x"), language.languages())
    for locale, page in zip(language.languages(), pages, strict=True):
        assert f'<html lang="{locale}">' in page
        assert f"speaks {locale}" in page
    assert language.current_language() == "pt"


class TestCommand:
    """`make briefs`, as a person types it."""

    def test_what_is_missing_is_made_again_and_one_that_fails_stops_no_other(
        self, with_briefs: Project, tmp_path: Path
    ) -> None:
        project = copied(with_briefs, tmp_path / "briefs")
        folder = project.root / "reports" / "briefs"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert len(before) == 4
        assert all(f'href="{name}"'.encode() in before["index.html"] for name in before if name != "index.html")
        assert project.make("briefs").stdout == "Nothing to do: reports/briefs/index.html is up to date.\n"
        (folder / "peru.html").unlink()
        (folder / "atlantis.html").touch()
        assert project.make("briefs", "ONLY=peru").stdout == "Written: 1 of 1 briefs, in reports/briefs\n"
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {**before, "atlantis.html": b""}
        project.replace("notebooks/brief.ipynb", "read_tables()\\n", "read_tables(); assert name != 'peru'\\n")
        failed = project.command("briefs")
        assert (failed.returncode, failed.stdout) == (1, "Written: 2 of 3 briefs, in reports/briefs\n")
        assert failed.stderr.startswith("iucresearch: peru: peru: brief, cell ")
        assert failed.stderr.count("\n") == 1
        assert {path.name for path in folder.iterdir()} == set(before) - {"peru.html"}

    @pytest.mark.parametrize(
        ("arguments", "line"),
        [
            (["--only", "argentine"], "Take one of the nearest: argentina"),
            (["--scheduler", "nonsense"], "SCHEDULER: no scheduler answers at 'nonsense'. Expected an address such as"),
        ],
    )
    def test_a_mistake_is_one_line_and_2(
        self, built: Project, arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with inside(built):
            assert cli.call(EDITION, ["briefs", *arguments]) == 2
        errors = capsys.readouterr().err
        assert line in errors
        assert errors.count("\n") == 1
        assert not list((built.root / "reports").glob("briefs/*"))

    def test_an_interruption_is_one_line_and_removes_no_page(self, built: Project, tmp_path: Path) -> None:
        project = copied(built, tmp_path / "project")
        pages = project.root / "reports" / "briefs"
        pages.mkdir()
        (pages / "austria.html").write_text("old")
        with building(project, sys.executable, "-m", "iucresearch", "briefs") as process:
            wait_until(lambda: any((project.root / ".cache").glob("run-brief-*")))
            time.sleep(0.7)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (130, "iucresearch: interrupted; briefs that were written stay.\n")
        assert not list((project.root / ".cache").glob("run-*"))
        texts = [page.read_text() for page in pages.iterdir()]
        assert (pages / "austria.html").exists()
        assert all(text == "old" or text.endswith("</html>\n") for text in texts)


@pytest.mark.faults
def test_on_a_cluster_pages_are_the_same_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Dask's workers are processes, each with its own parent of kernels; no kernel is left."""
    inputs = small("import time; time.sleep(0.05)", *CELLS[:-1])
    names = [*(f"n-{number}" for number in range(5 if TRIALS == 1 else 200)), "bad"]
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path),
        silence_logs=100,
    ) as cluster:
        with open_executor(inputs, cluster.scheduler_address) as (executor, sent):
            running = render_briefs(sent, names, executor)
            there = dict(itertools.islice(running, len(names) // 4))
            victim = next(iter(cluster.workers.values()))
            os.kill(victim.pid, signal.SIGKILL)
            there |= dict(running)
        pids = [worker.pid for worker in cluster.workers.values()]
    here = render(inputs, names)
    assert {name: str(page) for name, page in here.items()} == {name: str(page) for name, page in there.items()}
    time.sleep(1)
    commands = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    parents = [command.split() for command in commands if "parent.py" in command]
    assert [command for command in parents if {*command} & {*map(str, pids)}] == []
