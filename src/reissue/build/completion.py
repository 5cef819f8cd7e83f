"""What pages add to executed notebooks: values in the prose, and each exhibit's status, origin and statements.

Kernels do not read these, so that a changed verdict or statement runs no notebook again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from markupsafe import escape
from nbformat import NotebookNode

from reissue.build.fingerprints import EVIDENCE
from reissue.build.ipynb import find_exhibit_outputs
from reissue.core import datapackage, report
from reissue.core.errors import InputError
from reissue.core.language import N_, _
from reissue.exhibits.edition import Edition
from reissue.exhibits.origins import find_origins
from reissue.exhibits.registry import WORDS, Exhibit, find_exhibit
from reissue.exhibits.rendering import render_template
from reissue.exhibits.slots import fill_text
from reissue.exhibits.status import compute_status
from reissue.ledger.evidence import Evidence
from reissue.ledger.prose import check_prose

_REMEDY = "run make report"
#: The note on prose that other parameters or answers contradict.
NO_EVIDENCE = N_("*What this paragraph is based on does not hold in this configuration.*")
#: What HTML or Markdown could read as markup, including addresses, which become links.
_MARKUP = re.compile(r"[!-+\--/:-@\[-`{-~]")
Rows = list[dict[str, str]]


class ProcessedRows(dict[str, Rows]):
    """The rows of a build's processed tables as text, by the table's name; each table is read on first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = {"resources": datapackage.read_resources(folder, _REMEDY)}

    def has(self, name: str) -> bool:
        """Return whether the report has this table."""
        return any(item["name"] == name for item in self._descriptor["resources"])

    def read_titles(self) -> dict[str, str]:
        """Return the title of each table, in the language of the build."""
        return {item["name"]: _(str(item.get("title", item["name"]))) for item in self._descriptor["resources"]}

    def find(self, name: str) -> Rows:
        """Return the rows of a table; none if the report has no such table."""
        return self[name] if self.has(name) else []

    def read_named_values(self) -> dict[str, str]:
        """Return the named values of the table `values`, which fill the slots of the prose."""
        return {row["name"]: row["value"] for row in self.find("values")}

    def read_messages(self) -> Rows:
        """Return what the report finds: id, section and page, and the text in the language of the build."""
        values = self.read_named_values()
        return [row | {"text": fill_text(_(row["message"]), values)} for row in self.find("messages")]

    def __missing__(self, name: str) -> Rows:
        table = datapackage.find_resource(self._descriptor, name, _REMEDY)
        self[name] = datapackage.read_rows(self._folder, table, _REMEDY)
        return self[name]


def complete_notebook(
    edition: Edition, stem: str, notebook: NotebookNode, tables: ProcessedRows, *, is_published: bool = True
) -> NotebookNode:
    """Return a copy of an executed notebook with everything that its page shows.

    In a configuration other than the published one, prose whose evidence does not hold gets a note.
    """
    whole = deepcopy(notebook)
    check_evidence(whole, stem, tables, is_published=is_published)
    fill_slots(whole, tables.read_named_values(), stem, edition.exhibits)
    for output, about in find_exhibit_outputs(whole):
        output["data"]["text/html"] = _complete_html(edition, output["data"]["text/html"], about, tables)
    return whole


def check_evidence(notebook: NotebookNode, stem: str, tables: ProcessedRows, *, is_published: bool) -> None:
    """Check what each cell of prose is based on; a report without messages declares nothing."""
    if not tables.has("messages"):
        return
    evidence = Evidence.from_rows(tables.find)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            try:
                check_prose(
                    cell.source, cell.metadata.get(EVIDENCE, {}), evidence, f"notebooks/{stem}.ipynb, cell {cell.id}"
                )
            except InputError:
                if is_published:
                    raise
                cell.source = f"{_(cell.source)}\n\n{_(NO_EVIDENCE)}"


def fill_slots(notebook: NotebookNode, values: Mapping[str, str], stem: str, exhibits: Iterable[Exhibit]) -> None:
    """Fill every `{name}` of the markdown cells in place, as text; raise InputError for any other slot."""
    text = {name: _escape_value(value) for name, value in values.items()}
    text |= {item.id.replace("-", "_"): f"[{_escape_value(item.name)}](#{item.id})" for item in exhibits}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            try:
                cell.source = fill_text(_(cell.source), text)
            except (KeyError, ValueError) as error:
                raise InputError(
                    f"slot {error} is not filled",
                    where=f"notebooks/{stem}.ipynb, cell {cell.id}",
                    expected="a {name} from the table of named values, or an exhibit, such as {figure_1}",
                    remedy=f"correct the name, or add the value to src/{report.package}/values.py",
                ) from None


def _escape_value(value: str) -> str:
    # A slot is within a sentence: line ends of a value would begin paragraphs, lists and code.
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(value.split()))


def _complete_html(edition: Edition, html: str, about: dict[str, Any], tables: ProcessedRows) -> str:
    """Return an exhibit with its message and status, how it is made and the statements about it."""
    item = find_exhibit(edition.exhibits, about["exhibit"])
    message = fill_exhibit_message(item, tables.read_named_values())
    words = {word: _(text) for word, text in WORDS.items()}
    behind = render_template(
        "page/behind.html",
        exhibit=item,
        name=item.name,
        function=about["function"],
        origins=find_origins(item, tables),
        titles=tables.read_titles(),
        claims=[claim for claim in tables.find("claims") if claim["exhibit"] == item.id],
    )
    status = compute_status(item, about["counts"])
    head = render_template("page/status.html", exhibit=item, message=message, status=status, words=words)
    if message:
        # The alt text of a picture begins with what it shows.
        html = html.replace(' alt="', f' alt="{escape(message)} ', 1)
    return html.replace("<!--status-->", head, 1).replace("<!--behind-->", behind, 1)


def fill_exhibit_message(item: Exhibit, values: Mapping[str, str]) -> str:
    """Return what an exhibit shows in one sentence, or nothing; raise InputError for a slot without a value."""
    try:
        return fill_text(_(item.message), values)
    except (KeyError, ValueError) as error:
        raise InputError(
            f"slot {error} of the message of {item.id} is not filled",
            where=f"src/{report.package}/exhibits.py",
            expected="a {name} from the table of named values",
            remedy=f"correct the name, or add the value to src/{report.package}/values.py",
        ) from None
