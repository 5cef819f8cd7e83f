"""Notebooks are read, filled and run in kernels that show figures; each failure is one line."""

import getpass
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from markupsafe import escape
from nbclient import NotebookClient
from nbformat import NotebookNode

from iucresearch.edition import EDITION
from reissue.build.completion import fill_slots
from reissue.build.ipynb import read_notebook
from reissue.build.notebook_html import render_body
from reissue.build.run import KERNEL, NotebookFailed, check_run, execute_notebook, remove_volatile
from reissue.core import paths
from reissue.core.errors import InputError
from tests.conftest import Project
from tests.corpus import TEXTS
from tests.reissue.build.mini import tree

MARKUP = "<script>alert(1)</script> **b** _i_ `c` [l](javascript:x) ![p](x) ~~s~~ $m$ a|b \"q\" 'q' # & &amp; \\"


#: A figure that `plt.show()` shows, and one that is the last expression of its cell.
FIGURES = (
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()",
    "figure",
)


def code(source: str, **fields: object) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, **fields)


def book(*cells: NotebookNode | str) -> NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(cell, id=f"m-{n}") if isinstance(cell, str) else cell
            for n, cell in enumerate(cells)
        ]
    )


class TestSlots:
    def test_they_are_filled(self) -> None:
        notebook = book("{a} of {b_2}, {{no}}", code("f'{a}'"))
        fill_slots(notebook, {"a": "3", "b_2": "20"}, "x", EDITION.exhibits)
        assert [cell.source for cell in notebook.cells] == ["3 of 20, {no}", "f'{a}'"]

    @pytest.mark.parametrize("value", [MARKUP, *TEXTS.values()], ids=["markup", *TEXTS])
    def test_a_value_is_text_and_never_markup(self, value: str) -> None:
        notebook = book("{a}", "Before {a}", "# {a}")
        fill_slots(notebook, {"a": value}, "x", EDITION.exhibits)
        for cell, around in zip(notebook.cells, ("<p>{}</p>", "<p>Before {}</p>", "{}"), strict=True):
            page = BeautifulSoup(render_body(book(cell.source)), "html.parser")
            for link in page.select("a.anchor-link"):
                link.decompose()
            plain = BeautifulSoup(around.format(escape(value)), "html.parser")
            assert page.get_text().split() == plain.get_text().split()
            assert [tag.name for tag in page.find_all(True)] in (["p"], ["h1"])

    @pytest.mark.parametrize(
        "slot",
        ["{nothing}", "{}", "{0}", "{a.__class__}", "{a[0]}", "{a!r}", "{a:>10}", "{ a }", "{a", "a}", "{a:{a}}"],
    )
    def test_what_is_no_plain_name_is_one_line(self, slot: str) -> None:
        with pytest.raises(InputError) as error:
            fill_slots(book("ok {a}", f"text {slot}"), {"a": "3"}, "04_survey", EDITION.exhibits)
        line = str(error.value)
        assert line.startswith("notebooks/04_survey.ipynb, cell m-1: slot ")
        assert "Expected a {name} from the table of named values" in line
        assert "src/iucresearch/values.py" in line
        assert line.isprintable()


class TestStable:
    def test_times_paths_and_random_ids_go(self) -> None:
        warned = f"{paths.ROOT}/src/iucresearch/x.py:3: UserWarning: old\n"
        cell = code(
            "x",
            metadata={
                "execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"},
                "papermill": {"start_time": "2026-01-01", "duration": 1.5, "exception": False},
                "tags": ["kept"],
            },
            outputs=[
                nbformat.v4.new_output("stream", name="stderr", text=warned),
                nbformat.v4.new_output("display_data", {"text/html": f'<a title="{paths.ROOT}/data">x</a>'}),
            ],
        )
        injected = code("side = 'EU'", metadata={"tags": ["injected-parameters"]})
        notebook = book("# A", cell, injected)
        notebook.metadata = NotebookNode(
            papermill={"input_path": f"{paths.ROOT}/x.ipynb", "duration": 2.0},
            language_info={"name": "python", "version": "3.11.7"},
            kernelspec={"name": "other", "display_name": "Python of mine"},
        )
        text = nbformat.writes(remove_volatile(notebook))
        for word in ("2026", "papermill", "3.11.7", "Python of mine", str(paths.ROOT), "iopub"):
            assert word not in text
        assert notebook.cells[1].metadata == {"tags": ["kept"]}
        assert notebook.cells[1].outputs[0].text == "./src/iucresearch/x.py:3: UserWarning: old\n"
        assert notebook.cells[2].id == "injected-parameters"


