"""JupyterLab in a browser, with this project's kernel: runs all cells, is interrupted, restarted, runs again.

And as `make lab` opens it: the copy of the notebook that explores runs, its controls move, and no tracked file changes.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from iucresearch import paths
from tests.conftest import Project

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]

pytestmark = pytest.mark.browser
if not CHROMIUM:
    pytest.skip("no Chromium: put one on PATH (Debian, Ubuntu: apt install chromium)", allow_module_level=True)

#: Long enough for a loaded machine; in rest it all takes seconds.
PATIENCE = 60_000
WIDGET = "application/vnd.jupyter.widget-view+json"
#: Two answers of the ledger in the notebook.
ASKED = ('ask(verdict="contradicted")', 'ask(exhibit="figure-8"')
#: It says when it can be interrupted.
SLEEP = """
import time
try:
    print("sleeping", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.fixture(scope="module")
def lab(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server over a folder of its own, which reads the data that were built."""
    folder, home = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("jupyter")
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "iucresearch", "display_name": "iucresearch"}})
    notebook.cells = [
        nbformat.v4.new_code_cell("import os\nprint('parent', os.getppid(), 'kernel', os.getpid())", id="a"),
        nbformat.v4.new_code_cell("from iucresearch import load\nprint(len(load('pairings')), 'pairings')", id="b"),
        nbformat.v4.new_code_cell(SLEEP, id="c"),
    ]
    nbformat.write(notebook, folder / "trial.ipynb")
    environment = {
        **os.environ,
        "IUCRESEARCH_PROCESSED": str(built.root / "data" / "processed"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0", "--port-retries=0"]
    options = [
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        "--expose-app-in-browser",
    ]
    with served([*command, *options], environment, folder) as address:
        yield address, folder


@contextlib.contextmanager
def served(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[str]:
    """Start what becomes a JupyterLab; give its address, and end it."""
    server = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    assert server.stdout is not None
    lines = []
    try:
        for line in server.stdout:
            lines.append(line.decode())
            found = re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab", lines[-1])
            if found:
                break
        else:
            raise AssertionError("the server did not start: " + "".join(lines))
        # Nobody may stop it by leaving its words unread.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield f"http://127.0.0.1:{int(found[1])}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture
def page(lab: tuple[str, Path]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(f"{lab[0]}/lab/tree/trial.ipynb?reset")
        page.wait_for_function("window.jupyterapp && window.jupyterapp.shell.currentWidget", timeout=PATIENCE)
        yield page
        browser.close()


def run(page: Page, command: str) -> None:
    page.evaluate("name => { window.jupyterapp.commands.execute(name) }", command)


def outputs(page: Page) -> list[str]:
    cells = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.toJSON())"
    )
    return ["".join("".join(o.get("text", o.get("ename", ""))) for o in cell.get("outputs", [])) for cell in cells]


def wait(page: Page, place: int, words: str) -> None:
    page.wait_for_function(
        """([place, words]) => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets[place]
            .model.sharedModel.toJSON().outputs).includes(words)""",
        arg=[place, words],
        timeout=PATIENCE,
    )


def test_all_cells_run_are_interrupted_restarted_and_run_again(page: Page, lab: tuple[str, Path]) -> None:
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=PATIENCE,
    )
    run(page, "notebook:run-all-cells")
    wait(page, 1, "20 pairings")
    first = outputs(page)[0]
    wait(page, 2, "sleeping")
    run(page, "notebook:interrupt-kernel")
    wait(page, 2, "interrupted")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=PATIENCE
    )
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    assert outputs(page)[0] == ""
    run(page, "notebook:run-all-cells")
    wait(page, 1, "20 pairings")
    second = outputs(page)[0]
    assert first.split()[1] == second.split()[1], "both kernels are forked from one parent"
    assert first.split()[3] != second.split()[3], "a restarted kernel is another process"
    assert Path(f"/proc/{second.split()[3]}").exists()
    assert not Path(f"/proc/{first.split()[3]}").exists()
    wait(page, 2, "sleeping")
    run(page, "notebook:interrupt-kernel")
    wait(page, 2, "interrupted")
    assert json.loads((lab[1] / "trial.ipynb").read_text())["metadata"]["kernelspec"]["name"] == "iucresearch"
    expect(page).to_have_title(re.compile("trial"))


# As `make lab` opens it.


def git(project: Project, *arguments: str) -> str:
    nobody = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(["git", *nobody, *arguments], cwd=project.root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def made(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository of its own, with data that were made."""
    project = Project(tmp_path_factory.mktemp("made") / "project")
    shutil.copy(paths.ROOT / ".gitignore", project.root)
    shutil.copytree(built.root / "data" / "processed", project.root / "data" / "processed")
    if shutil.which("git"):
        git(project, "init", "--quiet")
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message=All there is")
    return project


@pytest.fixture(scope="module")
def opened(made: Project) -> Iterator[tuple[Page, list[str]]]:
    """The page that `make lab` opens, and every address that it asks for."""
    settings = {
        "ServerApp": {"port": 0, "port_retries": 0, "open_browser": False, "allow_root": True},
        "IdentityProvider": {"token": ""},
        "LabApp": {"expose_app_in_browser": True},
    }
    config = made.root / ".cache" / "jupyter" / "config"
    config.mkdir(parents=True)
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", paths.OUTPUT_VARIABLE, paths.PROCESSED_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    asked: list[str] = []
    with (
        served(["make", "-o", ".venv/installed", "lab"], environment, made.root) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 1200})
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.goto(address)
        yield page, asked
        browser.close()


