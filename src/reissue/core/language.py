"""The language of what readers see: English in the code and the notebooks, others from gettext catalogues.

A build has one language, which its kernels take from the environment. Data stay as they are: tables and CSV files
are the same in every language, and their words are translated where they are shown.
"""

from __future__ import annotations

import gettext
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reissue.core import dependencies, report
from reissue.core.errors import InputError
from reissue.core.vocabulary import ENGLISH

if TYPE_CHECKING:
    import pandas as pd
    from babel.messages.catalog import Message

#: Set by the runner: the language of a build.
VARIABLE = "REISSUE_LOCALE"
#: The catalogues of the machinery's own texts; a report's package has its own.
CATALOGUES = Path(__file__).parents[1] / "locale"

#: Columns of the machinery's tables whose cells are words for readers; others hold names, codes and numbers.
_WORDS = frozenset({"label", "reason", "text", "title"})
#: Columns of codes that tables show to readers: code compares them, so that they become words in the page alone.
_CODES = frozenset({"kind", "level", "qualifier", "section", "side", "verdict"})
#: Columns of what the report prints, or what the ledger says of it: English in every language, and marked so.
QUOTED = frozenset({"about", "evidence", "printed", "statement"})

#: Where a notebook and its outputs keep the texts that were looked up in vain.
MISSING = "untranslated"

#: Before which sounds Spanish has another word for `and` and for `or`; figures are read aloud.
_SPANISH = (("y", "e", re.compile(r"[ií]|h[ií](?!e)", re.IGNORECASE)), ("o", "u", re.compile(r"h?[oó]|8|11\b", re.I)))


#: The language of what is under way in this thread, where it is not the process's.
_OWN: ContextVar[str] = ContextVar("locale", default="")


def languages() -> Mapping[str, str]:
    """Return the languages of the report's pages, each by its own name."""
    return report.vocabulary().languages


def word_columns() -> frozenset[str]:
    """Return the columns whose cells are words for readers, of the machinery's tables and of the report's."""
    return _WORDS | report.vocabulary().words


def code_columns() -> frozenset[str]:
    """Return the columns of codes that pages show as words, of the machinery's tables and of the report's."""
    return _CODES | report.vocabulary().codes


def current_language() -> str:
    """Return the language of this build.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    return check_language(_OWN.get() or os.environ.get(VARIABLE) or ENGLISH)


@contextmanager
def use_language(locale: str) -> Iterator[None]:
    """Let what is done inside be in a language, in this thread alone: a worker may make pages in several at once."""
    token = _OWN.set(check_language(locale))
    try:
        yield
    finally:
        _OWN.reset(token)


def check_language(locale: str) -> str:
    """Return the name of a language once it is one of those that there are.

    Raises
    ------
    InputError
        If it is not.
    """
    if locale not in languages():
        raise InputError(
            f"there is no language {locale!r}",
            where="LOCALE",
            expected=f"one of {', '.join(languages())}",
            remedy=f"choose one, or add src/{report.package}/locale/NAME.po",
        )
    return locale


def _(text: str) -> str:
    """Return a text in the language of this build."""
    if current_language() != ENGLISH:
        dependencies.texts.add((text,))
    return _catalogue(current_language()).translations.gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the text that goes with a number, in the language of this build."""
    if current_language() != ENGLISH:
        dependencies.texts.add((one, many))
    return _catalogue(current_language()).translations.ngettext(one, many, number)


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is used."""
    return text


def format_number(value: float) -> str:
    """Return a number as the language writes it: at most six digits, no sign between thousands."""
    text = f"{value:g}"
    return text if current_language() == ENGLISH else text.replace(".", ",")


def format_thousands(value: int) -> str:
    """Return a whole number as prose has it: with a sign between thousands, outside of English from five digits on."""
    if current_language() == ENGLISH:
        return f"{value:,}"
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def join_words(parts: Sequence[str], *, last: str = "and", english: bool = False) -> str:
    """Return words as a list, in the build's language unless `english` is asked for: `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    word = last if english else {"and": _("and"), "or": _("or")}[last]
    if current_language() == "es":
        word = next((other for usual, other, sound in _SPANISH if word == usual and sound.match(parts[-1])), word)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


