"""`make lab`: JupyterLab with copies of the notebooks, so that work there changes no tracked file.

The copies are in `lab/`, which Git ignores, and belong to the researcher: a copy whose code or text was changed is
never replaced. A copy that was only run is replaced when its template changes.
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
#: Folders that JupyterLab lists beside the copies, by their names there.
LINKS = {"data": "data/processed", "reports": "reports"}

#: Defaults of JupyterLab, which a person's own choices replace: download nothing and ask for nothing; save widgets with
#: the notebook, so that it shows them as they were left.
_SETTINGS = {
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}
_MARK = "reissue"


def copy_templates(templates: Path = paths.NOTEBOOKS, folder: Path = FOLDER) -> list[str]:
    """Copy every notebook into a folder without outputs, but never over a copy that a person has changed.

    Return the names of the changed copies whose templates have changed too.
    """
    outdated = []
    for template in sorted(templates.glob("*.ipynb")):
        notebook = json.loads(template.read_text(encoding="utf-8"))
        copy, wanted = folder / template.name, _digest(notebook)
        present, original = _read_digests(copy)
        if copy.exists() and present != original:
            outdated += [template.name] if original != wanted else []
        elif original != wanted:
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    cell["outputs"], cell["execution_count"] = [], None
            notebook["metadata"][_MARK] = {"handed_out": wanted}
            write_text(copy, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    return outdated


def _read_digests(copy: Path) -> tuple[str, str]:
    """Return the digest of a copy and that of its template when it was copied; they differ unless it is unchanged."""
    try:
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        return _digest(notebook), str(notebook["metadata"][_MARK]["handed_out"])
    except (OSError, ValueError, LookupError, TypeError):
        return "not a copy", ""


def _digest(notebook: dict[str, Any]) -> str:
    """Return a digest of what a person writes: cells and their order, without their outputs."""
    written = [[cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def open_lab(options: list[str]) -> int:
    """Copy the notebooks and become JupyterLab, which takes further options; return only if that fails."""
    paths.keep_to_own_cache()
    outdated = copy_templates()
    for name, target in LINKS.items():
        link = FOLDER / name
        if (paths.ROOT / target).is_dir() and not link.is_symlink() and not link.exists():
            link.symlink_to(os.path.relpath(paths.ROOT / target, FOLDER), target_is_directory=True)
    settings = paths.CACHE / "lab"
    write_text(settings / "labconfig" / "default_setting_overrides.json", json.dumps(_SETTINGS, indent=1) + "\n")
    os.environ["JUPYTER_CONFIG_PATH"] = str(settings)
    where = paths.display_path(FOLDER / f"{FIRST}.ipynb")
    newer = f" Newer than yours: {', '.join(outdated)}; rename yours to get them." if outdated else ""
    print(f"JupyterLab opens {where}, a copy that is yours: what you change there is kept.{newer}", flush=True)
    own = [f"--ServerApp.root_dir={FOLDER}", f"--LabApp.default_url=/lab/tree/{FIRST}.ipynb"]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *own, *options])