def ready(page: Page) -> None:
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=PATIENCE,
    )


def run_all(page: Page) -> list[dict[str, object]]:
    """Run all cells of the notebook in front, save it, and return the cells."""
    ready(page)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells: list[dict[str, object]] = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.toJSON())"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    return cells


def errors(cells: list[dict[str, object]]) -> list[object]:
    return [output for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "error"]


def cell(page: Page, source: str) -> Locator:
    found = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=source)).first
    found.scroll_into_view_if_needed()
    return found


def is_clean(project: Project) -> None:
    if shutil.which("git"):
        assert git(project, "status", "--porcelain") == ""


def test_the_copy_runs_and_its_controls_move(opened: tuple[Page, list[str]], made: Project) -> None:
    page, asked = opened
    ready(page)
    assert page.url.endswith("/lab/tree/explore.ipynb")
    cells = run_all(page)
    assert errors(cells) == []
    assert all(one["execution_count"] for one in cells if one["cell_type"] == "code")

    table = cell(page, 'table("pairings")')
    expect(table.locator(".dt-info")).to_have_text("Showing 1 to 10 of 20 entries", timeout=PATIENCE)
    table.get_by_label("Search").fill("Extremadura")
    expect(table.locator(".dt-info")).to_contain_text("Showing 1 to 1 of 1 entry")
    expect(table.locator("tbody").first).to_contain_text("Colima")
    expect(table.get_by_text("Latin American territory, name cleaned")).to_be_visible()

    exhibits = cell(page, "exhibit_controls()")
    exhibits.get_by_label("Side").select_option("European Union")
    expect(exhibits.get_by_alt_text("Rows of squares")).to_have_attribute(
        "alt", re.compile("European Union 14 to 17 of 17"), timeout=PATIENCE
    )
    exhibits.get_by_label("Exhibit").select_option("Table 2. SWOT analysis")
    expect(exhibits.get_by_role("columnheader", name="Weaknesses")).to_be_visible(timeout=PATIENCE)
    expect(exhibits.get_by_label("Side")).to_have_count(0)

    readings = cell(page, "reading_controls()")
    expect(readings).to_contain_text("Nothing changes")
    readings.get_by_label("Rounding").select_option("cut off")
    expect(readings).to_contain_text("salience-label-1", timeout=PATIENCE)
    readings.get_by_label("Rounding").select_option("to the nearest, ties either way")
    readings.get_by_text("read tightly").click()
    expect(readings).to_contain_text(re.compile(r"Counts that change: \d+, of which"), timeout=PATIENCE)

    ledger = cell(page, "ledger_controls()")
    ledger.get_by_label("Words").press_sequentially("bogota")
    expect(ledger).to_contain_text("Country of Bogotá-Cundinamarca", timeout=PATIENCE)
    ledger.get_by_label("Verdict").select_option("contradicted")
    expect(ledger).not_to_contain_text("Country of Bogotá-Cundinamarca", timeout=PATIENCE)

    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    # Opened again, when all outputs come at once, every table has its own rows.
    told = [cell(page, source).locator(".dt-info").text_content() for source in ASKED]
    page.reload()
    ready(page)
    assert len(set(told)) == len(told)
    for source, info in zip(ASKED, told, strict=True):
        expect(cell(page, source).locator(".dt-info")).to_have_text(str(info), timeout=PATIENCE)
    saved = json.loads((made.root / "lab" / "explore.ipynb").read_text())
    assert saved["metadata"]["widgets"], "opened again, it shows its controls as they were left"
    is_clean(made)
    # The address of what a page made itself, blob:, has no host.
    assert {urlsplit(url).hostname for url in asked} <= {"127.0.0.1", "localhost", None}
    assert [url for url in asked if re.search(r"/lab/api/(news|update)", url)] == []


def test_what_is_shown_does_not_change_from_run_to_run(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    ready(page)
    runs = []
    for _ in range(2):
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        data = [output.get("data", {}) for one in run_all(page) for output in one.get("outputs", [])]
        # A widget has a random id in its address; all else is the same.
        runs.append([(one.get("text/html"), one.get("text/plain")) for one in data if WIDGET not in one])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("stem", ["02_context", "01_clean", "brief"])
def test_chapters_are_copies_too(stem: str, opened: tuple[Page, list[str]], made: Project) -> None:
    page, asked = opened
    ready(page)
    pairings = made.root / "data" / "processed" / "pairings.csv"
    before, content = pairings.stat().st_mtime_ns, pairings.read_bytes()
    page.evaluate("name => { window.jupyterapp.commands.execute('docmanager:open', {path: name}) }", f"{stem}.ipynb")
    page.wait_for_function(
        "name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=f"{stem}.ipynb", timeout=PATIENCE
    )
    cells = run_all(page)
    assert errors(cells) == []
    assert json.loads((made.root / "lab" / f"{stem}.ipynb").read_text())["cells"][1]["execution_count"]
    is_clean(made)
    # 01_clean alone writes, and what it has always written.
    assert (pairings.stat().st_mtime_ns != before) == (stem == "01_clean")
    assert pairings.read_bytes() == content
    assert {urlsplit(url).hostname for url in asked} <= {"127.0.0.1", "localhost", None}
