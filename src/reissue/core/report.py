"""The report's package, which registers itself when it is imported, and what the machinery reads from it.

- `labels.VOCABULARY`: its languages, and how the columns of its tables are headed and translated;
- `locale/LANGUAGE.po`: its texts in each language;
- `schemas/processed.json`: the dictionary of its processed tables;
- `templates/`: the layouts of its own tables, and their style: `page.css` for the screen, `print.css` for paper.
"""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable

from reissue.core.vocabulary import Vocabulary

#: The name of the package of the report; empty if the machinery is used alone.
package = ""


def set_package(name: str) -> None:
    """Set the package from which the machinery reads the report's own files."""
    global package
    package = name


def command() -> str:
    """Return the name of the package whose commands a user runs: the report's, or the machinery's own."""
    return package or "reissue"


def resource(*parts: str) -> Traversable:
    """Return a file or folder of the report's package, which need not exist."""
    return files(package).joinpath(*parts)


def style(name: str) -> str:
    """Return the report's own style, `page.css` or `print.css`; empty if it has none."""
    file = resource("templates", name) if package else None
    return file.read_text(encoding="utf-8") if file and file.is_file() else ""


def vocabulary() -> Vocabulary:
    """Return the vocabulary of the report, an empty one if the machinery is used alone."""
    return import_module(f"{package}.labels").VOCABULARY if package else Vocabulary()
