"""From the page to what is printed of it, tag by tag; what is kept is copied as it is written."""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from reissue.core.language import _
from reissue.publication.metadata import Metadata

#: Elements and classes that paper has no use for: the page's own style, what is behind an exhibit, code, raw rows.
_LEFT_OUT = {
    "style",
    "script",
    "link",
    ".skip",
    ".beside",
    ".behind",
    ".download",
    ".data",
    ".how",
    ".touching",
    ".code",
    ".plain",
    ".rows",
}
_VOID = {"meta", "link", "img", "br", "hr", "input", "col", "wbr"}
#: A title's short form ends before the first of these.
_SHORT = re.compile(r"[,:–]")
#: What is said of a build that is not for release.
_NOTICE = re.compile(r'<p class="notice"[^>]*>.*?</p>', re.DOTALL)
#: What is written: text, or for a link its target, what is written where that is there, and what where it is not.
_Piece = str | tuple[str, str, str]


def prepare_for_print(about: Metadata, page: str) -> str:
    """Return the page of the report as it is printed; what is kept is copied as it is written.

    Left out are the page's style and all that it has folded away or behind an exhibit, with a line where a chapter
    would else promise what is not there. Contents and ledger are opened. A link to what was left out becomes text.
    What is said of a build that is not for release comes first.
    Added are the dates of the edition, what the running header says, the pages that exhibits stand on, and a word on
    what only the page has.

    Parameters
    ----------
    about
        Metadata of the edition.
    page
        HTML of the whole report, well nested.
    """
    if notice := _NOTICE.search(page):
        page = page.replace(notice[0], "", 1).replace("<header>", f"<header>{notice[0]}", 1)
    printed = _Printed(about)
    printed.feed(page)
    printed.close()
    return printed.text()


class _Printed(HTMLParser):
    """Copies a page tag by tag."""

    def __init__(self, about: Metadata) -> None:
        super().__init__(convert_charrefs=False)
        self._about = about
        #: What is written: text, or for a link its target, and what is written where that is there and where not.
        self._out: list[_Piece] = []
        self._ids: set[str] = set()
        #: Of each open element the tag, its classes and what closes it in print.
        self._open: list[tuple[str, list[str], _Piece]] = []
        #: How many elements deep in something that is left out.
        self._depth = 0
        self._title = ""
        #: Where the last link leads.
        self._target = ""

    def text(self) -> str:
        return "".join(
            piece if isinstance(piece, str) else piece[1 if piece[0] in self._ids else 2] for piece in self._out
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if self._depth or self._is_left_out(tag, classes, attributes):
            self._depth += tag not in _VOID
            return
        if name := attributes.get("id"):
            self._ids.add(name)
        begin, end = self._replaced(tag, classes, attributes)
        self._out.append(begin)
        if tag not in _VOID:
            self._open.append((tag, classes, end))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._depth:
            self._out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
            return
        if not self._open:
            return
        if tag == "tr" and self._within("overview"):
            self._out.append(self._page_cell())
        elif tag == "head":
            self._out.append(_dates(self._about))
        elif tag == "header":
            self._out.append(_only_on_the_page())
        self._out.append(self._open.pop()[2])
        if tag == "a" and self._within("toc"):
            self._out.append(self._page_number())

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self._out.append(data)
            if self._open[-1:] and self._open[-1][0] == "title":
                self._title += data

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._out.append(f"<!{decl}>")

    def _is_left_out(self, tag: str, classes: list[str], attributes: dict[str, str]) -> bool:
        if not _LEFT_OUT.isdisjoint({tag, *(f".{name}" for name in classes)}):
            if "rows" in classes:
                self._note()
            return True
        if attributes.get("aria-label") == _("Every column of every table"):
            self._note()
            return True
        return False

    def _note(self) -> None:
        """Say once that something is on the page only, however much of it stands there side by side."""
        note = f'<p class="left-out">{escape(_("On the page, not in this PDF."))}</p>\n'
        last = next((piece for piece in reversed(self._out) if isinstance(piece, tuple) or piece.strip()), "")
        if last != note:
            self._out.append(note)

    def _replaced(self, tag: str, classes: list[str], attributes: dict[str, str]) -> tuple[_Piece, _Piece]:
        """Return what begins and what closes an element in print."""
        written = self.get_starttag_text() or ""
        if tag == "h1":
            short = escape(_SHORT.split(unescape(self._title))[0], quote=True)
            return f'<h1 data-short="{short}">', "</h1>"
        if tag == "details":
            kind = "section" if "toc" in classes else "div"
            return written.replace("<details", f"<{kind}", 1), f"</{kind}>"
        if tag == "summary":
            return ("<h2>", "</h2>") if self._within("toc") else ('<p class="summary">', "</p>")
        if tag == "a" and attributes.get("href", "").startswith("#"):
            target = unquote(attributes["href"][1:])
            self._target = escape(attributes["href"], quote=True)
            plain = f'<span class="{escape(attributes.get("class", ""), quote=True)}">'
            return (target, written, plain), (target, "</a>", "</span>")
        return written, f"</{tag}>"

    def _page_cell(self) -> str:
        """Return the last cell of a row of the lists: the page of the exhibit here; the other page is the report's."""
        if any(tag == "thead" for tag, _classes, _end in self._open):
            return f'<th scope="col" class="number">{escape(_("In this PDF"))}</th>'
        return f'<td class="number">{self._page_number()}</td>'

    def _page_number(self) -> str:
        """Return the page that the last link leads to; beside it, lest two links in one are read out."""
        return f'<span class="here" data-to="{self._target}"></span>'

    def _within(self, name: str) -> bool:
        return any(name in classes for _tag, classes, _end in self._open)


def _dates(about: Metadata) -> str:
    """Return what the head says besides: the edition's own date, since a clock's would differ with every run."""
    kept = {"dcterms.created": about["released"], "dcterms.modified": about["released"]}
    kept["keywords"] = ", ".join(about["keywords"])
    return "".join(f'<meta name="{name}" content="{escape(value, quote=True)}">\n' for name, value in kept.items())


def _only_on_the_page() -> str:
    heading, text = (
        _("What only the page has"),
        _(
            "The data behind each figure, how it is made and what the report states about it, the code, the raw rows "
            "and the dictionary of every table are on the page that this PDF was made from."
        ),
    )
    return f"<section><h2>{escape(heading)}</h2>\n<p>{escape(text)}</p></section>\n"
