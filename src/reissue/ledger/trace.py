"""`make trace SOURCE=file`: find every printed string of the ledger in a copy of the published report.

The report is not part of this project. With a copy (PDF, or text extracted from it) a reader can check that each claim
quotes its page. Extraction adds spaces and breaks hyphens, so both are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from reissue.core import datapackage, paths
from reissue.core.datapackage import RESTORE
from reissue.core.errors import InputError

FOUND, ELSEWHERE, AMBIGUOUS, MISSING = RESULTS = ("found", "elsewhere", "ambiguous", "missing")
_GAP = r"[\s\u00ad\u2010-\u2015\u2212-]"
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
#: A page number is the only text on its line, between blank lines. A number in a drawing has other text beside it.
_NUMBER_LINE = re.compile(r"(?<=\n)[ \t]*\n[ \t]*(\d{1,3})[ \t]*\n(?=[ \t]*\n)")


@dataclass(frozen=True)
class Stretch:
    """The text of a page, or of all pages from `first` to `last` if their borders are unknown."""

    first: int
    last: int
    text: str


def trace(claims: pd.DataFrame, stretches: list[Stretch]) -> pd.DataFrame:
    """Return one row per claim: id, page, printed, result, where.

    A string is `found` if it is on its page; `ambiguous` if it is there more than once, and the page has a stretch of
    its own; `elsewhere` if it is only on other pages; otherwise `missing`.
    """
    texts = [(stretch, _normalise(stretch.text)) for stretch in stretches]
    rows = []
    for id_, page, printed in zip(claims["id"], claims["page"], claims["printed"], strict=True):
        pattern = _compile(printed)
        counts = {stretch: len(pattern.findall(text)) for stretch, text in texts}
        own = {stretch: n for stretch, n in counts.items() if stretch.first <= page <= stretch.last}
        others = [stretch.first for stretch, n in counts.items() if n and stretch not in own]
        if sum(own.values()) > 1 and any(stretch.first == stretch.last for stretch in own):
            result = AMBIGUOUS
        elif any(own.values()):
            result = FOUND
        else:
            result = ELSEWHERE if others else MISSING
        rows.append((id_, page, printed, result, ", ".join(map(str, others[:5]))))
    return pd.DataFrame(rows, columns=["id", "page", "printed", "result", "where"])


def read_source(path: Path, claims: pd.DataFrame) -> list[Stretch]:
    """Return the pages of a PDF or text. A text has form feeds between its pages, or else lines with page numbers.

    Raises
    ------
    InputError
        If the file is missing, neither PDF nor text, encrypted, or has no text.
    """
    where = f"SOURCE {path}"
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError(what, where=where, expected="a PDF or text", remedy="name the file") from None
    if content.startswith(b"%PDF"):
        return _number_pages(_read_pdf(content, where), claims)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = "is neither a PDF nor UTF-8 text"
        raise InputError(what, where=where, expected="the report", remedy="name another file") from None
    if not text.strip():
        raise InputError("has no text", where=where, expected="the report", remedy="name another file")
    if "\f" in text:
        return _number_pages(text.split("\f"), claims)
    return _split_at_numbers(text, last=int(claims["page"].max()))


def _read_pdf(content: bytes, where: str) -> list[str]:
    # Only this command needs pypdf.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError) as error:
        what = f"cannot be read as a PDF: {error}"
        raise InputError(what, where=where, remedy="save it again without a password") from None
    if not any(page.strip() for page in pages):
        raise InputError("the PDF has no text", where=where, remedy="use one that is not a scan")
    return pages


def _number_pages(pages: list[str], claims: pd.DataFrame) -> list[Stretch]:
    """Give pages their printed numbers: a cover shifts them, by the number on which most claims agree."""
    texts = [_normalise(page) for page in pages]
    shifts = Counter[int]()
    for printed, page in zip(claims["printed"], claims["page"], strict=True):
        pattern = _compile(printed)
        shifts.update(place - page for place, text in enumerate(texts, start=1) if pattern.search(text))
    shift = min(shifts, key=lambda s: (-shifts[s], abs(s))) if shifts else 0
    return [Stretch(place - shift, place - shift, page) for place, page in enumerate(pages, start=1)]


def _split_at_numbers(text: str, last: int) -> list[Stretch]:
    """Split a text at the growing page numbers on lines of their own; pages without one stay together."""
    marks = [(0, 1)]
    for match in _NUMBER_LINE.finditer(text):
        if marks[-1][1] < int(match[1]) <= last:
            marks.append((match.start(), int(match[1])))
    ends = [*marks[1:], (len(text), last + 1)]
    return [
        Stretch(first, max(first, after - 1), text[begin:end])
        for (begin, first), (end, after) in zip(marks, ends, strict=True)
    ]


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_QUOTES)


def _compile(printed: str) -> re.Pattern[str]:
    """Return a pattern that ignores gaps. `20` is not found inside `2019`."""
    letters = re.sub(_GAP, "", _normalise(printed))
    start = r"(?<!\d)" if letters[0].isdigit() else ""
    end = r"(?!\d)" if letters[-1].isdigit() else ""
    return re.compile(f"{start}{f'{_GAP}*'.join(map(re.escape, letters))}{end}")


def trace_source(source: Path) -> int:
    """Trace the ledger in a copy of the report and print what is not found; return 0 if everything is, otherwise 1."""
    descriptor = datapackage.read_descriptor(paths.RAW, RESTORE)
    claims = datapackage.read_table(paths.RAW, datapackage.find_resource(descriptor, "claims"), RESTORE)
    result = trace(claims, read_source(source, claims))
    for row in result[result["result"] != FOUND].to_dict("records"):
        also = f" (on page {row['where']})" if row["where"] else ""
        print(f"{row['result']}: {row['id']}, page {row['page']}: {row['printed']!r}{also}")
    counts = result["result"].value_counts()
    print(", ".join(f"{counts.get(word, 0)} {word}" for word in RESULTS))
    return 0 if counts.get(FOUND, 0) == len(result) else 1
