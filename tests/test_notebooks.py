"""Rules of the notebooks, and nbval on a scratch copy of each."""

import ast
import json
import os
import re
import shutil
import string
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from iucresearch.briefs.subject import find_subject, slot_values, subjects
from iucresearch.exhibits import EXHIBITS
from iucresearch.labels import CHOICES
from iucresearch.values import names
from reissue.build import record
from reissue.build.fingerprints import EVIDENCE
from reissue.build.ipynb import read_notebook
from reissue.build.order import read_order
from reissue.build.params import read_declared
from reissue.build.run import KERNEL
from reissue.core import paths
from reissue.ledger.evidence import Evidence
from reissue.ledger.prose import check_prose
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import copied

STEMS = tuple(record.list_recorded_notebooks())
#: Those without reference outputs, too.
ALL = (*STEMS, *record.UNRECORDED)
SANITISER = Path(__file__).parent / "nbval.cfg"

BANNED_NODES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.For, ast.AsyncFor, ast.While, ast.comprehension),
    *(ast.If, ast.IfExp, ast.Try, ast.With, ast.AsyncWith, ast.Global, ast.Nonlocal, ast.Delete),
)
BANNED_NAMES = {"open", "Path", "os", "exec", "eval", "print", "globals", "__import__"}


def read(stem: str) -> NotebookNode:
    return nbformat.read(paths.NOTEBOOKS / f"{stem}.ipynb", as_version=4)


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def is_parameters(cell: NotebookNode) -> bool:
    return "parameters" in cell.metadata.get("tags", [])


# The rules: each function returns what breaks one.


def find_unrun_cells(notebook: NotebookNode) -> list[str]:
    """Return the code cells without the outputs of one run from top to bottom: nbval ignores them."""
    found, run = [], 0
    for cell in code_cells(notebook):
        body = ast.parse(cell.source).body
        if not body:
            continue
        run += 1
        if cell.execution_count != run:
            found.append(f"{cell.id}: run as number {cell.execution_count}, not {run}")
        elif isinstance(body[-1], ast.Expr) and not cell.outputs:
            found.append(f"{cell.id}: shows something, but no output is stored")
        elif any(output.output_type == "error" for output in cell.outputs):
            found.append(f"{cell.id}: the stored output is an error")
    return found


