"""How a report's columns are headed and its cells translated, and the languages in which it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH = "en"


@dataclass(frozen=True)
class Vocabulary:
    """The languages of one report, and the words of its tables that the machinery does not have.

    Attributes
    ----------
    languages
        The languages of the report's pages, each by its own name; English is always one.
    headings
        The heading of a column for readers.
    acronyms
        The words for a part of a column's name, if the column has no heading.
    words
        Columns whose cells are words for readers; others hold names, codes and numbers.
    codes
        Columns of codes that code compares and that pages show as words.
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
