"""`make lab`: JupyterLab over copies of the notebooks, so that what is run and saved there changes no tracked file.

The copies lie in `lab/`, which Git ignores, and belong to whoever works there: a copy whose code or text was changed
is never written again. One that was only run is, once its template is another.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from reissue.core import paths
from reissue.core.files import write_text

FOLDER = paths.ROOT / "lab"
#: The notebook that JupyterLab opens.
FIRST = "explore"
#: What JupyterLab lists beside the copies, by the name it has there.
BESIDE = {"data": "data/processed", "reports": "reports"}

#: Nothing is fetched, and nobody is asked whether it may; widgets are kept with the notebook, so that one that is
#: opened again shows them as they were left.
_SETTINGS = {
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}
_OPTIONS = (
    f"--ServerApp.root_dir={FOLDER}",
    f"--LabApp.default_url=/lab/tree/{FIRST}.ipynb",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
)
_MARK = "reissue"


def copy_templates(templates: Path = paths.NOTEBOOKS, folder: Path = FOLDER) -> list[str]:
    """Copy every notebook into a folder, and leave alone what somebody has changed there.

    Returns
    -------
    list of str
        The names of the copies that were kept although their templates are others by now.
    """
    kept = []
    for template in sorted(templates.glob("*.ipynb")):
        notebook = json.loads(template.read_text(encoding="utf-8"))
        copy, wanted = folder / template.name, _digest(notebook)
        found, handed_out = _state(copy)
        if copy.exists() and found != handed_out:
            kept += [template.name] if handed_out != wanted else []
        elif handed_out != wanted:
            write_text(copy, json.dumps(_fresh(notebook, wanted), ensure_ascii=False, indent=1) + "\n")
    return kept


def _fresh(notebook: dict[str, Any], digest: str) -> dict[str, Any]:
    """Return a notebook without outputs that says which template it was; stored outputs have no pictures."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook["metadata"][_MARK] = {"handed_out": digest}
    return notebook


def _state(copy: Path) -> tuple[str, str]:
    """Return the digest of a copy, and its digest when it was handed out: unlike where somebody else made the file."""
    try:
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        return _digest(notebook), str(notebook["metadata"][_MARK]["handed_out"])
    except (OSError, ValueError, LookupError, TypeError):
        return "no copy of ours", ""


def _digest(notebook: dict[str, Any]) -> str:
    """Return a digest of what a person writes: cells and their order, not what running them leaves."""
    written = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _link(folder: Path = FOLDER) -> None:
    """Show the data and the report beside the copies, where there are any."""
    for name, target in BESIDE.items():
        link = folder / name
        if (paths.ROOT / target).is_dir() and not link.is_symlink() and not link.exists():
            link.symlink_to(os.path.relpath(paths.ROOT / target, folder), target_is_directory=True)


def _configure() -> None:
    """Let JupyterLab read our defaults; what a person chooses in its menus comes before them."""
    folder = paths.CACHE / "lab"
    write_text(folder / "labconfig" / "default_setting_overrides.json", json.dumps(_SETTINGS, indent=1) + "\n")
    os.environ["JUPYTER_CONFIG_PATH"] = str(folder)


def open_lab(options: list[str]) -> int:
    """Copy the notebooks and become JupyterLab, which takes further options; return only where that fails."""
    paths.keep_to_own_cache()
    kept = copy_templates()
    _link()
    _configure()
    where = paths.display_path(FOLDER / f"{FIRST}.ipynb")
    newer = f" Newer than yours: {', '.join(kept)}; rename yours to get them." if kept else ""
    print(f"JupyterLab opens {where}, a copy that is yours: what you change there is kept.{newer}", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *_OPTIONS, *options])
