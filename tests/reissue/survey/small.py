"""Small random systems, and every table of them: exact methods are compared with these."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from random import Random

from hypothesis import strategies as st

from reissue.survey import System

Pair = tuple[dict[str, int], frozenset[int]]
Table = dict[str, int]

LABELS = ("", "", "p", "q", "r", "s")


@dataclass(frozen=True)
class Small:
    """The parts of a system; its arithmetic shares nothing with the package."""

    cells: dict[str, int]
    totals: dict[str, dict[str, int]]
    statements: list[tuple[str, list[list[Pair]]]]

    def system(self) -> System:
        system = System()
        for name, most in self.cells.items():
            system.cell(name, most)
        for name, form in self.totals.items():
            system.total(name, form)
        for label, alternatives in self.statements:
            if len(alternatives) == len(alternatives[0]) == 1:
                system.require(*alternatives[0][0], label)
            else:
                system.any_of(*(pairs[0] if len(pairs) == 1 else pairs for pairs in alternatives), label=label)
        return system

    def tables(self, without: Collection[str] = ()) -> list[Table]:
        """Every table that satisfies the statements, with its totals."""
        kept = [alternatives for label, alternatives in self.statements if not label or label not in without]
        filled = (
            dict(zip(self.cells, counts, strict=True))
            for counts in product(*(range(most + 1) for most in self.cells.values()))
        )
        whole = (table | {name: sum_form(form, table) for name, form in self.totals.items()} for table in filled)
        return [
            table
            for table in whole
            if all(any(all(sum_form(form, table) in ok for form, ok in pairs) for pairs in one) for one in kept)
        ]

    def labels(self) -> set[str]:
        return {label for label, _ in self.statements if label}


def sum_form(form: dict[str, int], table: Table) -> int:
    return sum(factor * table[name] for name, factor in form.items())


def count_values(tables: list[Table], form: dict[str, int]) -> Counter[int]:
    """The number of tables by value of a form."""
    return Counter(sum_form(form, table) for table in tables)


#: A seed instead of each choice: drawing a system's hundred choices takes ten times as long as the test itself.
SEEDS = st.integers(0, 2**64 - 1)


def forms(names: Collection[str]) -> st.SearchStrategy[dict[str, int]]:
    """Forms of up to four of the names."""
    return SEEDS.map(lambda seed: _draw_form(Random(seed), names))


def small_systems() -> st.SearchStrategy[Small]:
    """Systems of one to five cells; most of them are made around a table that satisfies every statement."""
    return SEEDS.map(_draw_system)


def _draw_form(chance: Random, names: Collection[str]) -> dict[str, int]:
    chosen = chance.sample(sorted(names), chance.randint(0, min(4, len(names))))
    return {name: chance.randint(-2, 2) for name in chosen}


def _draw_system(seed: int) -> Small:
    chance = Random(seed)
    cells = {f"c{number}": chance.randint(0, 3) for number in range(chance.randint(1, 5))}
    totals = {f"t{number}": _draw_form(chance, cells) for number in range(chance.randint(0, 2))}
    true = {name: chance.randint(0, most) for name, most in cells.items()}
    true |= {name: sum_form(form, true) for name, form in totals.items()}
    is_consistent = chance.choice([True, True, True, False])
    statements = []
    for _ in range(chance.randint(0, 5)):
        shape = chance.choice([[1], [1], [1], [2], [1, 1], [2, 1], [1, 1, 2]])
        alternatives = []
        for place, number in enumerate(shape):
            pairs = []
            for _ in range(number):
                form = _draw_form(chance, true)
                allowed = frozenset(chance.randint(-3, 9) for _ in range(chance.randint(0, 4)))
                pairs.append((form, allowed | {sum_form(form, true)} if is_consistent and not place else allowed))
            alternatives.append(pairs)
        statements.append((chance.choice(LABELS), alternatives))
    return Small(cells, totals, statements)
