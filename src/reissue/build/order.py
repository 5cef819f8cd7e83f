"""The order of the notebooks and their places on pages, read from `notebooks/order.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Any

from reissue.core import paths
from reissue.core.datapackage import RESTORE, read_text
from reissue.core.errors import InputError


@dataclass(frozen=True)
class Order:
    """Which notebooks there are, what each needs, and how the page lists them."""

    #: For each chapter, the notebooks that make the tables it reads.
    needs: dict[str, tuple[str, ...]]
    #: The chapters of the report's page, in its order.
    page: tuple[str, ...]
    #: The chapters that are on a page of their own alone, each with the beginnings of the ids that it holds.
    own_pages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: For each notebook that is no chapter, what it needs.
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find_page(self, id_: str) -> str:
        """Return the page that holds an element, as a path in the folder of a build."""
        owners = (stem for stem, beginnings in self.own_pages.items() if id_.startswith(beginnings))
        return next((f"html/{stem}.html" for stem in owners), "index.html")

    def with_needs(self, stems: list[str]) -> list[str]:
        """Return chapters and all that they need, each after those that it needs; raise InputError for others."""
        wanted: set[str] = set()
        left = list(stems)
        while left:
            stem = left.pop()
            if stem not in self.needs:
                raise InputError(
                    f"there is no notebook {stem!r}",
                    expected="one of " + ", ".join(self.needs),
                    remedy=f"correct the name, or list it in {paths.MARKER}",
                )
            wanted.add(stem)
            left += self.needs[stem]
        return [stem for stem in self.needs if stem in wanted]


def read_order() -> Order:
    """Read `notebooks/order.toml`; raise InputError if it is missing or wrong."""
    try:
        content: dict[str, Any] = tomllib.loads(read_text(paths.ROOT / paths.MARKER, RESTORE))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=paths.MARKER, remedy="correct the line") from None
    needs, beside = _read_table(content, "needs"), _read_table({"beside": {}, **content}, "beside")
    listed: list[str] = []
    for stem, needed in {**needs, **beside}.items():
        for unknown in set(needed).difference(listed):
            what = f"{unknown!r} is not listed before {stem!r}, which needs it"
            raise InputError(what, where=paths.MARKER, expected="notebooks listed above", remedy="correct the order")
        if stem in needs:
            listed.append(stem)
    page, own_pages = content.get("page"), _read_table({"own_pages": {}, **content}, "own_pages")
    if not isinstance(page, list) or sorted([*map(str, page), *own_pages]) != sorted(needs):
        what, expected = "the pages do not list every notebook once", "each notebook of [needs] once"
        where = f"{paths.MARKER}, page and [own_pages]"
        raise InputError(what, where=where, expected=expected, remedy="correct the lists")
    return Order(needs, tuple(page), own_pages, beside)


def _read_table(content: dict[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    table = content.get(name)
    if isinstance(table, dict) and all(
        isinstance(needed, list) and all(isinstance(one, str) for one in needed) for needed in table.values()
    ):
        return {stem: tuple(needed) for stem, needed in table.items()}
    what, expected = f"[{name}] is not a table of lists", 'lines such as 2_results = ["1_data"]'
    raise InputError(what, where=paths.MARKER, expected=expected, remedy="correct it")
