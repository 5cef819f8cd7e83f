"""What a newcomer adds, as the README says: a raw table and exhibits of each kind that the report does not have."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Project

TABLE = "volunteers"
CSV = "id,section,page,side,volunteers\neu,2.2.2,14,EU,3\nlac,2.2.2,14,LAC,5\n"
MODULE = '''"""Volunteers by side."""

import matplotlib.pyplot as plt

from reissue.drawing.described import described_by


def figure_09_data(table):
    """Return one row per side: side, volunteers."""
    return table[["side", "volunteers"]]


def figure_09_alt(data):
    """Describe the bars."""
    return "Bars: " + ", ".join(f"{side} {n}" for side, n in zip(data["side"], data["volunteers"]))


@described_by(figure_09_alt)
def figure_09(data, *, ax=None):
    """Draw a bar per side."""
    ax = ax or plt.subplots()[1]
    ax.barh(data["side"], data["volunteers"])
    return ax


'''
#: Ids of the added exhibits, with title, section, page, and whether each is a picture. Each would be the last of its
#: kind, or one more of a section, if it were the report's.
EXHIBITS = {
    "figure-9": ("Volunteers on a stage", "2.2.2", 14, True),
    "table-3": ("Volunteers in a table", "2.2.2", 14, False),
    "box-5": ("Volunteers in a box", "2.2.2", 14, False),
    "result-volunteers": ("Volunteers told", "3.1", 17, True),
}


def write_table(project: Project) -> None:
    """Step 1: what the exhibits are based on."""
    (project.root / "data" / "raw" / f"{TABLE}.csv").write_text(CSV, encoding="utf-8")


def paste(descriptor: Path, printed: str) -> None:
    """Paste the entry that an error has printed where it says: below the line that begins the list of resources."""
    entry = printed[printed.index("    {") : printed.rindex("},") + 2]
    text, first = descriptor.read_text(encoding="utf-8"), '  "resources": [\n'
    assert text.count(first) == 1
    descriptor.write_text(text.replace(first, f"{first}{entry}\n"), encoding="utf-8")


def add_exhibits(project: Project) -> None:
    """Steps 2 to 5: hand the table on, draw it, register the exhibits and show them."""
    project.replace("src/iucresearch/clean.py", "_UNCHANGED = (\n", f'_UNCHANGED = (\n    "{TABLE}",\n')
    module = project.root / "src" / "iucresearch" / "figures" / f"{TABLE}.py"
    module.write_text(MODULE, encoding="utf-8")
    lines = "".join(
        f'    Exhibit("{id_}", "{title}", "{section}", {page}, "This edition", "03_programme", ("{TABLE}",), "added",'
        f" is_picture={is_picture}),\n"
        for id_, (title, section, page, is_picture) in EXHIBITS.items()
    )
    registry = "EXHIBITS: tuple[Exhibit, ...] = (\n"
    project.replace("src/iucresearch/exhibits.py", registry, registry + lines)
    path = project.root / "notebooks" / "03_programme.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = f"from iucresearch.figures.{TABLE} import figure_09, figure_09_data"
    shown = [
        f'show("{id_}", {"figure_09" if is_picture else "data_table"}, figure_09_data(load("{TABLE}")))'
        for id_, (*_, is_picture) in EXHIBITS.items()
    ]
    for number, source in enumerate([code, *shown]):
        cell = {"cell_type": "code", "id": f"added-{number}", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].append({**cell, "source": source})
    prose = {"cell_type": "markdown", "id": "added-prose", "metadata": {}, "source": "See {figure_9} of volunteers."}
    notebook["cells"].append(prose)
    path.write_text(json.dumps(notebook), encoding="utf-8")
