"""The language of what readers see: English in the code and the notebooks, others from gettext catalogues.

A build has one language, which its kernels read from the environment. Tables and CSV files are the same in every
language; their words are translated where pages show them.
"""

from __future__ import annotations

import gettext
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

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
#: Columns of codes that code compares; only pages show them as words.
_CODES = frozenset({"kind", "level", "qualifier", "section", "side", "verdict"})
#: Columns of what the report prints and of the ledger's evidence: English in every language, and marked as English.
QUOTED = frozenset({"about", "evidence", "printed", "statement"})

#: The key under which a notebook and its outputs keep the texts that have no translation.
MISSING = "untranslated"

#: Spanish has another word for `and` and for `or` before these sounds; figures are read aloud.
_SPANISH = (("y", "e", re.compile(r"[ií]|h[ií](?!e)", re.IGNORECASE)), ("o", "u", re.compile(r"h?[oó]|8|11\b", re.I)))

#: The language of this thread, if it is not the process's.
_OWN: ContextVar[str] = ContextVar("locale", default="")


def languages() -> Mapping[str, str]:
    """Return the languages of the report's pages, each by its own name."""
    return report.vocabulary().languages


def word_columns() -> frozenset[str]:
    """Return the columns whose cells are words for readers, in the machinery's tables and in the report's."""
    return _WORDS | report.vocabulary().words


def code_columns() -> frozenset[str]:
    """Return the columns of codes that pages show as words, in the machinery's tables and in the report's."""
    return _CODES | report.vocabulary().codes


def current_language() -> str:
    """Return the language of this build; raise InputError if it is unknown."""
    return check_language(_OWN.get() or os.environ.get(VARIABLE) or ENGLISH)


@contextmanager
def use_language(locale: str) -> Iterator[None]:
    """Use a language inside the block, in this thread alone: a worker may write pages in several at once."""
    token = _OWN.set(check_language(locale))
    try:
        yield
    finally:
        _OWN.reset(token)


def check_language(locale: str) -> str:
    """Return the code of a language; raise InputError if there are no translations into it."""
    if locale not in languages():
        raise InputError(
            f"unknown language {locale!r}",
            where="LOCALE",
            expected=f"one of {', '.join(languages())}",
            remedy=f"choose one, or add src/{report.package}/locale/NAME.po",
        )
    return locale


def _(text: str) -> str:
    """Return a text in the language of this build."""
    if current_language() != ENGLISH:
        dependencies.texts.add((text,))
    return _catalogue(current_language())[0].gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return the singular or plural text for a number, in the language of this build."""
    if current_language() != ENGLISH:
        dependencies.texts.add((one, many))
    return _catalogue(current_language())[0].ngettext(one, many, number)


def N_(text: str) -> str:
    """Mark a text for the catalogues without translating it."""
    return text


def format_number(value: float) -> str:
    """Return a number as the language writes it: at most six digits, no thousands separator."""
    text = f"{value:g}"
    return text if current_language() == ENGLISH else text.replace(".", ",")


def format_thousands(value: int) -> str:
    """Return a whole number with a thousands separator, as prose has it: outside of English from five digits on."""
    if current_language() == ENGLISH:
        return f"{value:,}"
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def join_words(parts: Sequence[str], *, last: str = "and", english: bool = False) -> str:
    """Return words as a list such as `a, b and c`, in the build's language unless `english`."""
    if len(parts) < 2:
        return "".join(parts)
    word = last if english else {"and": _("and"), "or": _("or")}[last]
    if current_language() == "es":
        word = next((other for usual, other, sound in _SPANISH if word == usual and sound.match(parts[-1])), word)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def split_runs(values: Sequence[int]) -> list[list[int]]:
    """Return ascending counts as runs of consecutive ones: `7;21;22;23` is 7, and 21 to 23."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


_RANGE, _NONE = N_("{first} to {last}"), N_("none")


def format_counts(values: Sequence[int], *, last: str = "or", english: bool = False) -> str:
    """Return a set of counts in words: `3`, `28 to 30`, `7 or 21 to 23`.

    The words are in the build's language unless `english`: evidence is data, the same in every language.
    """
    range_, none = (_RANGE, _NONE) if english else (_(_RANGE), _(_NONE))
    words: list[str] = []
    for run in split_runs(values):
        words += map(str, run) if len(run) < 3 else [range_.format(first=run[0], last=run[-1])]
    return join_words(words, last=last, english=english) or none


def translate_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose words are in the language of this build; names, codes and numbers stay."""
    if current_language() == ENGLISH:
        return frame
    columns = frame[[name for name in frame if name in word_columns()]]
    return frame.assign(**columns.map(lambda cell: _(cell) if isinstance(cell, str) else cell))


class _Untranslated(gettext.NullTranslations):
    """Returns the English text and records that it has no translation."""

    def __init__(self) -> None:
        super().__init__()
        #: Texts that this process has looked up in vain; all texts of the language's files; those not translated there.
        self.looked_up: set[str] = set()
        self.texts: set[str] = set()
        self.lacking: set[str] = set()

    def gettext(self, message: str) -> str:
        """Return the text as it is."""
        self.looked_up.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English text for a number."""
        self.looked_up.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)


def is_translated(message: Message) -> bool:
    """Return whether a catalogue has every form of a message's translation, none of them fuzzy."""
    forms = [message.string] if isinstance(message.string, str) else message.string or [""]
    return not message.fuzzy and all(forms)


def list_untranslated() -> list[str]:
    """Return the texts without a translation that this process has looked up; a text without letters needs none."""
    return sorted(text for text in _catalogue(current_language())[1].looked_up if re.search("[A-Za-z]", text))


def find_missing_texts(looked_up: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the texts without a translation in the language of this build, and all texts in the language's files.

    `looked_up` are texts that other processes looked up in vain; those of this one are known.
    """
    untranslated = _catalogue(current_language())[1]
    return {*looked_up, *list_untranslated(), *untranslated.lacking}, untranslated.texts


@cache
def _catalogue(locale: str) -> tuple[gettext.NullTranslations, _Untranslated]:
    """Return the translations of a language, and what they fall back to."""
    untranslated = _Untranslated()
    if locale == ENGLISH:
        return gettext.NullTranslations(), untranslated
    # Babel takes 0.1 s, which English builds need not pay.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    translations: gettext.NullTranslations = untranslated
    for path in reversed(catalogue_files(locale)):
        # What is recorded is each text that is looked up, not the file.
        with dependencies.pause():
            catalogue = read_po(io.BytesIO(path.read_bytes()), locale=locale)
        for message in [message for message in catalogue if message.id]:
            text = message.id if isinstance(message.id, str) else message.id[0]
            untranslated.texts.add(text)
            if not is_translated(message):
                untranslated.lacking.add(text)
                catalogue.delete(message.id)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found = gettext.GNUTranslations(compiled)
        found.add_fallback(translations)
        translations = found
    return translations, untranslated


def catalogue_files(locale: str = "") -> list[Traversable]:
    """Return the files of a language's texts, the report's before the machinery's; by default of this build's."""
    locale = locale or current_language()
    folders: list[Traversable] = [report.resource("locale")] if report.package else []
    return [file for folder in (*folders, CATALOGUES) if (file := folder / f"{locale}.po").is_file()]