def find_pictures(notebook: NotebookNode) -> list[list[bool]]:
    """Return for every output of every cell whether it is a picture."""
    return [["image/png" in output.get("data", {}) for output in cell.outputs] for cell in notebook.cells]


def test_a_cell_that_did_not_run_to_its_end_is_refused() -> None:
    error = nbformat.v4.new_output("error", ename="SystemExit", evalue="", traceback=[])
    injected = code("side = 'EU'", metadata={"tags": ["injected-parameters"]}, execution_count=1)
    for line, *cells in (
        ("x, cell 2: was not run", code("1", execution_count=1), code("2")),
        ("x, cell 1: SystemExit", code("exit", execution_count=1, outputs=[error]), code("2")),
        # Papermill's own cell is not counted.
        ("x, cell 1: was not run", injected, code("1")),
    ):
        with pytest.raises(NotebookFailed, match=f"^{line}$"):
            check_run(book("# A", *cells), "x")
    check_run(book("# A", code(" \n"), code("1", execution_count=1)), "x")


class TestExecuted:
    """In a kernel: however a cell ends the run, the error is one line with notebook, cell and error."""

    @pytest.fixture
    def run(self, tmp_path: Path) -> Callable[..., NotebookNode]:
        paths.keep_to_own_cache()

        def run(*cells: NotebookNode | str, **parameters: str) -> NotebookNode:
            path = tmp_path / "09_x.ipynb"
            nbformat.write(book(*cells), path)
            return execute_notebook(path, parameters, tmp_path, tmp_path)

        return run

    @pytest.mark.parametrize(
        ("source", "line"),
        [
            ("raise ValueError('first\\nsecond')", "09_x, cell 2: ValueError: first"),
            ("import os; os._exit(0)", "09_x, cell 2: DeadKernelError: Kernel died"),
            ("import sys; sys.exit()", "09_x, cell 2: SystemExit"),
            ("raise ValueError('x' * 10**6)", f"09_x, cell 2: ValueError: {'x' * 288} …"),
        ],
        ids=["two lines", "kernel exits", "exit", "long message"],
    )
    def test_a_failure_names_notebook_cell_and_error(
        self, run: Callable[..., NotebookNode], source: str, line: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(NotebookFailed) as error:
            run("# A", code("1"), code(source), code("3"))
        assert str(error.value) == line
        assert capfd.readouterr() == ("", "")

    def test_every_kernel_shows_figures(self, run: Callable[..., NotebookNode]) -> None:
        for _ in range(2):
            assert find_pictures(run(*map(code, FIGURES))) == [[True], [True]]

    def test_the_number_is_jupyterlabs_and_bad_input_is_passed_on(self, run: Callable[..., NotebookNode]) -> None:
        with pytest.raises(NotebookFailed, match="09_x, cell 2: NameError: EU"):
            run(code('side: str = "all"', metadata={"tags": ["parameters"]}), code("raise NameError(side)"), side="EU")
        source = "from reissue.core.errors import InputError\nraise InputError('bad', where='a.csv', remedy='fix')"
        with pytest.raises(InputError, match=r"^a\.csv: bad\. Fix\.$"):
            run(code(source))

    def test_it_runs_with_its_own_parameters_in_the_projects_kernel(self, run: Callable[..., NotebookNode]) -> None:
        declared = code('side: str = "all"', metadata={"tags": ["parameters"]})
        stored = nbformat.v4.new_output("display_data", {"text/html": "<script>alert(1)</script>"})
        cells = [
            "print(side, 'rounding' in globals())",
            "import os\nprint(os.environ['TZ'], os.environ['PYTHONHASHSEED'], os.getcwd())",
        ]
        last = code("1", metadata={"trusted": True}, outputs=[stored])
        notebook = run(declared, *map(code, cells), last, side="EU", rounding="trunc")
        assert [cell.outputs[0].text for cell in notebook.cells[-3:-1]] == ["EU False\n", "UTC 0 ./notebooks\n"]
        assert notebook.cells[-1].outputs[0].data == {"text/plain": "1"}, "stored outputs are replaced"
        assert "trusted" not in nbformat.writes(notebook)
        assert notebook.metadata.kernelspec.name == "reissue"

    def test_a_kernel_that_is_not_installed_is_one_line(
        self, run: Callable[..., NotebookNode], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reissue.build.run.KERNEL", "nowhere")
        with pytest.raises(InputError, match=r"^there is no kernel 'nowhere' in \.venv\. Run make install\.$"):
            run(code("1"))


@pytest.mark.build
def test_a_build_shows_nothing_of_the_machine_or_the_moment(built: Project) -> None:
    now = datetime.now(UTC)
    days = [f"{now:%Y-%m-%d}", f"{now:%d/%m/%Y}", f"{now:%d %B %Y}", f"{now:%B %d, %Y}", f"{now:%b %d, %Y}"]
    words = [str(built.root), str(paths.ROOT), str(Path.home()), "/tmp/ipykernel", "object at 0x", *days]
    # Names of machine and user may be parts of words, or words themselves.
    names = [socket.gethostname(), *({getpass.getuser()} - {"root", "runner", "user"})]
    revealing = re.compile("|".join([*map(re.escape, words), *(rf"\b{re.escape(name)}\b" for name in names)]))
    found = {
        (name, match[0])
        for name, content in tree(built.root).items()
        # The edition's own date may be today's.
        for match in revealing.finditer(
            re.sub(rf"base64,[\w+/=]+|{EDITION.metadata['released']}", "", content.decode("latin-1"))
        )
        if not name.endswith(".png") or match[0] in words
    }
    assert found == set()


#: Prints which modules are missing, and which traits of a kernel's objects hold the name of a class, before and after.
WARM_UP = """
import sys
from reissue.build.kernels import forking
from reissue.build.run import warm_up
from reissue.core import paths

paths.keep_to_own_cache()
warm_up()
forking.end_all()
names = ("papermill", "jupyter_client.kernelspec", "nbclient.exceptions", "papermill.exceptions")
print([name for name in names if name not in sys.modules])

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.session import Session
from reissue.build.kernels import engine
from reissue.build.kernels.provisioner import WarmProvisioner

classes = (engine.Manager, engine.Client, WarmProvisioner, KernelSpec, KernelSpecManager, Session)
for prepare in (bool, engine._resolve_traits):
    prepare()
    traits = [(name, trait) for owner in classes for name, trait in owner.class_traits().items()]
    print([name for name, trait in traits if isinstance(getattr(trait, "klass", None), str)] == [])
"""


def test_no_thread_has_to_import_what_runs_notebooks_or_to_resolve_the_name_of_a_class() -> None:
    # Two threads that imported parts of jupyter_client at the same time each got it half imported.
    done = subprocess.run([sys.executable, "-c", WARM_UP], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["[]", "False", "True"], done.stderr


def test_cells_of_an_older_format_get_the_same_ids_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Á"), nbformat.v4.new_code_cell("b")])
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, path)
    assert [(cell.id, cell.source) for cell in read_notebook(path).cells] == [("cell-0", "# Á"), ("cell-1", "b")]
    assert nbformat.writes(read_notebook(path)) == nbformat.writes(read_notebook(path))


DAMAGED = (
    *("[]", "{}", "3", "null", '"text"', '{"a', '{"nbformat": 4}', '{"nbformat": "x"}', '{"nbformat": 9}'),
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}',
    '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}}',
    "<<<<<<< HEAD\n{}",
)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        *((text.encode(), r"/a\.ipynb: not a whole notebook\. Do this") for text in DAMAGED),
        *((None, "no such file"), (b"", "empty"), (b"\xff", "not UTF-8")),
    ],
)
def test_a_notebook_that_cannot_be_read_is_one_line(
    tmp_path: Path, content: bytes | None, problem: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=problem) as error:
        read_notebook(path, "do this")
    assert str(error.value).isprintable()
    assert capfd.readouterr() == ("", "")


def test_kernels_that_people_start_show_figures_and_are_ordinary() -> None:
    paths.keep_to_own_cache()
    figures = book(*map(code, FIGURES))
    manager = KernelManager(kernel_name=KERNEL)
    try:
        NotebookClient(figures, km=manager, timeout=120).execute()
        assert (type(manager.provisioner), manager.transport) == (LocalProvisioner, "tcp")
    finally:
        manager.shutdown_kernel(now=True)
    assert find_pictures(figures) == [[True], [True]]
