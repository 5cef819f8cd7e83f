"""JupyterLab in a browser, as `make lab` opens it: kernels, the copies of the notebooks, the controls.

One server and one page serve all tests, since both take seconds to start.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from reissue.core import paths
from tests.conftest import Project
from tests.reissue.build.kernels.test_kernelspec import figures

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]

pytestmark = pytest.mark.browser
if not CHROMIUM:
    pytest.skip("no Chromium: put one on PATH (Debian, Ubuntu: apt install chromium)", allow_module_level=True)

#: Long enough for a loaded machine; in rest it all takes seconds.
PATIENCE = 60_000
WIDGET = "application/vnd.jupyter.widget-view+json"
#: The random id of a table that itables shows.
TABLE_ID = re.compile(r"itables_[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}")
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


def git(project: Project, *arguments: str) -> str:
    nobody = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(["git", *nobody, *arguments], cwd=project.root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def made(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository of its own, with data that were made, and two notebooks of a user's beside the copies."""
    project = Project(tmp_path_factory.mktemp("made") / "project")
    shutil.copy(paths.ROOT / ".gitignore", project.root)
    shutil.copytree(built.root / "data" / "processed", project.root / "data" / "processed")
    if shutil.which("git"):
        git(project, "init", "--quiet")
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message=All there is")
    (project.root / "lab").mkdir()
    for name, sources in (("trial", ("import os\nprint('kernel', os.getpid())", SLEEP)), ("other", ())):
        notebook = figures()
        notebook.metadata["kernelspec"] = {"name": "reissue", "display_name": "reissue"}
        notebook.cells += [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
        nbformat.write(notebook, project.root / "lab" / f"{name}.ipynb")
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


def open_notebook(page: Page, name: str) -> None:
    page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}) }", name)
    page.wait_for_function(
        "name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name, timeout=PATIENCE
    )
    ready(page)


def cells_of(page: Page) -> list[dict[str, Any]]:
    """Return the cells of the notebook in front."""
    found: list[dict[str, Any]] = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.toJSON())"
    )
    return found


def run_all(page: Page) -> list[dict[str, Any]]:
    """Run all cells of the notebook in front, save it, and return the cells."""
    ready(page)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = cells_of(page)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    return cells


def restart(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    ready(page)


def wait(page: Page, place: int, words: str) -> None:
    page.wait_for_function(
        """([place, words]) => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets[place]
            .model.sharedModel.toJSON().outputs).includes(words)""",
        arg=[place, words],
        timeout=PATIENCE,
    )


def errors(cells: list[dict[str, Any]]) -> list[object]:
    return [output for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "error"]


def pictures(cells: list[dict[str, Any]]) -> list[list[bool]]:
    """Return of every output of the cells with figures whether it is a picture."""
    return [["image/png" in output.get("data", {}) for output in cell["outputs"]] for cell in cells[:2]]


def cell(page: Page, source: str) -> Locator:
    found = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=source)).first
    found.scroll_into_view_if_needed()
    return found


def asks_this_machine_alone(asked: list[str]) -> None:
    # The address of what a page made itself, blob:, has no host.
    assert {urlsplit(url).hostname for url in asked} <= {"127.0.0.1", "localhost", None}
    assert [url for url in asked if re.search(r"/lab/api/(news|update)", url)] == []


def is_clean(project: Project) -> None:
    if shutil.which("git"):
        assert git(project, "status", "--porcelain") == ""


def test_kernels_show_figures_are_interrupted_and_restarted(opened: tuple[Page, list[str]], made: Project) -> None:
    # The server has a kernel already, for the notebook that it opened.
    page, _ = opened
    ready(page)
    open_notebook(page, "trial.ipynb")
    shown, kernels = [], []
    for _ in range(2):
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        wait(page, 3, "sleeping")
        cells = cells_of(page)
        shown.append(pictures(cells))
        kernels.append("".join(cells[2]["outputs"][0]["text"]).split()[1])
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:interrupt-kernel') }")
        wait(page, 3, "interrupted")
        if len(shown) == 1:
            restart(page)
    open_notebook(page, "other.ipynb")
    shown.append(pictures(run_all(page)))
    assert shown == [[[True], [True]]] * 3
    assert len(set(kernels)) == 2, "a restarted kernel is another process"
    assert [Path("/proc", number).exists() for number in kernels] == [False, True]
    saved = json.loads((made.root / "lab" / "other.ipynb").read_text())
    assert saved["metadata"]["kernelspec"]["name"] == "reissue"
    expect(page).to_have_title(re.compile("other"))


