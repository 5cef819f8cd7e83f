"""Read notebooks: the project's own and those of a build, and the exhibits that these show."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from reissue.core.datapackage import read_text
from reissue.core.errors import InputError
from reissue.core.paths import display_path


def read_notebook(path: Path, remedy: str = "restore it from the repository") -> NotebookNode:
    """Return a notebook, its cells numbered if they have no ids; raise InputError if it is missing or damaged."""
    text = read_text(path, remedy)
    try:
        notebook = nbformat.reads(text, as_version=4)
        if notebook.nbformat_minor < 5:
            # nbformat would add random ids.
            notebook.nbformat_minor = 5
            for place, cell in enumerate(notebook.cells):
                cell.id = f"cell-{place}"
        nbformat.validate(notebook)
    except (nbformat.ValidationError, ValueError, AttributeError, KeyError, TypeError):
        # For other JSON, nbformat raises the errors of its look-ups.
        raise InputError("not a whole notebook", where=display_path(path), remedy=remedy) from None
    return notebook


def list_imports(notebook: NotebookNode) -> list[str]:
    """Return the modules that the cells of a notebook import from."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    nodes = list(ast.walk(ast.parse(code)))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]


def find_exhibit_outputs(notebook: Mapping[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the outputs of a notebook that show an exhibit, each with its metadata on the exhibit."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    found = [(output, output.get("metadata", {}).get("reissue", {})) for output in outputs]
    return [(output, about) for output, about in found if about.get("exhibit")]
