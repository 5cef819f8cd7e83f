"""A survey of three groups, and every table of its counts: results of the package are compared with these.

The enumeration uses neither the package's arithmetic nor its names of cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from reissue.survey.groups import Groups
from reissue.survey.questionnaire import Questionnaire
from tests.reissue.survey.tiny import build_questionnaire

Rows = list[dict[str, Any]]
#: One row per table of counts, one column per cell.
Tables = npt.NDArray[np.int64]

NAMES = ("Students", "Staff", "Guests")
#: Guests alone have a floor: `meal`, `stay` and `bike` are counted jointly with it there.
GROUPS = Groups("role", {"student": "Students", "staff": "Staff", "guest": "Guests"}, {"floor": ("Guests",)})
ROLES = {group: option for option, group in GROUPS.by_option.items()}
#: Of each question: choice, question that it is counted jointly with, options.
QUESTIONS: dict[str, tuple[str, str, list[str]]] = {
    "role": ("single", "", ["student", "staff", "guest"]),
    "meal": ("single", "floor", ["warm", "cold"]),
    "stay": ("single", "floor", ["short", "long"]),
    "bike": ("multiple", "floor", ["own"]),
    "floor": ("single", "", ["low", "high"]),
}
ASKED = ("meal", "stay", "bike")
TOTAL = 4
#: Cells as (question, option, group, floor).
CELLS = [
    (question, option, group, floor)
    for question in ASKED
    for group in NAMES
    for option in QUESTIONS[question][2]
    for floor in (QUESTIONS["floor"][2] if group == "Guests" else [""])
]
QUANTIFIERS: list[tuple[str, str, str, str | None, bool]] = [
    ("most", "part", "1/2", None, True),
    ("equally", "apart", "1", "0", True),
    ("named", "each", "1", None, True),
    ("highest", "first", "0", "1", True),
    ("two", "at_least", "2", None, True),
    ("few", "at_most", "1", None, True),
]
Sizes = tuple[int, int, int]


@cache
def tables_of(sizes: Sizes) -> Tables:
    """Return every table that three groups of these sizes can give, each once."""
    parts = []
    for group, size in zip(NAMES, sizes, strict=True):
        floors = QUESTIONS["floor"][2] if group == "Guests" else [""]
        people = list(product(QUESTIONS["meal"][2], QUESTIONS["stay"][2], (True, False), floors))
        parts.append({_counts(group, them) for them in combinations_with_replacement(people, size)})
    whole = [[sum(column) for column in zip(*them, strict=True)] for them in product(*parts)]
    return np.array(whole, dtype=np.int64).reshape(-1, len(CELLS))


def _counts(group: str, people: Iterable[tuple[str, str, bool, str]]) -> tuple[int, ...]:
    given = [
        answer
        for meal, stay, bike, floor in people
        for answer in [("meal", meal, group, floor), ("stay", stay, group, floor)]
        + ([("bike", "own", group, floor)] if bike else [])
    ]
    return tuple(given.count(cell) for cell in CELLS)


@dataclass(frozen=True)
class Survey:
    """Statements about three groups, with the tables of counts that they allow."""

    statements: Rows
    printed: dict[str, int]
    sizes: list[Sizes] = field(default_factory=list)

    def questionnaire(self) -> Questionnaire:
        rows = [{"unit": "words", **one} for one in [*self.numbers(), *self.statements]]
        questions = {
            name: (choice, joint, {option: option.title() for option in options})
            for name, (choice, joint, options) in QUESTIONS.items()
        }
        return build_questionnaire(rows, questions, QUANTIFIERS, GROUPS)

    def numbers(self) -> Rows:
        """Return the statements that print numbers of respondents."""
        return [
            {"id": f"n-{side}", "question": "role", "side": side, "unit": "count", "value": n}
            for side, n in self.printed.items()
        ]

    def tables(self, ids: Iterable[str] | None = None) -> tuple[Tables, Tables]:
        """Return every table that satisfies some statements, or all, and the sizes of the groups in each."""
        kept = [one for one in [*self.numbers(), *self.statements] if ids is None or one["id"] in set(ids)]
        found, of = [], []
        for sizes in all_sizes():
            tables = tables_of(sizes)
            keep = np.ones(len(tables), dtype=bool)
            for one in kept:
                keep &= is_true(one, tables, sizes)
            found.append(tables[keep])
            of.append(np.tile(np.array(sizes, dtype=np.int64), (int(keep.sum()), 1)))
        return np.concatenate(found), np.concatenate(of)


def all_sizes() -> list[Sizes]:
    """Return every way to distribute the respondents over the groups."""
    return [(a, b, TOTAL - a - b) for a in range(TOTAL + 1) for b in range(TOTAL - a + 1)]


def count(tables: Tables, sizes: Sizes, question: str, options: Iterable[str], group: str) -> Tables:
    """Return how many of a group, or of all, gave one of some answers, by table."""
    groups, options = (NAMES if group == "all" else (group,)), list(options)
    if question == "role":
        n = sum(size for name, size in zip(NAMES, sizes, strict=True) if name in groups and ROLES[name] in options)
        return np.full(len(tables), n)
    held, place = ("meal", 3) if question == "floor" else (question, 1)
    wanted = [at for at, cell in enumerate(CELLS) if cell[0] == held and cell[2] in groups and cell[place] in options]
    return tables[:, wanted].sum(axis=1)


def is_true(one: dict[str, Any], tables: Tables, sizes: Sizes) -> npt.NDArray[np.bool_]:
    """Return whether a statement is true, by table."""
    question, side, unit = one["question"], one["side"], one.get("unit", "words")
    n = count(tables, sizes, "role", ROLES.values(), side)
    options = one.get("options", "").split(";")
    if options == [""]:
        return n == one["value"]
    own = count(tables, sizes, question, options, side)
    each = [count(tables, sizes, question, [option], side) for option in options]
    others = [part.split(":") for part in (one.get("against") or "").split("|") if part]
    against = [count(tables, sizes, q, o.split(";"), *(rest or [side])) for q, o, *rest in others]
    if unit == "count":
        return own == (n if one.get("bound") == "all" else one["value"])
    if unit == "countries":
        floors = [member.lower() for member in one["members"].split(";")]
        wanted = [[CELLS.index((question, option, side, floor)) for option in options] for floor in floors]
        return np.logical_and.reduce([tables[:, at] > 0 for row in wanted for at in row])
    return {
        "most": lambda: 2 * own > (sum(against) if against else n),
        "equally": lambda: abs(each[0] - each[1]) <= 1,
        "named": lambda: np.logical_and.reduce([one > 0 for one in each]),
        "highest": lambda: np.logical_and.reduce([own >= other for other in against]),
        "two": lambda: own >= 2,
        "few": lambda: own <= 1,
    }[one["bound"]]()


def survey_of(seed: int) -> Survey:
    """Return the survey of a seed: one to four statements, most of which are true of some table."""
    chance = Random(seed)
    sizes = chance.choice(all_sizes())
    truth = tables_of(sizes)[[chance.randrange(len(tables_of(sizes)))]]
    shown = chance.choice([NAMES, NAMES, NAMES[:2], NAMES[2:], ()])
    printed = {"all": TOTAL} | {name: n for name, n in zip(NAMES, sizes, strict=True) if name in shown}
    statements: Rows = []
    wanted = chance.randint(1, 4)
    while len(statements) < wanted:
        one = _statement(chance, f"s{len(statements)}", truth, sizes)
        if chance.random() < 0.15 or is_true(one, truth, sizes)[0]:
            statements.append(one)
    return Survey(statements, printed)


def _statement(chance: Random, id_: str, truth: Tables, sizes: Sizes) -> dict[str, Any]:
    question = chance.choice([*ASKED, *ASKED, "floor", "role"])
    side = "all" if question == "role" else "Guests" if question == "floor" else chance.choice(["all", *NAMES])
    own = QUESTIONS[question][2]
    options = chance.sample(own, chance.randint(1, len(own)))
    one: dict[str, Any] = {"id": id_, "question": question, "side": side, "options": ";".join(options)}
    kind = chance.choice(["count", "countries", "all", "equally", "highest", "highest", "most", "named", "two", "few"])
    if kind == "countries" and question in ASKED:
        return one | {"side": "Guests", "unit": "countries", "members": chance.choice(["Low", "High", "Low;High"])}
    if kind == "all":
        return one | {"unit": "count", "bound": "all"}
    if kind in ("count", "countries"):
        n = int(count(truth, sizes, question, options, side)[0])
        return one | {"unit": "count", "value": n + chance.choice([0, 0, 0, 1])}
    if kind == "equally" and len(own) > 1:
        return one | {"bound": "equally", "options": ";".join(own[:2])}
    if kind == "highest":
        other = chance.choice([name for name in (*ASKED, "role") if (name == "role") == (question == "role")])
        answer = chance.choice(QUESTIONS[other][2])
        group = "" if question == "role" else f":{chance.choice(NAMES)}"
        return one | {"bound": "highest", "against": f"{other}:{answer}{group}"}
    return one | {"bound": chance.choice(["most", "named", "two", "few"])}
