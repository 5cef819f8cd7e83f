"""Orders in which to fill in the cells of a part: counting is fast where few partial sums are open at a time."""

from __future__ import annotations

from functools import cache
from math import log

#: A part in normal form: lower and upper bound of each cell; forms as (cell, factor) pairs with their allowed numbers.
Domains = tuple[tuple[int, int], ...]
Forms = tuple[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], ...]


def propose_orders(domains: Domains, forms: Forms) -> list[list[int]]:
    """Return orders of the cells that keep few partial sums open at a time; the first is usually the best."""
    plan, cells = _Plan(domains, forms), range(len(domains))
    by_cell, by_form = plan.order_cells(set(cells), [0] * len(forms)), plan.order_forms()
    return [by_cell[::-1], list(cells), by_form, by_form[::-1]]


class _Plan:
    """Builds orders by the number of partial sums that each cell opens and closes."""

    def __init__(self, domains: Domains, forms: Forms) -> None:
        self._widths = [
            {cell: abs(factor) * (domains[cell][1] - domains[cell][0]) for cell, factor in cells} for cells, _ in forms
        ]
        self._whole = [sum(widths.values()) for widths in self._widths]
        self._of_cell: list[list[int]] = [[] for _ in domains]
        for number, widths in enumerate(self._widths):
            for cell in widths:
                self._of_cell[cell].append(number)

    def order_cells(self, left: set[int], done: list[int]) -> list[int]:
        """Return the order of some cells that always takes the cell that opens least; update `done`."""
        order = []
        while left:
            cell = min(left, key=lambda one: (self._growth(one, done), one))
            self._add(cell, done)
            order.append(cell)
            left.remove(cell)
        return order

    def order_forms(self) -> list[int]:
        """Return the order of all cells that always takes the form after which least is open."""
        done = [0] * len(self._whole)
        left = set(range(len(self._of_cell)))
        order: list[int] = []
        open_forms = [set(widths) for widths in self._widths]
        while any(open_forms):
            tried = [(self._after(cells, done), number) for number, cells in enumerate(open_forms) if cells]
            cells = open_forms[min(tried)[1]]
            order += self.order_cells(set(cells), done)
            left -= cells
            open_forms = [one - cells for one in open_forms]
        return order + sorted(left)

    def _after(self, cells: set[int], done: list[int]) -> int:
        ahead = list(done)
        return sum(self._add(cell, ahead) for cell in sorted(cells))

    def _add(self, cell: int, done: list[int]) -> int:
        """Add a cell to `done`; return by how much the logarithm of the number of states grows."""
        grown = self._growth(cell, done)
        for number in self._of_cell[cell]:
            done[number] += self._widths[number][cell]
        return grown

    def _growth(self, cell: int, done: list[int]) -> int:
        return sum(
            self._weight(number, done[number] + self._widths[number][cell]) - self._weight(number, done[number])
            for number in self._of_cell[cell]
        )

    def _weight(self, number: int, width: int) -> int:
        return _logarithm(min(width, self._whole[number] - width) + 1)


@cache
def _logarithm(number: int) -> int:
    # In millionths, so that the order is the same with every mathematical library.
    return round(1e6 * log(number))
