"""Where things lie: the only module that knows the folders."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw"
NOTEBOOKS = ROOT / "notebooks"
PARAMS = ROOT / "params"
CACHE = ROOT / ".cache"

#: Set by the runner: the folder into which a notebook's figures, tables and processed data go.
OUTPUT_VARIABLE = "IUCRESEARCH_OUTPUT"
#: Set by the runner: the processed tables that a notebook reads.
PROCESSED_VARIABLE = "IUCRESEARCH_PROCESSED"


def build_folder(variant: str = "") -> Path:
    """Return the folder of a build: `reports` itself, or `reports/builds/VARIANT`."""
    return ROOT / "reports" / "builds" / variant if variant else ROOT / "reports"


def processed_of(variant: str = "") -> Path:
    """Return the folder of a build's processed tables."""
    return build_folder(variant) / "processed" if variant else ROOT / "data" / "processed"


def processed_folder() -> Path:
    """Return the processed tables that this process reads."""
    return Path(os.environ.get(PROCESSED_VARIABLE) or processed_of())


def output_folder() -> Path | None:
    """Return where this process saves exhibits, or None where nobody asked for files (JupyterLab)."""
    folder = os.environ.get(OUTPUT_VARIABLE)
    return Path(folder) if folder else None


def shown(path: Path) -> str:
    """Return a path as a message shows it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.as_posix()
