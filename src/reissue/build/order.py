"""The order of the notebooks, read from the file that Make includes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reissue.core import paths
from reissue.core.errors import InputError

_LINE = re.compile(r"^(NEEDS_(?P<stem>\w+)|PAGE)[ \t]*:=[ \t]*(?P<stems>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Order:
    """Which notebooks there are, what each needs, and how the page lists them."""

    needs: dict[str, tuple[str, ...]]
    page: tuple[str, ...]

    def sorted(self, stems: list[str]) -> list[str]:
        """Return the stems so that each comes after those that it needs.

        Raises
        ------
        InputError
            If there is no notebook of that name.
        """
        for stem in stems:
            if stem not in self.needs:
                raise InputError(
                    f"there is no notebook {stem!r}",
                    expected="one of " + ", ".join(self.needs),
                    remedy="mend the name, or list it in notebooks/order.mk",
                )
        rank = {stem: place for place, stem in enumerate(self.needs)}
        return sorted(set(stems), key=rank.__getitem__)


def read_order() -> Order:
    """Read `notebooks/order.mk`.

    Raises
    ------
    InputError
        If a notebook needs one that does not stand above it, or the page names one that is not there.
    """
    path = paths.NOTEBOOKS / "order.mk"
    needs: dict[str, tuple[str, ...]] = {}
    page: tuple[str, ...] = ()
    for match in _LINE.finditer(path.read_text(encoding="utf-8")):
        stems = tuple(match["stems"].split())
        unknown = [stem for stem in stems if stem not in needs]
        if unknown:
            raise InputError(
                f"{unknown[0]!r} is named before its own line",
                where=f"{paths.shown(path)}, {match[1]}",
                expected="notebooks listed above",
                remedy="mend the order",
            )
        if match["stem"]:
            needs[match["stem"]] = stems
        else:
            page = stems
    return Order(needs, page)
