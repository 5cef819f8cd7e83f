"""`make trace SOURCE=file`: find every printed string of the ledger in a copy of the published report.

The report is not part of this project; whoever has it (PDF, or text extracted from it) can check that
each claim says what stands on its page. Extraction leaves stray spaces and broken hyphens: both sides are
compared without white space and hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reissue.core import datapackage, paths
from reissue.core.datapackage import RESTORE
from reissue.core.errors import InputError

FOUND, ELSEWHERE, AMBIGUOUS, MISSING = "found", "elsewhere", "ambiguous", "missing"
_DROPPED = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
#: A page number: alone on its line, between blank lines. A number in a drawing has text beside it.
_NUMBER_LINE = re.compile(r"(?<=\n)[ \t]*\n[ \t]*(\d{1,3})[ \t]*\n(?=[ \t]*\n)")


@dataclass(frozen=True)
class Stretch:
    """Some text and the pages that it comes from: one page, or all between two that can be told."""

    first: int
    last: int
    text: str

    @property
    def is_page(self) -> bool:
        """Whether it is exactly one page."""
        return self.first == self.last


def trace(claims: pd.DataFrame, stretches: list[Stretch]) -> pd.DataFrame:
    """Return one row per claim: id, page, printed, result, where.

    A string is `found` if it stands on its page, once where the page is told exactly; `ambiguous` if more
    than once there; `elsewhere` if on other pages only; else `missing`.
    """
    stripped = [(stretch, *_stripped(stretch.text)) for stretch in stretches]
    rows = []
    for id_, page, printed in zip(claims["id"], claims["page"], claims["printed"], strict=True):
        counts = [(stretch, _count(printed, text, source)) for stretch, text, source in stripped]
        own = sum(n for stretch, n in counts if stretch.first <= page <= stretch.last)
        exact = any(stretch.is_page for stretch, _ in counts if stretch.first <= page <= stretch.last)
        others = [stretch.first for stretch, n in counts if n and not stretch.first <= page <= stretch.last]
        absent = ELSEWHERE if others else MISSING
        present = AMBIGUOUS if own > 1 and exact else FOUND
        result = present if own else absent
        rows.append((id_, page, printed, result, ", ".join(map(str, others[:5]))))
    return pd.DataFrame(rows, columns=["id", "page", "printed", "result", "where"])


def read_source(path: Path, claims: pd.DataFrame) -> list[Stretch]:
    """Return the pages of a PDF, or of text: by form feeds, else by page numbers that stand alone.

    Raises
    ------
    InputError
        If the file is missing, no PDF or text, encrypted, or holds no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            where=f"SOURCE {path}",
            expected="a PDF or text",
            remedy="name the file",
        ) from None
    if content.startswith(b"%PDF"):
        return _numbered(_pdf_pages(content, path), claims)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "is neither a PDF nor UTF-8 text", where=f"SOURCE {path}", expected="the report", remedy="name another file"
        ) from None
    if not text.strip():
        raise InputError("holds no text", where=f"SOURCE {path}", expected="the report", remedy="name another file")
    if "\f" in text:
        return _numbered(text.split("\f"), claims)
    return _by_number_lines(text, last=int(claims["page"].max()))


def _pdf_pages(content: bytes, path: Path) -> list[str]:
    # pypdf is imported here: only who traces a PDF needs it.
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"cannot be read as a PDF: {error}", where=f"SOURCE {path}", remedy="save it anew without a password"
        ) from None
    if not any(page.strip() for page in pages):
        raise InputError("the PDF holds no text", where=f"SOURCE {path}", remedy="use one that is not a scan")
    return pages


def _numbered(pages: list[str], claims: pd.DataFrame) -> list[Stretch]:
    """Give pages their printed numbers: the cover shifts them, by as much as most claims say."""
    texts = [_stripped(page) for page in pages]
    shifts = Counter(
        place - page
        for printed, page in zip(claims["printed"], claims["page"], strict=True)
        for place, (text, source) in enumerate(texts, start=1)
        if _count(printed, text, source)
    )
    shift = min(shifts, key=lambda s: (-shifts[s], abs(s))) if shifts else 0
    return [Stretch(place - shift, place - shift, page) for place, page in enumerate(pages, start=1)]


def _by_number_lines(text: str, last: int) -> list[Stretch]:
    """Cut where a page number stands alone, growing: between two of them lie the pages between."""
    marks = [(0, 1)]
    for match in _NUMBER_LINE.finditer(text):
        if marks[-1][1] < int(match[1]) <= last:
            marks.append((match.start(), int(match[1])))
    ends = [*marks[1:], (len(text), last + 1)]
    return [
        Stretch(first, max(first, after - 1), text[begin:end])
        for (begin, first), (end, after) in zip(marks, ends, strict=True)
    ]


def _stripped(text: str) -> tuple[str, str]:
    """Return the text without white space and hyphens, and for each letter what stood before it."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    kept = [
        (letter, plain[place - 1] if place else " ") for place, letter in enumerate(plain) if not _DROPPED.match(letter)
    ]
    return "".join(letter for letter, _ in kept), "".join(before for _, before in kept) + " "


def _count(printed: str, text: str, before: str) -> int:
    """Count a string in stripped text; `20` is not found inside `2019`."""
    wanted, _ = _stripped(printed)
    return sum(
        not (wanted[0].isdigit() and before[place].isdigit())
        and not (
            wanted[-1].isdigit()
            and text[place + len(wanted) : place + len(wanted) + 1].isdigit()
            and before[place + len(wanted)].isdigit()
        )
        for place in _places(wanted, text)
    )


def _places(wanted: str, text: str) -> Iterator[int]:
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)


def trace_source(source: Path) -> int:
    """Trace the ledger in a copy of the report and print what is not found; return 0, or 1 unless everything is.

    Raises
    ------
    InputError
        If the source cannot be read.
    """
    descriptor = datapackage.read_descriptor(paths.RAW, RESTORE)
    claims = datapackage.read_table(paths.RAW, datapackage.find_resource(descriptor, "claims"), RESTORE)
    result = trace(claims, read_source(source, claims))
    for row in result[result["result"] != FOUND].to_dict("records"):
        also = f" (on page {row['where']})" if row["where"] else ""
        print(f"{row['result']}: {row['id']}, page {row['page']}: {row['printed']!r}{also}")
    counts = result["result"].value_counts()
    print(", ".join(f"{counts.get(word, 0)} {word}" for word in (FOUND, ELSEWHERE, AMBIGUOUS, MISSING)))
    return 0 if counts.get(FOUND, 0) == len(result) else 1
