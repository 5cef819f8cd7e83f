"""Links between the pages of a build, and to the same report in other languages; all are relative."""

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from reissue.build.configuration import Build
from reissue.build.order import Order
from reissue.core import language, paths

#: Pages in the folder of a build.
HOME, MAKING, REVIEW = "index.html", "making.html", "review.html"
_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'\bhref="#([^"]+)"')
_ADDRESS = re.compile(r'\b(?:href|src)="([^"]*)"')
#: Addresses of no file beside a page.
_ELSEWHERE = re.compile(r"(?:https?|mailto|data):")


class Language(NamedTuple):
    """The report in another language: code, its own name, and the address of its page."""

    code: str
    name: str
    address: str


def relative_address(target: str, page: str) -> str:
    """Return the address of a file as a page links to it; both are paths in the same folder, or absolute."""
    return Path(os.path.relpath(target, os.path.dirname(page) or ".")).as_posix()


def link_pages(html: str, place: str, order: Order) -> str:
    """Return a page whose links to elements of other pages lead there; `place` is its path in the build."""
    own = set(_ID.findall(html))

    def link(found: re.Match[str]) -> str:
        id_ = found[1]
        return found[0] if id_ in own else f'href="{relative_address(order.find_page(id_), place)}#{id_}"'

    return _LINK.sub(link, html)


def list_languages(build: Build) -> list[Language]:
    """Return the languages of the report, with the addresses of their pages from that of a build."""
    here = str(paths.build_folder(build.name) / HOME)
    found = []
    for code, name in language.languages().items():
        folder = paths.build_folder(paths.build_name(build.variant, build.answers is not None, code))
        found.append(Language(code, name, relative_address(str(folder / HOME), here)))
    return found


def find_broken_links(files: Mapping[str, bytes]) -> list[str]:
    """Return each link of a page that leads to no file, or to no element of one, as `page: address`."""
    pages = {place: content.decode() for place, content in files.items() if place.endswith(".html")}
    ids = {place: {*_ID.findall(html)} for place, html in pages.items()}
    broken = []
    for place, html in pages.items():
        for address in dict.fromkeys(_ADDRESS.findall(html)):
            target, _hash, fragment = address.replace("&amp;", "&").partition("#")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(target))) if target else place
            # As browsers do: the fragment as it is written, or without percent signs.
            missing = fragment and not {fragment, unquote(fragment)} & ids.get(found, set())
            if not _ELSEWHERE.match(address) and (found not in files or missing):
                broken.append(f"{place}: {address}")
    return broken
