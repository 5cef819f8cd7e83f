"""Small systems made by hypothesis, and every table of theirs gone through: what exact methods are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from random import Random

from hypothesis import strategies as st

from reissue.survey import System

Pair = tuple[dict[str, int], frozenset[int]]
Table = dict[str, int]

MOST_CELLS, LARGEST = 5, 3
LABELS = ("", "", "p", "q", "r", "s")


@dataclass(frozen=True)
class Small:
    """What a system is made from; its own arithmetic shares nothing with the package."""

    cells: dict[str, int]
    totals: dict[str, dict[str, int]]
    statements: list[tuple[str, list[list[Pair]]]]

    def system(self) -> System:
        made = System()
        for name, most in self.cells.items():
            made.cell(name, most)
        for name, form in self.totals.items():
            made.total(name, form)
        for label, alternatives in self.statements:
            if len(alternatives) == len(alternatives[0]) == 1:
                made.require(*alternatives[0][0], label)
            else:
                made.any_of(*(pairs[0] if len(pairs) == 1 else pairs for pairs in alternatives), label=label)
        return made

    def tables(self, without: Collection[str] = ()) -> list[Table]:
        """Every table that satisfies what is said, cell by cell, with its totals."""
        said = [alternatives for label, alternatives in self.statements if not label or label not in without]
        filled = (
            dict(zip(self.cells, counts, strict=True))
            for counts in product(*(range(most + 1) for most in self.cells.values()))
        )
        whole = (table | {name: value(form, table) for name, form in self.totals.items()} for table in filled)
        return [
            table
            for table in whole
            if all(any(all(value(form, table) in ok for form, ok in pairs) for pairs in one) for one in said)
        ]

    def labels(self) -> set[str]:
        return {label for label, _ in self.statements if label}


def value(form: dict[str, int], table: Table) -> int:
    return sum(factor * table[name] for name, factor in form.items())


def counted(tables: list[Table], form: dict[str, int]) -> Counter[int]:
    """How many of the tables give a form each value."""
    return Counter(value(form, table) for table in tables)


#: A seed instead of each choice: to draw a system's hundred choices takes ten times as long as what is tested.
SEEDS = st.integers(0, 2**64 - 1)


def forms(names: Collection[str]) -> st.SearchStrategy[dict[str, int]]:
    """Forms of up to four of the names."""
    return SEEDS.map(lambda seed: form_of(Random(seed), names))


def form_of(chance: Random, names: Collection[str]) -> dict[str, int]:
    """Up to four of the names, each with a factor."""
    chosen = chance.sample(sorted(names), chance.randint(0, min(4, len(names))))
    return {name: chance.randint(-2, 2) for name in chosen}


def small_systems() -> st.SearchStrategy[Small]:
    """Systems of one to five cells; most of them are made around a table that satisfies every statement."""
    return SEEDS.map(small_system)


def small_system(seed: int) -> Small:
    """The system of a seed."""
    chance = Random(seed)
    cells = {f"c{number}": chance.randint(0, LARGEST) for number in range(chance.randint(1, MOST_CELLS))}
    totals = {f"t{number}": form_of(chance, cells) for number in range(chance.randint(0, 2))}
    true = {name: chance.randint(0, most) for name, most in cells.items()}
    true |= {name: value(form, true) for name, form in totals.items()}
    consistent = chance.choice([True, True, True, False])
    statements = []
    for _ in range(chance.randint(0, 5)):
        shape = chance.choice([[1], [1], [1], [2], [1, 1], [2, 1], [1, 1, 2]])
        alternatives = []
        for place, pairs in enumerate(shape):
            made = []
            for _ in range(pairs):
                form = form_of(chance, true)
                allowed = frozenset(chance.randint(-3, 9) for _ in range(chance.randint(0, 4)))
                made.append((form, allowed | {value(form, true)} if consistent and not place else allowed))
            alternatives.append(made)
        statements.append((chance.choice(LABELS), alternatives))
    return Small(cells, totals, statements)
