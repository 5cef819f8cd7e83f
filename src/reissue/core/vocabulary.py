"""How a report's columns are headed and its cells translated, and the languages that it is published in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH = "en"


@dataclass(frozen=True)
class Vocabulary:
    """What the tables of one report say beyond what those of the machinery say.

    Attributes
    ----------
    languages
        The languages of the report's pages, each by its own name; English is always one.
    headings
        What a column is called where readers see it.
    acronyms
        What a part of a column's name stands for, where the column has no heading.
    words
        Columns whose cells are words for readers; others hold names, codes and numbers.
    codes
        Columns of codes that code compares, and that become words on the page alone.
    pairs
        Columns whose cells are two names, `a and b`.
    tables
        The raw tables whose words pages show: their words and codes are translated.
    """

    languages: Mapping[str, str] = field(default_factory=lambda: {ENGLISH: "English"})
    headings: Mapping[str, str] = field(default_factory=dict)
    acronyms: Mapping[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    tables: tuple[str, ...] = ()
