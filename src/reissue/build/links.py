"""Links between the pages of a build, and to the same report in other languages; all are relative."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from reissue.build.configuration import Build
from reissue.build.order import Order
from reissue.core import language, paths

#: Pages in the folder of a build.
HOME, MAKING, REVIEW = "index.html", "making.html", "review.html"
_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'\bhref="#([^"]+)"')


class Language(NamedTuple):
    """The report in another language: code, its own name, and the address of its page."""

    code: str
    name: str
    address: str


def relative_address(target: str, page: str) -> str:
    """Return the address of a file as a page links to it; both are paths in the folder of a build."""
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
    here = paths.build_folder(build.name)
    found = []
    for code, name in language.languages().items():
        folder = paths.build_folder(paths.build_name(build.variant, build.answers is not None, code))
        found.append(Language(code, name, Path(os.path.relpath(folder / HOME, here)).as_posix()))
    return found
