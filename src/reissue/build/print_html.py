"""From the page of the report to what is printed: what paper cannot unfold goes, page numbers come."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from reissue.core.language import _

#: The page's own style, what only a screen needs, and what the page folds away behind exhibits.
_LEFT_OUT = (
    "style, script, link, .skip, .up, .forms, .notebook, .apart, .beside, .behind, .code, .plain, .messages details"
)


def prepare_for_print(document: Any) -> None:
    """Change the page of the report, as WeasyPrint parsed it, into what is printed.

    Links to what is not printed become text. The contents and the lists of exhibits get page numbers, and the cover
    says what only the page has. A notice that a build must not be released moves to the cover, from where the style
    repeats it on every page.
    """
    root, page = document.etree_element, document.wrapper_element
    for left_out in list(page.query_all(_LEFT_OUT)):
        left_out.parent.etree_element.remove(left_out.etree_element)
    for contents in page.query_all("details.toc"):
        contents.etree_element.tag = "section"
        contents.query("summary").etree_element.tag = "h2"
    _unlink(root)
    _add_page_numbers(page)
    for header in page.query_all("header"):
        for unprinted in list(page.query_all("header .jump, .points a")):
            unprinted.parent.etree_element.remove(unprinted.etree_element)
        for section in list(page.query_all("footer .what section")):
            section.parent.etree_element.remove(section.etree_element)
            header.etree_element.append(section.etree_element)
            section.query("h3").etree_element.tag = "h2"
        for notice in list(page.query_all("main .notice")):
            notice.parent.etree_element.remove(notice.etree_element)
            header.etree_element.insert(0, notice.etree_element)
        section = SubElement(header.etree_element, "section")
        SubElement(section, "h2").text = _("What only the page has")
        SubElement(section, "p").text = _(
            "The data behind each figure, how it is made and what the report states about it, the code, every "
            "statement, the raw rows and the dictionary of every table are on the pages that this PDF was made from."
        )


def _unlink(root: Element) -> None:
    """Turn links to what is not printed into text, and write ids and links to them without percent signs."""
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", unquote(element.get("id", "")))
    ids = {element.get("id") for element in root.iter()}
    for link in root.iter("a"):
        target = unquote(link.get("href", ""))
        own = target.startswith("#") and target[1:] in ids
        if own:
            link.set("href", target)
        elif not target.startswith(("http:", "https:", "mailto:")):
            link.tag = "span"
            del link.attrib["href"]


def _add_page_numbers(page: Any) -> None:
    """Add the page of each chapter and exhibit beside its link: within the link, it would be a second link."""
    for item in page.query_all(".toc li"):
        _add_page_number(item.etree_element, item.query("a"))
    for row in page.query_all(".overview tr"):
        if link := row.query("a"):
            _add_page_number(SubElement(row.etree_element, "td", {"class": "number"}), link)
        else:
            SubElement(row.etree_element, "th", {"scope": "col", "class": "number"}).text = _("In this PDF")


def _add_page_number(parent: Element, link: Any) -> None:
    SubElement(parent, "span", {"class": "here", "data-to": link.etree_element.get("href")})
