"""What pages add to executed notebooks: values in the prose, and to each exhibit its status, origin and statements.

Kernels know nothing of these, so that no notebook has to be run again where only a verdict or a statement changes.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from reissue.build.ipynb import find_exhibit_outputs
from reissue.build.slots import fill_slots
from reissue.core import datapackage
from reissue.core.language import _
from reissue.exhibits.edition import Edition
from reissue.exhibits.origins import find_origins
from reissue.exhibits.registry import WORDS, find_exhibit
from reissue.exhibits.rendering import render_template
from reissue.exhibits.status import compute_status

_REMEDY = "run make report"
Rows = list[dict[str, str]]


class ProcessedRows(dict[str, Rows]):
    """The rows of a build's processed tables as text, by the table's name; a table is read when it is first asked for.

    Raises
    ------
    InputError
        If there is no table of that name, or its file is missing or not one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = {"resources": datapackage.read_resources(folder, _REMEDY)}

    def find(self, name: str) -> Rows:
        """Return the rows of a table; none where the report has no such table."""
        return self[name] if any(item["name"] == name for item in self._descriptor["resources"]) else []

    def __missing__(self, name: str) -> Rows:
        table = datapackage.find_resource(self._descriptor, name, _REMEDY)
        self[name] = datapackage.read_rows(self._folder, table, _REMEDY)
        return self[name]


def read_named_values(tables: ProcessedRows) -> dict[str, str]:
    """Return the named values of a build, of the table `values`: what the slots of its prose are filled with."""
    return {row["name"]: row["value"] for row in tables.find("values")}


def complete_notebook(edition: Edition, stem: str, notebook: NotebookNode, tables: ProcessedRows) -> NotebookNode:
    """Return a copy of an executed notebook with all that its page shows.

    Parameters
    ----------
    edition
        Whose exhibits it shows.
    stem
        Its name, for errors.
    notebook
        The notebook. Not changed.
    tables
        The processed tables of its build.

    Raises
    ------
    InputError
        If a slot of the prose names no value, an exhibit is not in the registry or has no raw rows behind it, or a
        table is missing.
    """
    whole = deepcopy(notebook)
    fill_slots(whole, read_named_values(tables), stem, edition.exhibits)
    for output, about in find_exhibit_outputs(whole):
        output["data"]["text/html"] = _complete_html(edition, output["data"]["text/html"], about, tables)
    return whole


def _complete_html(edition: Edition, html: str, about: dict[str, Any], tables: ProcessedRows) -> str:
    """Return an exhibit as its notebook shows it, with its status, how it is made and the statements about it."""
    item = find_exhibit(edition.exhibits, about["exhibit"])
    words = {word: _(text) for word, text in WORDS.items()}
    behind = render_template(
        "page/behind.html",
        exhibit=item,
        name=item.name,
        function=about["function"],
        origins=find_origins(item, tables),
        claims=[claim for claim in tables.find("claims") if claim["exhibit"] == item.id],
    )
    head = render_template("page/status.html", exhibit=item, status=compute_status(item, about["counts"]), words=words)
    return html.replace("<!--status-->", head, 1).replace("<!--behind-->", behind, 1)
