"""The report by ploomber-engine, a program: `python -m benchmarks.ploomber OUT STEM...`.

All notebooks are run and all pages written in this process, as its documentation shows, with nbconvert's own pages.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(out: Path, stems: list[str]) -> int:
    """Run the notebooks and write their pages; return 0."""
    from nbconvert import HTMLExporter
    from ploomber_engine import execute_notebook

    exporter = HTMLExporter()
    for stem in stems:
        target = out / "executed" / f"{stem}.ipynb"
        notebook = execute_notebook(Path("notebooks", f"{stem}.ipynb"), target, progress_bar=False, cwd="notebooks")
        page, _ = exporter.from_notebook_node(notebook)
        (out / "html" / f"{stem}.html").write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
