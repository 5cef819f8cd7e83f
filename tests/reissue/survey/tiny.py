"""A questionnaire of a few lines: seven people of one side, five of the other, and what is said of them."""

from __future__ import annotations

import pandas as pd

from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import Groups

EU, LAC = 7, 5

#: Soft words, one for each rule; what is set aside is not used.
WORDS = [
    ("most", "part", "1/2", None, True),
    ("around", "near", "1/10", "0", True),
    ("equally", "apart", "1", "0", True),
    ("named", "each", "1", None, True),
    ("spread", "each", "1", None, True),
    ("highest", "first", "0", "1", True),
    ("several", "at_least", "3", None, True),
    ("nobody", "at_most", "0", None, False),
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


def said(id_: str, options: str = "", **more: object) -> dict[str, object]:
    """One statement, a count of all people unless told otherwise; each is a sentence of its own."""
    return {"id": id_, "question": "topic", "options": options, **more}


def word(bound: str, options: str, **more: object) -> dict[str, object]:
    """A statement in soft words."""
    return said(bound, options, unit="words", bound=bound, **more)


def tiny(
    *statements: dict[str, object], sizes: list[dict[str, object]] = SIZES, groups: Groups = GROUPS
) -> Questionnaire:
    given = {"options": "", "side": "all", "unit": "count", "bound": "exactly", "value": None, "against": None}
    rows = [
        {**given, "members": None, "sentence": one["id"], "about": f"About {one['id']}", **one}
        for one in (*sizes, *statements)
    ]
    questions = [
        {"id": name, "order": place, "group": name, "choice": choice, "joint": joint or None}
        for place, (name, (choice, joint, _)) in enumerate(QUESTIONS.items())
    ]
    options = [
        {"question": name, "order": place, "option": option, "label": label}
        for name, (_, _, labels) in QUESTIONS.items()
        for place, (option, label) in enumerate(labels.items())
    ]
    words = pd.DataFrame(WORDS, columns=["word", "rule", "amount", "strict", "used"])
    return Questionnaire(pd.DataFrame(rows), pd.DataFrame(questions), pd.DataFrame(options), words, groups)
