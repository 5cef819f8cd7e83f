"""Sets of count tables: products of parts that share no cell, and sums of cases that exclude one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from reissue.survey.layers import Ints, Layers
from reissue.survey.system import Form

Marginals = dict[str, dict[int, int]]


@dataclass(frozen=True)
class Leaf:
    """Tables of connected cells, counted layer by layer."""

    cells: tuple[str, ...]
    layers: Layers

    @property
    def total(self) -> int:
        """The number of tables."""
        return self.layers.total

    def marginals(self) -> Marginals:
        """Return the number of tables by cell and value."""
        return dict(zip(self.cells, self.layers.marginals(), strict=True))

    def count_by_value(self, form: Form, limit: int) -> dict[int, int]:
        """Return the number of tables by value of a form, which may have cells of other parts."""
        place = {cell: number for number, cell in enumerate(self.cells)}
        return self.layers.count_by_value({place[cell]: factor for cell, factor in form if cell in place}, limit)

    def draw(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        table = self.layers.tables(draw_uniform(source, self.total, k))
        return {cell: table[:, place] for place, cell in enumerate(self.cells)}


@dataclass(frozen=True)
class Product:
    """Parts that share no cell, and cells that have one value only."""

    fixed: Mapping[str, int]
    parts: tuple[Node, ...]

    @property
    def total(self) -> int:
        """The number of tables."""
        return prod(part.total for part in self.parts)

    def marginals(self) -> Marginals:
        """Return the number of tables by cell and value."""
        total = self.total
        found: Marginals = {cell: {value: total} for cell, value in self.fixed.items()}
        for part in self.parts if total else ():
            others = total // part.total
            for cell, counts in part.marginals().items():
                found[cell] = {value: count * others for value, count in counts.items()}
        return found

    def count_by_value(self, form: Form, limit: int) -> dict[int, int]:
        """Return the number of tables by value of a form, which may have cells of other parts."""
        found = {sum(factor * self.fixed[cell] for cell, factor in form if cell in self.fixed): 1}
        for part in self.parts:
            found = convolve(found, part.count_by_value(form, limit))
        return found

    def draw(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        found: dict[str, Ints] = {cell: np.full(k, value, dtype=np.int64) for cell, value in self.fixed.items()}
        for part in self.parts:
            found |= part.draw(k, source)
        return found


@dataclass(frozen=True)
class Sum:
    """Cases over the same cells, of which exactly one holds."""

    cases: tuple[Node, ...]

    @property
    def total(self) -> int:
        """The number of tables."""
        return sum(case.total for case in self.cases)

    def marginals(self) -> Marginals:
        """Return the number of tables by cell and value."""
        found: dict[str, Counter[int]] = {}
        for case in self.cases:
            for cell, counts in case.marginals().items():
                found.setdefault(cell, Counter()).update(counts)
        return {cell: dict(sorted(counts.items())) for cell, counts in found.items()}

    def count_by_value(self, form: Form, limit: int) -> dict[int, int]:
        """Return the number of tables by value of a form, which may have cells of other parts."""
        found: Counter[int] = Counter()
        for case in self.cases:
            found.update(case.count_by_value(form, limit))
        return dict(sorted(found.items()))

    def draw(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        ends = np.cumsum(np.array([case.total for case in self.cases], dtype=object))
        case = np.searchsorted(ends, draw_uniform(source, self.total, k).astype(object), side="right")
        found: dict[str, Ints] = {}
        for number, one in enumerate(self.cases):
            places = np.flatnonzero(case == number)
            # If no table is drawn at all, one case still names the cells.
            for cell, values in one.draw(len(places), source).items() if len(places) or not k else ():
                found.setdefault(cell, np.zeros(k, dtype=np.int64))[places] = values
        return found


Node = Leaf | Product | Sum
NOTHING = Sum(())


def convolve(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    """Return the numbers of tables by the sum of two values that do not depend on each other."""
    found: Counter[int] = Counter()
    for first, ways in one.items():
        for second, more in other.items():
            found[first + second] += ways * more
    return dict(sorted(found.items()))


def draw_uniform(source: np.random.PCG64, total: int, k: int) -> npt.NDArray[np.generic]:
    """Return `k` uniform whole numbers from 0 to `total` - 1, made from raw bits so that no version changes them."""
    words = max(1, -(-total.bit_length() // 64))
    mask = (1 << total.bit_length()) - 1
    found: list[int] = []
    while len(found) < k:
        raw = source.random_raw((k - len(found)) * words).reshape(-1, words).tolist()
        numbers = (sum(word << (64 * place) for place, word in enumerate(row)) & mask for row in raw)
        found += [number for number in numbers if number < total]
    return np.array(found, dtype=np.int64 if total < 2**62 else object)