_RUN, _NONE = N_("{first} to {last}"), N_("none")


def format_counts(values: Sequence[int], *, last: str = "or", english: bool = False) -> str:
    """Say a set of counts in words: `3`, `28 to 30`, `7 or 21 to 23`.

    In the build's language, unless `english` is asked for: evidence is data, the same in every language.
    """
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    run_of, none = (_RUN, _NONE) if english else (_(_RUN), _(_NONE))
    told = [
        one for run in runs for one in (map(str, run) if len(run) < 3 else [run_of.format(first=run[0], last=run[-1])])
    ]
    return join_words(told, last=last, english=english) or none


def translate_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose words are in the language of this build; names, codes and numbers stay.

    Returns
    -------
    DataFrame
        One row per row, the same columns; the table given is not changed.
    """
    if current_language() == ENGLISH:
        return frame
    columns = frame[[name for name in frame if name in word_columns()]]
    return frame.assign(**columns.map(lambda cell: _(cell) if isinstance(cell, str) else cell))


class _Untranslated(gettext.NullTranslations):
    """Answers with the English text where there is no translation, and notes it."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: set[str] = set()

    def gettext(self, message: str) -> str:
        """Return the text as it is."""
        self.noted.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English text that goes with a number."""
        self.noted.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)


@dataclass(frozen=True)
class _Catalogue:
    """A language's translations; the texts of its file, those without a translation, and those looked up in vain."""

    translations: gettext.NullTranslations
    texts: frozenset[str]
    lacking: frozenset[str]
    missed: _Untranslated


def is_translated(message: Message) -> bool:
    """Return whether a message of a catalogue has all forms of a translation, and none that is to be checked."""
    forms = [message.string] if isinstance(message.string, str) else message.string or [""]
    return not message.fuzzy and all(forms)


def is_missing(text: str) -> bool:
    """Return whether a text for readers has no translation in the language of this build."""
    _(text)
    return text in list_untranslated()


def list_untranslated() -> list[str]:
    """Return the texts without a translation that this process has looked up so far, in order.

    What has no letters, such as a number, needs none.
    """
    return sorted(text for text in _catalogue(current_language()).missed.noted if re.search("[A-Za-z]", text))


def find_missing_texts(noted: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the texts without a translation in the language of this build, and all texts that its file has.

    Parameters
    ----------
    noted
        Texts that other processes looked up in vain; those of this one are known.
    """
    catalogue = _catalogue(current_language())
    return {*noted, *list_untranslated(), *catalogue.lacking}, {*catalogue.texts}


@cache
def _catalogue(locale: str) -> _Catalogue:
    missed = _Untranslated()
    if locale == ENGLISH:
        return _Catalogue(gettext.NullTranslations(), frozenset(), frozenset(), missed)
    # Babel takes 0.1 s, which English builds need not pay.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    translations: gettext.NullTranslations = missed
    texts: set[str] = set()
    lacking: set[str] = set()
    for path in reversed(catalogue_files(locale)):
        # Which of its texts are looked up is noted, not that it was read.
        with dependencies.paused():
            catalogue = read_po(io.BytesIO(path.read_bytes()), locale=locale)
        messages = [message for message in catalogue if message.id]
        untranslated = [message.id for message in messages if not is_translated(message)]
        for text in untranslated:
            catalogue.delete(text)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found = gettext.GNUTranslations(compiled)
        found.add_fallback(translations)
        translations = found
        texts |= _first(message.id for message in messages)
        lacking |= _first(untranslated)
    return _Catalogue(translations, frozenset(texts), frozenset(lacking), missed)


def catalogue_files(locale: str = "") -> list[Traversable]:
    """Return the files of a language's texts, the report's before the machinery's; those there are.

    Parameters
    ----------
    locale
        The language; that of this build unless it is given.
    """
    locale = locale or current_language()
    folders: list[Traversable] = [report.resource("locale")] if report.package else []
    return [file for folder in (*folders, CATALOGUES) if (file := folder / f"{locale}.po").is_file()]


def _first(ids: Iterable[Any]) -> frozenset[str]:
    """Return texts by which messages are looked up: of one for one and one for many, the first."""
    return frozenset(text if isinstance(text, str) else text[0] for text in ids)
