"""Slots of texts: `{name}` is replaced by a named value, so that no number is typed."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter


def list_slots(text: str) -> list[str]:
    """Return the names of the slots of a text; raise `ValueError` if its braces do not match."""
    return [name for _literal, name, _form, _conversion in Formatter().parse(text) if name is not None]


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Fill slots as `str.format` does, but without its access to attributes and its formats.

    Raises
    ------
    KeyError
        For a slot without a value.
    ValueError
        If braces do not match.
    """
    parts = []
    for literal, name, form, conversion in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            if form or conversion:
                raise KeyError(f"{name}{'!' if conversion else ':'}...")
            parts.append(values[name])
    return "".join(parts)