def test_the_copy_runs_and_its_controls_move(opened: tuple[Page, list[str]], made: Project) -> None:
    page, asked = opened
    open_notebook(page, "explore.ipynb")
    assert page.url.endswith("/lab/tree/explore.ipynb")
    cells = run_all(page)
    assert errors(cells) == []
    assert all(one["execution_count"] for one in cells if one["cell_type"] == "code")

    table = cell(page, 'table("pairings")')
    expect(table.locator(".dt-info")).to_have_text("Showing 1 to 10 of 20 entries", timeout=PATIENCE)
    table.get_by_label("Search").fill("Extremadura")
    expect(table.locator(".dt-info")).to_contain_text("Showing 1 to 1 of 1 entry")
    expect(table.locator("tbody").first).to_contain_text("Colima")
    expect(table.locator("caption").first).to_have_text("The 20 regional pairings, cleaned")
    meanings = cell(page, 'describe("pairings")')
    expect(meanings.get_by_role("cell", name="Latin American territory, name cleaned")).to_be_visible()

    expect(cell(page, 'draw("figure-7"').locator("img")).to_be_visible()

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
    expect(readings.locator("figure")).to_have_count(1)
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
    asks_this_machine_alone(asked)


def test_outputs_are_the_same_in_every_run_and_show_tables_where_no_script_runs(
    opened: tuple[Page, list[str]], made: Project
) -> None:
    page, asked = opened
    open_notebook(page, "explore.ipynb")
    before = displayed(cells_of(page)) or displayed(run_all(page))
    restart(page)
    # But for the random ids of tables and widgets.
    assert displayed(run_all(page)) == before

    # As somebody else sees the file, who does not trust it.
    saved = json.loads((made.root / "lab" / "explore.ipynb").read_text())
    saved["cells"].append({"cell_type": "markdown", "id": "sent", "metadata": {}, "source": "Sent by mail"})
    (made.root / "lab" / "sent.ipynb").write_text(json.dumps(saved))
    open_notebook(page, "sent.ipynb")
    front = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    table = front.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text='table("pairings")')).first
    table.scroll_into_view_if_needed()
    expect(table.get_by_role("cell", name="Castilla y León")).to_be_visible(timeout=PATIENCE)
    expect(table.locator(".dt-info")).to_have_count(0)
    asks_this_machine_alone(asked)


def displayed(cells: list[dict[str, Any]]) -> list[list[str | None]]:
    """Return what cells show, without the random ids of tables; widgets have theirs in their address."""
    data = [output.get("data", {}) for one in cells for output in one.get("outputs", [])]
    kinds = ("text/html", "text/plain", "image/png")
    shown = [["".join(one[kind]) for kind in kinds if kind in one] for one in data if WIDGET not in one]
    return [[TABLE_ID.sub("table", text) for text in texts] for texts in shown]


def test_chapters_are_copies_too(opened: tuple[Page, list[str]], made: Project) -> None:
    page, asked = opened
    ready(page)
    pairings = made.root / "data" / "processed" / "pairings.csv"
    before, content = pairings.stat().st_mtime_ns, pairings.read_bytes()
    for stem in ("02_context", "01_clean"):
        assert pairings.stat().st_mtime_ns == before, "notebooks that save tables alone write"
        open_notebook(page, f"{stem}.ipynb")
        assert errors(run_all(page)) == []
        assert json.loads((made.root / "lab" / f"{stem}.ipynb").read_text())["cells"][1]["execution_count"]
    assert pairings.stat().st_mtime_ns != before
    assert pairings.read_bytes() == content
    is_clean(made)
    asks_this_machine_alone(asked)
