"""A questionnaire of a few lines: seven people of one side, five of the other, and statements about them."""

import pandas as pd

from reissue.survey.groups import Groups
from reissue.survey.questionnaire import Questionnaire

EU, LAC = 7, 5

#: Vague quantifiers, at least one for each rule; the last two are not used.
WORDS: list[tuple[str, str, str, str | None, bool]] = [
    ("most", "part", "1/2", None, True),
    ("around", "near", "1/10", "0", True),
    ("equally", "apart", "1", "0", True),
    ("named", "each", "1", None, True),
    ("spread", "each", "1", None, True),
    ("highest", "first", "0", "1", True),
    ("several", "at_least", "3", None, True),
    ("no-one", "at_most", "0", None, False),
    ("on the axis", "at_most_percent", "0", None, False),
]

QUESTIONS = {
    "respondents": ("single", "", {"eu": "European Union", "lac": "Latin America"}),
    "topic": ("single", "", {"a": "Apples", "b": "Pears", "c": "Plums"}),
    "plan": ("single", "country", {"has": "Has", "not": "Has not"}),
    "tools": ("multiple", "", {"x": "Axes", "y": "Saws"}),
    "names": ("multiple", "country", {"named": "Names it"}),
    "country": ("single", "", {"cl": "Chile", "pe": "Peru"}),
}

GROUPS = Groups("respondents", {"eu": "EU", "lac": "LAC"}, {"country": ("LAC",)})
SIZES = [
    {"id": "all", "question": "respondents", "value": EU + LAC},
    {"id": "eu", "question": "respondents", "value": EU, "side": "EU"},
    {"id": "lac", "question": "respondents", "value": LAC, "side": "LAC"},
]


def state(id_: str, options: str = "", **more: object) -> dict[str, object]:
    """One statement, by default a count of all people; each is a sentence of its own."""
    return {"id": id_, "question": "topic", "options": options, **more}


def word(bound: str, options: str, **more: object) -> dict[str, object]:
    """A statement with a vague quantifier."""
    return state(bound, options, unit="words", bound=bound, **more)


def build_tiny(*statements: dict[str, object], same: dict[str, str] | None = None) -> Questionnaire:
    """The questionnaire with these statements, and those that print the numbers of respondents.

    `same` has the question that may be the same as another, which gets its answers.
    """
    questions = QUESTIONS | {one: QUESTIONS[other] for one, other in (same or {}).items() if one not in QUESTIONS}
    return build_questionnaire([*SIZES, *statements], questions, WORDS, GROUPS, same)


def build_questionnaire(
    statements: list[dict[str, object]],
    questions: dict[str, tuple[str, str, dict[str, str]]],
    words: list[tuple[str, str, str, str | None, bool]],
    groups: Groups,
    same: dict[str, str] | None = None,
) -> Questionnaire:
    """A questionnaire from rows of statements, and by question its choice, its joint question and its labels."""
    defaults = {"options": "", "side": "all", "unit": "count", "bound": "exactly", "value": None, "against": None}
    rows = [{**defaults, "members": None, "sentence": o["id"], "about": f"About {o['id']}", **o} for o in statements]
    asked = [
        {"id": name, "order": place, "group": name, "choice": choice, "joint": joint or None}
        for place, (name, (choice, joint, _)) in enumerate(questions.items())
    ]
    if same:
        asked = [{**row, "same": same.get(str(row["id"]))} for row in asked]
    options = [
        {"question": name, "order": place, "option": option, "label": label}
        for name, (_, _, labels) in questions.items()
        for place, (option, label) in enumerate(labels.items())
    ]
    quantifiers = pd.DataFrame(words, columns=["word", "rule", "amount", "strict", "used"])
    return Questionnaire(pd.DataFrame(rows), pd.DataFrame(asked), pd.DataFrame(options), quantifiers, groups)