def find_excess_code(source: str) -> list[str]:
    """Return what a cell has beyond calls and assignments of about five lines."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    found = [type(node).__name__ for node in nodes if isinstance(node, BANNED_NODES)]
    found += [node.id for node in nodes if isinstance(node, ast.Name) and node.id in BANNED_NAMES]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found += [text for text in texts if re.search(r"[/\\~]|\.(csv|json|ipynb|svg|png|html|yaml|xlsx)\b", text)]
    imports = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    found += [line for line in imports if not re.match(r"from (iucresearch|reissue)\b", line)]
    found += [line for line in imports if re.search(r"\b(paths|build|files)\b", line)]
    rest = [ast.unparse(node) for node in tree.body if not isinstance(node, ast.ImportFrom)]
    lines = "\n".join(rest).splitlines()
    return found + ([f"{len(lines)} statements"] if len(lines) > 5 else [])


# The notebooks follow them.


def test_notebooks_are_those_of_the_order():
    assert sorted(ALL) == sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb"))
    assert sorted([*read_order().needs, *read_order().beside]) == sorted(STEMS)
    assert sorted([*read_order().page, *read_order().own_pages]) == sorted(read_order().needs)


@pytest.mark.parametrize("stem", ALL)
def test_format_kernel_and_ids(stem):
    # nbformat.read would correct ids.
    notebook = json.loads((paths.NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"] == {"display_name": KERNEL, "language": "python", "name": KERNEL}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    assert {cell["cell_type"] for cell in notebook["cells"]} == {"markdown", "code"}
    nbformat.validate(notebook)


@pytest.mark.parametrize("stem", ALL)
def test_code_cells_are_thin(stem):
    cells = list(code_cells(read(stem)))
    assert {cell.id: find_excess_code(cell.source) for cell in cells if find_excess_code(cell.source)} == {}
    imports = [cell.id for cell in cells if "import " in cell.source]
    assert len(imports) == 1, f"imports are in cells {imports}, not in one"


@pytest.mark.parametrize("stem", ALL)
def test_parameters_are_declared_typed_defaulted_and_used(stem, processed):
    notebook = read(stem)
    # The published configuration has no file of answers; the default brief is the first one.
    first_brief = subjects(processed)["slug"].iloc[0]
    defaults = {**{name: next(iter(values)) for name, values in CHOICES.items()}, "name": first_brief}
    tagged = [cell for cell in code_cells(notebook) if is_parameters(cell)]
    assert len(tagged) <= 1
    for cell in tagged:
        for node in ast.parse(cell.source).body:
            assert isinstance(node, ast.AnnAssign), ast.unparse(node)
            assert isinstance(node.target, ast.Name)
            assert node.value is not None, f"{node.target.id} has no default"
            default = ast.literal_eval(node.value)
            assert type(default).__name__ == ast.unparse(node.annotation)
            assert default == defaults.get(node.target.id, "")
    declared = set(read_declared(paths.NOTEBOOKS / f"{stem}.ipynb"))
    rest = [ast.parse(cell.source) for cell in code_cells(notebook) if not is_parameters(cell)]
    names_used = [node for tree in rest for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert declared <= {node.id for node in names_used if isinstance(node.ctx, ast.Load)}
    assert not declared & {node.id for node in names_used if isinstance(node.ctx, ast.Store)}
    assert not any(isinstance(node, ast.AnnAssign) for tree in rest for node in ast.walk(tree))


@pytest.mark.parametrize("stem", STEMS)
def test_prose_is_based_on_evidence_and_has_no_typed_number(stem, processed):
    evidence = Evidence.from_rows(lambda name: processed[name].to_dict("records") if name in processed else [])
    for cell in read(stem).cells:
        if cell.cell_type == "markdown":
            check_prose(cell.source, cell.metadata.get(EVIDENCE, {}), evidence, f"{stem}, cell {cell.id}")


@pytest.mark.build
def test_prose_with_unknown_evidence_stops_a_build_before_anything_runs(built, tmp_path):
    project = copied(built, tmp_path / "project")
    project.replace("notebooks/02_context.ipynb", '"table-1"', '"table-9"')
    done = project.make("report")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.match(r"iucresearch: notebooks/02_context\.ipynb, cell 02-02: .* unknown 'table-9'\.", done.stderr)


@pytest.mark.parametrize("stem", ALL)
def test_prose_has_slots_of_values_and_one_title(stem, processed):
    is_brief = stem in read_order().beside
    own = slot_values(find_subject(subjects(processed)["slug"].iloc[0], processed)) if is_brief else {}
    slots = {*names(), *own, *(item.id.replace("-", "_") for item in EXHIBITS)}
    texts = [cell.source for cell in read(stem).cells if cell.cell_type == "markdown"]
    for text in texts:
        for _, slot, form, conversion in string.Formatter().parse(text):
            assert slot is None or slot in slots
            assert not form, f"{slot}:{form}"
            assert not conversion, f"{slot}!{conversion}"
    assert read(stem).cells[0].source.startswith("# ")
    levels = [len(marks) for text in texts for marks in re.findall(r"(?m)^(#+) \S", text)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("stem", STEMS)
def test_every_exhibit_is_shown_where_the_registry_says(stem):
    code = "\n".join(cell.source for cell in code_cells(read(stem)))
    assert re.findall(r'(?m)^show\(\s*"([^"]+)"', code) == [item.id for item in EXHIBITS if item.notebook == stem]
    assert {item.notebook for item in EXHIBITS} <= set(STEMS)


@pytest.mark.parametrize("stem", ALL)
def test_reference_outputs_are_stored_but_for_controls(stem):
    if stem in STEMS:
        assert find_unrun_cells(read(stem)) == [], "run make record"
        return
    # Every widget has a random id: stored outputs would differ each time, and show nothing without their kernel.
    assert [cell.id for cell in code_cells(read(stem)) if cell.outputs or cell.execution_count is not None] == []
    assert "widgets" not in read(stem).metadata


# The rules can fail.


def test_notebooks_that_were_not_run_as_a_whole_are_found():
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])
    for change in (
        lambda cells: cells[-1].update(outputs=[]),
        lambda cells: cells[-1].update(outputs=[error]),
        lambda cells: cells[0].update(execution_count=2),
        lambda cells: [cell.update(outputs=[], execution_count=None) for cell in cells],
    ):
        notebook = read("02_context")
        change(list(code_cells(notebook)))
        assert find_unrun_cells(notebook)


def test_code_that_belongs_elsewhere_is_found():
    for source in (
        *("def f():\n    return 1", "class A: pass", "for x in y: f(x)", "while x: f(x)"),
        *("[f(x) for x in y]", "lambda: 1", "open('x')", "load('data/raw')", "load('pairings.csv')"),
        *("import pandas", "from pandas import DataFrame", "from iucresearch import paths"),
        "a = 1\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1",
    ):
        assert find_excess_code(source), source
    assert not find_excess_code(
        "from iucresearch.notebook import load, show\n\nshow('table-2', f(load('swot'), side=side))"
    )


# Run in Jupyter, before any build and after.


def kernel_environment(project: Project) -> dict[str, str]:
    return {"PYTHONPATH": str(project.root / "src"), **paths.cache_variables(paths.CACHE)}


def run_in_jupyter(project: Project, stem: str) -> NotebookNode:
    """Run a notebook as JupyterLab does: in its own folder, with no variable of the build."""
    path = project.root / "notebooks" / f"{stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def test_chapter_before_any_build_names_the_command_then_runs(project, built, monkeypatch):
    for name, value in kernel_environment(project).items():
        monkeypatch.setenv(name, value)
    for name in (paths.OUTPUT_VARIABLE, paths.PROCESSED_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CellExecutionError) as caught:
        run_in_jupyter(project, "02_context")
    assert caught.value.ename == "InputError"
    line = caught.value.evalue
    assert re.search("data/processed/datapackage.json.*`make report` first, or the notebooks that save tables", line)
    assert f"InputError: {line}" in caught.value.traceback.splitlines(), "no stack trace, the line alone"

    shutil.copytree(built.root / "data" / "processed", project.root / "data" / "processed")
    assert list(code_cells(run_in_jupyter(project, "02_context")))[-1].outputs[0].data["text/html"]


def test_chapters_load_neither_the_ledger_nor_the_engine_unless_they_list_what_these_make():
    """What a kernel loads decides whether its notebook is run again."""
    imports = [
        ast.unparse(node)
        for stem in ("02_context", "03_programme", "04_survey", "05_outlook", "07_annex")
        for cell in code_cells(read(stem))
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.ImportFrom)
    ]
    assert len(imports) > 5
    program = "\n".join([*imports, "import sys", "print(*sys.modules)"])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = ("reissue.ledger", "reissue.build", "reissue.survey.statements", "reissue.survey.counting")
    assert [name for name in done.stdout.split() if name.startswith(heavy)] == []


# Outputs are those on record.


@pytest.mark.parametrize("stem", read_order().needs)
def test_a_build_gives_the_stored_outputs(stem, built):
    """Everything but pictures is compared, as nbval does."""
    made = read_notebook(built.root / "reports" / ".made" / f"{stem}.ipynb")
    assert record.find_changed_cells(read(stem), record.remove_pictures(made), stem) == []


@pytest.mark.faults
def test_nbval_fails_on_one_changed_digit_alone(built, tmp_path):
    """nbval reads a brief and a chapter; all notebooks in `make test-faults`."""
    stems = STEMS if TRIALS > 1 else ("brief", "05_outlook")
    for stem in stems:
        shutil.copy(paths.NOTEBOOKS / f"{stem}.ipynb", tmp_path)
    notebook = read("05_outlook")
    table = list(code_cells(notebook))[-1].outputs[0].data
    assert table["text/html"].count("360°") == 1
    table["text/html"] = table["text/html"].replace("360°", "361°")
    nbformat.write(notebook, tmp_path / "05_outlook.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # not the project's own options
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        **kernel_environment(built),
        paths.RAW_VARIABLE: str(built.root / "data" / "raw"),
        paths.PROCESSED_VARIABLE: str(built.root / "data" / "processed"),
        paths.OUTPUT_VARIABLE: str(tmp_path / "made"),
    }
    command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["--nbval", "--nbval-kernel-name", KERNEL, "--nbval-cell-timeout", "120"]
    command += ["--nbval-sanitize-with", str(SANITISER), *(f"{stem}.ipynb" for stem in stems)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout[-5000:] + done.stderr[-2000:]
    assert "361°" in done.stdout
    cells = sum(len(list(code_cells(read(stem)))) for stem in stems)
    assert f" 1 failed, {cells - 1} passed in " in done.stdout, done.stdout[-500:]


def test_sanitiser_hides_pictures_and_nothing_else():
    html = '<img src="{}" alt="20"><a href="data:text/csv;base64,MQ==">'
    picture = html.format("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=")
    assert record.PICTURE.sub(record.NO_PICTURE, picture) == html.format("data:,")
    rules = [line for line in SANITISER.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert rules == ["[pictures]", f"regex: {record.PICTURE.pattern}", f"replace: {record.NO_PICTURE}"]
