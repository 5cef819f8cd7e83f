"""JupyterLab in a browser, with this project's kernel: runs all cells, is interrupted, restarted, runs again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import Project

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]

pytestmark = pytest.mark.browser
if not CHROMIUM:
    pytest.skip("no Chromium: put one on PATH (Debian, Ubuntu: apt install chromium)", allow_module_level=True)

#: Long enough for a loaded machine; in rest it all takes seconds.
PATIENCE = 60_000
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
    server = subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert server.stdout is not None
    try:
        for line in server.stdout:
            found = re.search(rb"http://(?:localhost|127\.0\.0\.1):(\d+)/lab", line)
            if found:
                break
        else:
            raise AssertionError("the server did not start")
        yield f"http://127.0.0.1:{int(found[1])}", folder
    finally:
        server.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.communicate(timeout=20)
        server.kill()


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
