"""Briefs are made alike here and on a cluster; one that fails fails alone; a lost worker loses nothing."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import distributed
import nbformat
import pytest

from iucresearch.edition import EDITION
from reissue.build import batch
from reissue.build import briefs as command
from reissue.build.batch import Inputs, check_slugs, make_brief, render_briefs
from reissue.build.kernels import forking
from reissue.build.provenance_panel import hash_source
from reissue.core import language, paths
from reissue.core.errors import InputError
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import assert_same, copied


@pytest.fixture(autouse=True)
def _own_cache() -> None:
    paths.keep_to_own_cache()


def small(*cells: str) -> Inputs:
    """Return inputs whose brief is one heading, its parameter and some cells."""
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
    return Inputs(EDITION, files, [("Configuration", "small")], hash_source(EDITION.package))


WITHIN = (
    "import os",
    "print(f'This is {name}.', sorted(os.listdir(os.environ['REISSUE_PROCESSED'])))",
    "if name == 'bad': raise ValueError('no such thing')",
)


def test_who_leaves_takes_the_folders_of_this_process_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "_FOLDERS", {})
    monkeypatch.setattr(batch, "_leaving", threading.Event())
    monkeypatch.setattr(batch, "_scratch", lambda: tmp_path)
    make_brief(small("print('made')"), "one")
    assert [path.name[:7] for path in tmp_path.iterdir()] == ["briefs-"]
    batch.discard()
    with pytest.raises(InterruptedError):
        make_brief(small("print('made')"), "two")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.7] if TRIALS == 1 else [0, 0.7, 2])
def test_interrupted_it_says_one_line_and_takes_no_page_away(built: Project, tmp_path: Path, seconds: float) -> None:
    project = copied(built, tmp_path / "project")
    pages = project.root / "reports" / "briefs"
    pages.mkdir()
    (pages / "austria.html").write_text("old")
    with subprocess.Popen(
        [sys.executable, "-m", "iucresearch", "briefs"],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": str(project.root / "src")},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not list((project.root / ".cache").glob("briefs-*")):
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "iucresearch: interrupted; briefs that were written stay.\n")
    assert not list((project.root / ".cache").glob("brief*"))
    assert (pages / "austria.html").exists()
    assert all(text == "old" or text.endswith("</html>\n") for text in (page.read_text() for page in pages.iterdir()))


def made(inputs: Inputs, names: list[str], workers: int = 3) -> dict[str, str | Exception]:
    with ThreadPoolExecutor(workers) as pool:
        return dict(render_briefs(inputs, names, pool))


def test_a_brief_is_a_function_of_inputs_and_name() -> None:
    inputs = small(*WITHIN)
    first = make_brief(inputs, "alpha")
    assert first == make_brief(small(*WITHIN), "alpha")
    assert "This is alpha." in first
    assert "<title>Brief of 20</title>" in first
    assert make_brief(inputs, "beta") == first.replace("alpha", "beta")


def test_it_reads_what_it_is_sent_and_nothing_of_this_checkout() -> None:
    page = make_brief(
        small("import os\nprint(os.getcwd(), os.environ['REISSUE_PROCESSED'], os.environ['REISSUE_RAW'])"), "x"
    )
    assert str(paths.ROOT) not in page.replace(os.environ["JUPYTER_RUNTIME_DIR"], "")


def test_a_name_is_text() -> None:
    name = "x'); import os; print('ran'); ('<script>alert(1)</script>"
    page = make_brief(small("name"), name)
    assert "<script>" not in page
    assert "ran\n" not in page


def test_one_that_fails_fails_alone_and_is_named() -> None:
    found = made(small(*WITHIN), ["a", "bad", "b"])
    assert "This is a." in str(found["a"])
    assert "This is b." in str(found["b"])
    assert isinstance(found["bad"], InputError)
    assert str(found["bad"]).startswith("bad: brief, cell 4: ValueError: no such thing")


def test_a_kernel_that_dies_fails_alone() -> None:
    found = made(small("import os\nif name == 'bad': os._exit(3)", "print(name)"), ["a", "bad", "b"])
    assert isinstance(found["bad"], InputError)
    assert [name for name, page in found.items() if isinstance(page, Exception)] == ["bad"]


def test_another_version_of_the_package_is_refused() -> None:
    inputs = small("1")
    other = Inputs(EDITION, inputs.files, inputs.panel, "0" * 16)
    with pytest.raises(InputError, match=r"this worker's iucresearch is .*expected 0{16}. install the same version"):
        make_brief(other, "x")


def test_its_language_is_the_inputs_whatever_the_process_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(language.VARIABLE, "pt")
    inputs = small(f"import os\nprint('speaks', os.environ['{language.VARIABLE}'])")
    with ThreadPoolExecutor(3) as pool:
        made_ = pool.map(lambda locale: make_brief(replace(inputs, locale=locale), "x"), language.languages())
        pages = dict(zip(language.languages(), made_, strict=True))
    for locale, page in pages.items():
        assert f'<html lang="{locale}">' in page
        assert f"speaks {locale}" in page
    assert language.current_language() == "pt"


def test_the_key_changes_with_every_part() -> None:
    inputs = small("1")
    others = [
        Inputs(
            EDITION, {**inputs.files, "processed/values.csv": b"name,value\npairings,21\n"}, inputs.panel, inputs.code
        ),
        Inputs(EDITION, {**inputs.files, "raw/x": b""}, inputs.panel, inputs.code),
        Inputs(EDITION, inputs.files, [("Configuration", "lac")], inputs.code),
        Inputs(EDITION, inputs.files, inputs.panel, "0" * 16),
        replace(inputs, locale="es"),
    ]
    assert len({one.key for one in [inputs, *others]}) == 6
    assert small("1").key == inputs.key


@pytest.mark.parametrize("slug", ["", "../x", "a/b", "A", "é", "a b", "index", "-a", "a--b", "a\n", ".x", "con."])
def test_a_slug_that_is_no_name_of_a_file_is_refused(slug: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a brief"):
        check_slugs(["fine-1", slug])


def test_a_slug_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match="each once"):
        check_slugs(["a", "b", "a"])


def pages_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestCommand:
    """`make briefs`, as a person types it."""

    def test_all_are_made_then_there_is_nothing_to_do(self, with_briefs: Project) -> None:
        folder = with_briefs.root / "reports" / "briefs"
        assert len(list(folder.iterdir())) == 4
        index = (folder / "index.html").read_text()
        assert all(f'href="{path.name}"' in index for path in folder.iterdir() if path.name != "index.html")
        again = with_briefs.make("briefs")
        assert again.stdout == "Nothing to do: reports/briefs/index.html is up to date.\n"

    def test_what_is_missing_is_made_again_and_one_that_fails_fails_alone(
        self, with_briefs: Project, tmp_path: Path
    ) -> None:
        project = copied(with_briefs, tmp_path / "briefs")
        folder = project.root / "reports" / "briefs"
        before = pages_of(folder)
        (folder / "peru.html").unlink()
        (folder / "atlantis.html").touch()
        one = project.make("briefs", "ONLY=peru")
        assert one.stdout == "Written: 1 of 1 briefs, in reports/briefs\n"
        assert_same({**before, "atlantis.html": b""}, pages_of(folder))
        project.replace("notebooks/brief.ipynb", "read_tables()\\n", "read_tables(); assert name != 'peru'\\n")
        failed = project.command("briefs")
        assert failed.returncode == 1
        assert failed.stdout == "Written: 2 of 3 briefs, in reports/briefs\n"
        assert failed.stderr.startswith("iucresearch: peru: peru: brief, cell ")
        assert failed.stderr.count("\n") == 1
        assert sorted(pages_of(folder)) == sorted(set(before) - {"peru.html"})

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--only", "argentine"], "take one of the nearest: argentina"),
            (["--scheduler", "nonsense"], "SCHEDULER: no scheduler answers at 'nonsense'. expected an address such as"),
            (["--variant", "never-made"], "params/never-made.yaml: there is no such file"),
        ],
    )
    def test_a_mistake_is_one_line_and_2(self, built: Project, arguments: list[str], said: str) -> None:
        done = built.command("briefs", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
        assert not (built.root / "reports" / "briefs").exists()


@pytest.mark.faults
def test_on_a_cluster_pages_are_the_same_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Dask's workers are processes, each with a warm parent of its own; no kernel is left behind."""
    inputs = small("import time; time.sleep(0.05)", *WITHIN)
    names = [*(f"n-{number}" for number in range(5 if kernels_few() else 200)), "bad"]
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path),
        silence_logs=100,
    ) as cluster:
        with command._open_executor(inputs, cluster.scheduler_address) as (executor, sent):
            running = render_briefs(sent, names, executor)
            there = dict(itertools.islice(running, len(names) // 4))
            victim = next(iter(cluster.workers.values()))
            os.kill(victim.pid, signal.SIGKILL)
            there |= dict(running)
        pids = [worker.pid for worker in cluster.workers.values()]
    here = made(inputs, names)
    assert {name: str(page) for name, page in here.items()} == {name: str(page) for name, page in there.items()}
    time.sleep(1)
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"parent.py" in _read(path)]
    assert [path for path in left if any(f"\0{pid}\0".encode() in _read(path) for pid in pids)] == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def kernels_few() -> bool:
    return not forking.is_supported() or TRIALS == 1
