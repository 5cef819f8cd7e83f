"""How a report's columns are headed and its cells translated, and the languages in which it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH = "en"


@dataclass(frozen=True)
class Vocabulary:
    """The languages of one report, and the words of its tables that the machinery does not have."""

    #: The languages of the report's pages, each by its own name; English is always one.
    languages: Mapping[str, str] = field(default_factory=lambda: {ENGLISH: "English"})
    #: The heading of a column for readers.
    headings: Mapping[str, str] = field(default_factory=dict)
    #: The words for a part of a column's name, if the column has no heading.
    acronyms: Mapping[str, str] = field(default_factory=dict)
    #: Columns whose cells are words for readers; others hold names, codes and numbers.
    words: frozenset[str] = frozenset()
    #: Columns of codes that code compares and that pages show as words.
    codes: frozenset[str] = frozenset()
    #: Columns whose cells are two names, `a and b`.
    pairs: frozenset[str] = frozenset()
    #: The raw tables whose words pages show: their words and codes are translated.
    tables: tuple[str, ...] = ()
