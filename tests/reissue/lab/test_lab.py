"""JupyterLab in a browser, as `make lab` opens it.

One server and one page serve all tests, since both take seconds to start.
"""

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

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from reissue.core import paths
from tests.chromium import CHROMIUM, FLAGS
from tests.conftest import FILES, PARTS, Project

pytestmark = pytest.mark.browser

#: Milliseconds; everything takes seconds, but not on a loaded machine.
TIMEOUT = 60_000
WIDGET = "application/vnd.jupyter.widget-view+json"
#: The random id of a table that itables shows.
TABLE_ID = re.compile(r"itables_[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}")
#: Two cells that query the ledger.
QUERIES = ('ask(verdict="contradicted")', 'ask(exhibit="figure-8"')


@contextlib.contextmanager
def serve(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[str]:
    """Start a JupyterLab; yield its address, and end it."""
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
        # A full pipe would stop the server.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield f"http://127.0.0.1:{int(found[1])}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture(scope="module")
def lab_project(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with processed data."""
    project = Project(tmp_path_factory.mktemp("lab") / "project")
    shutil.copytree(saved, project.root / "data" / "processed")
    return project


@pytest.fixture(scope="module")
def opened(lab_project: Project) -> Iterator[tuple[Page, list[str]]]:
    """The page that `make lab` opens, and every address that it requests."""
    settings = {
        "ServerApp": {"port": 0, "port_retries": 0, "open_browser": False, "allow_root": True},
        "IdentityProvider": {"token": ""},
        "LabApp": {"expose_app_in_browser": True},
    }
    config = lab_project.root / ".cache" / "jupyter" / "config"
    config.mkdir(parents=True)
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", paths.OUTPUT_VARIABLE, paths.PROCESSED_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    requested: list[str] = []
    with (
        serve(["make", "-o", ".venv/installed", "lab"], environment, lab_project.root) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 1200})
        page.on("request", lambda request: requested.append(request.url))
        page.on("websocket", lambda socket: requested.append(socket.url))
        page.goto(address)
        yield page, requested
        browser.close()


def wait_for_kernel(page: Page) -> None:
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=TIMEOUT,
    )


def open_notebook(page: Page, name: str) -> None:
    page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}) }", name)
    page.wait_for_function(
        "name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name, timeout=TIMEOUT
    )
    wait_for_kernel(page)


def cells_of(page: Page) -> list[dict[str, Any]]:
    """Return the cells of the notebook in front."""
    found: list[dict[str, Any]] = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.toJSON())"
    )
    return found


def run_all(page: Page) -> list[dict[str, Any]]:
    """Run all cells of the notebook in front, save it, and return the cells."""
    wait_for_kernel(page)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = cells_of(page)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    return cells


def read_tracked(root: Path) -> dict[str, bytes]:
    """Return the files of a project that Git tracks, without compiled Python."""
    found = [path for part in (*PARTS, *FILES) for path in (root / part, *(root / part).rglob("*"))]
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in found
        if path.is_file() and path.suffix != ".pyc"
    }


def cell(page: Page, source: str) -> Locator:
    found = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=source)).first
    found.scroll_into_view_if_needed()
    return found


def check_that_nothing_is_downloaded(requested: list[str]) -> None:
    # An address of the page's own content, blob:, has no host.
    assert {urlsplit(url).hostname for url in requested} <= {"127.0.0.1", "localhost", None}
    assert [url for url in requested if re.search(r"/lab/api/(news|update)", url)] == []


def test_the_copy_runs_and_its_controls_work(opened: tuple[Page, list[str]], lab_project: Project) -> None:
    page, requested = opened
    open_notebook(page, "explore.ipynb")
    assert page.url.endswith("/lab/tree/explore.ipynb")
    cells = run_all(page)
    outputs = [output for one in cells for output in one.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert all(one["execution_count"] for one in cells if one["cell_type"] == "code")

    table = cell(page, 'table("pairings")')
    expect(table.locator(".dt-info")).to_have_text("Showing 1 to 10 of 20 entries", timeout=TIMEOUT)
    table.get_by_label("Search").fill("Extremadura")
    expect(table.locator(".dt-info")).to_contain_text("Showing 1 to 1 of 1 entry")
    expect(table.locator("tbody").first).to_contain_text("Colima")
    expect(table.locator("caption").first).to_have_text("The 20 regional pairings, cleaned")
    expect(cell(page, 'draw("figure-7"').locator("img")).to_be_visible()

    exhibits = cell(page, "exhibit_controls()")
    exhibits.get_by_label("Side").select_option("European Union")
    expect(exhibits.get_by_alt_text("Bars on an axis")).to_have_attribute(
        "alt", re.compile("leveraging projects: 14 to 17"), timeout=TIMEOUT
    )

    readings = cell(page, "reading_controls()")
    expect(readings).to_contain_text("Nothing changes")
    readings.get_by_text("read tightly").click()
    expect(readings).to_contain_text(re.compile(r"Counts that change: \d+, of which"), timeout=TIMEOUT)

    ledger = cell(page, "ledger_controls()")
    ledger.get_by_label("Words").press_sequentially("bogota")
    expect(ledger).to_contain_text("Country of Bogotá-Cundinamarca", timeout=TIMEOUT)

    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    # In a notebook that is opened again, every table has its own rows.
    before = [cell(page, source).locator(".dt-info").text_content() for source in QUERIES]
    page.reload()
    wait_for_kernel(page)
    assert len(set(before)) == len(before)
    for source, info in zip(QUERIES, before, strict=True):
        expect(cell(page, source).locator(".dt-info")).to_have_text(str(info), timeout=TIMEOUT)
    saved = json.loads((lab_project.root / "lab" / "explore.ipynb").read_text())
    assert saved["metadata"]["widgets"], "opened again, it shows its controls as they were left"

    assert read_tracked(lab_project.root) == read_tracked(paths.ROOT)
    check_that_nothing_is_downloaded(requested)


def test_outputs_are_the_same_in_every_run_and_show_tables_without_scripts(
    opened: tuple[Page, list[str]], lab_project: Project
) -> None:
    page, requested = opened
    open_notebook(page, "explore.ipynb")
    before = read_outputs(cells_of(page)) or read_outputs(run_all(page))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    wait_for_kernel(page)
    assert read_outputs(run_all(page)) == before

    # As a person sees the file who does not trust it.
    saved = json.loads((lab_project.root / "lab" / "explore.ipynb").read_text())
    saved["cells"].append({"cell_type": "markdown", "id": "sent", "metadata": {}, "source": "Sent by mail"})
    (lab_project.root / "lab" / "sent.ipynb").write_text(json.dumps(saved))
    open_notebook(page, "sent.ipynb")
    front = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    table = front.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text='table("pairings")')).first
    table.scroll_into_view_if_needed()
    expect(table.get_by_role("cell", name="Castilla y León")).to_be_visible(timeout=TIMEOUT)
    expect(table.locator(".dt-info")).to_have_count(0)
    check_that_nothing_is_downloaded(requested)


def read_outputs(cells: list[dict[str, Any]]) -> list[list[str | None]]:
    """Return the outputs of cells, without widgets and the random ids of tables."""
    data = [output.get("data", {}) for one in cells for output in one.get("outputs", [])]
    kinds = ("text/html", "text/plain", "image/png")
    shown = [["".join(one[kind]) for kind in kinds if kind in one] for one in data if WIDGET not in one]
    return [[TABLE_ID.sub("table", text) for text in texts] for texts in shown]
