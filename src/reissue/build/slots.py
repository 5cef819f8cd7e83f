"""Fill the slots of a notebook's prose: `{visitors}` is a named value, `{figure_1}` a link to that exhibit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter

from nbformat import NotebookNode

from reissue.core import report
from reissue.core.errors import InputError
from reissue.core.language import _
from reissue.exhibits.registry import Exhibit

#: What HTML or Markdown could read as more than text, at the beginning of a line or within; addresses become links.
_MARKUP = re.compile(r"[!-+\--/:-@\[-`{-~]")


def fill_slots(notebook: NotebookNode, values: Mapping[str, str], stem: str, exhibits: Iterable[Exhibit]) -> None:
    """Fill every `{name}` of the markdown cells in place, in the build's language; values are text, never markup.

    Raises
    ------
    InputError
        If a slot names no value, or is no plain `{name}`.
    """
    text = {name: _escape_value(value) for name, value in values.items()}
    # Besides, `{figure_1}` is a link to that exhibit.
    text |= {item.id.replace("-", "_"): f"[{_escape_value(item.name)}](#{item.id})" for item in exhibits}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            try:
                cell.source = _fill_text(_(cell.source), text)
            except (KeyError, ValueError) as error:
                raise InputError(
                    f"slot {error} is not filled",
                    where=f"notebooks/{stem}.ipynb, cell {cell.id}",
                    expected="a {name} from the table of named values, or an exhibit's such as {figure_1}",
                    remedy=f"correct the name, or add the value to src/{report.package}/values.py",
                ) from None


def _escape_value(value: str) -> str:
    # A slot stands in a sentence: lines of a value would begin paragraphs, lists and code.
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(value.split()))


def _fill_text(text: str, values: Mapping[str, str]) -> str:
    """Fill slots as `str.format` does, but without its access to attributes and its formats."""
    parts = []
    for literal, name, form, conversion in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            if form or conversion:
                raise KeyError(f"{name}{'!' if conversion else ':'}...")
            parts.append(values[name])
    return "".join(parts)
