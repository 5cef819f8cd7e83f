"""Lists that choose rows of a long table, without a script: CSS hides the rows that do not have what is chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_OPTION = re.compile(r'<option value="(filter-[\w-]+)"')


def build_filters(values: Mapping[str, pd.Series[str]], words: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return one list of choices per kind of value, in the order of the values' words.

    Parameters
    ----------
    values
        For each label of a list, the value of each row; empty for a row without one.
    words
        For each label, the words of its values, in the order of the list.

    Returns
    -------
    list
        One dictionary per list: `label`, and `options`, each with `name` (the class of its rows), `text`, `number` (of
        rows).
    """
    filters = []
    for number, (label, column) in enumerate(values.items()):
        counts = column.value_counts()
        options = [
            {"name": f"filter-{number}-{place}", "value": value, "text": text, "number": int(counts[value])}
            for place, (value, text) in enumerate(words[label].items())
            if value in counts
        ]
        filters.append({"label": label, "options": options})
    return filters


def list_classes(filters: Sequence[Mapping[str, Any]], row: Sequence[str]) -> str:
    """Return the classes of a row, given its value for each list."""
    return " ".join(
        option["name"]
        for one, value in zip(filters, row, strict=True)
        for option in one["options"]
        if option["value"] == value
    )


def define_filters(html: str) -> str:
    """Return the CSS that makes the lists in HTML choose rows."""
    return "".join(
        f'.ledger:has(option[value="{name}"]:checked) tbody tr:not(.{name}){{display:none}}\n'
        for name in _OPTION.findall(html)
    )
