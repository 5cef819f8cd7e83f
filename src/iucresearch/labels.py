"""What the sides, questions and counts of the survey, columns of tables and values of parameters are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iucresearch.exhibits import EXHIBITS
from reissue.core.language import N_, _
from reissue.core.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

SIDE_NAMES = {"all": N_("All"), "EU": N_("European Union"), "LAC": N_("Latin America")}
#: What each parameter may be, and what each value means for the readers of a variant's pages. A notebook declares the
#: parameters that it takes, with type and default.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "side": {
        "all": N_("respondents and territories of both sides"),
        "EU": N_("only respondents and territories of the European Union"),
        "LAC": N_("only respondents and territories of Latin America"),
    },
    "rounding": {
        "up_or_down": N_("percentages rounded to the nearest, ties either way"),
        "half_up": N_("percentages rounded to the nearest, ties up"),
        "half_down": N_("percentages rounded to the nearest, ties down"),
        "half_even": N_("percentages rounded to the nearest, ties to even"),
        "trunc": N_("percentages cut off, not rounded"),
    },
    "reading": {"literal": N_("bounds read literally"), "tight": N_("bounds read tightly")},
}
#: What the values are called in a control, in JupyterLab.
SHORT_CHOICES: Mapping[str, Mapping[str, str]] = {
    "side": SIDE_NAMES,
    "reading": {"literal": "bounds literally", "tight": "bounds tightly"},
    "rounding": {
        "up_or_down": "to the nearest, ties either way",
        "half_up": "to the nearest, ties up",
        "half_down": "to the nearest, ties down",
        "half_even": "to the nearest, ties to even",
        "trunc": "cut off",
    },
}
#: The themes of messages in the order of the page, each with its heading.
THEMES = {
    "programme": N_("What the Programme did"),
    "participants": N_("What participants answered"),
    "approach": N_("What Smart Specialisation offers"),
    "workshop": N_("What the pairings learned"),
    "diagnosis": N_("Diagnosis"),
    "governance": N_("Governance"),
    "vision": N_("Vision"),
    "priorities": N_("Priorities"),
    "policy-mix": N_("Policy mix"),
    "monitoring": N_("Monitoring"),
    "outlook": N_("Outlook"),
}
#: Groups of questions whose exhibit has a row per question: the answers, joined by `;`, that it counts.
BY_QUESTION = {"phases": "4;5", "support-steps": "some;structured"}
#: Words of columns `side` and `kind` that code writes; those of the raw tables are found there.
_CODES = (N_("both"), N_("EU"), N_("LAC"), N_("step"), N_("criterion"))
VOCABULARY = Vocabulary(
    languages={"en": "English", "es": "Español", "pt": "Português"},
    headings={
        "action": N_("Action"),
        "allowed": N_("Allowed"),
        "answers_combined": N_("Answers combined"),
        "aspect": N_("Aspect"),
        "country": N_("Country"),
        "direction": N_("Direction"),
        "distance_km": N_("Distance (km)"),
        "eu_country": N_("European country"),
        "eu_kind": N_("European kind"),
        "eu_latitude": N_("European latitude"),
        "eu_longitude": N_("European longitude"),
        "eu_region": N_("European region"),
        "eu_seat": N_("European seat"),
        "fact": N_("Fact"),
        "ISO code": N_("ISO code"),
        "lac_country": N_("Latin American country"),
        "lac_kind": N_("Latin American kind"),
        "lac_latitude": N_("Latin American latitude"),
        "lac_longitude": N_("Latin American longitude"),
        "lac_region": N_("Latin American region"),
        "lac_seat": N_("Latin American seat"),
        "objective": N_("Objective"),
        "pairing": N_("Pairing"),
        "partner": N_("Partner"),
        "partner in": N_("Partner in"),
        "rank": N_("Rank"),
        "regions in pairings": N_("Regions in pairings"),
        "regions printed": N_("Regions printed"),
        "seat": N_("Seat"),
        "territory": N_("Territory"),
        "theme": N_("Theme"),
        "timing": N_("Timing"),
    },
    acronyms={"lac": "Latin American", "eu": "European"},
    words=frozenset(
        {"action", "aspect", "criterion", "fact", "item", "message", "objective", "pilot", "theme", "timing", "uptake"}
    ),
    codes=frozenset({"country", "eu_country", "lac_country", "partner in", "direction", "eu_kind", "lac_kind"}),
    pairs=frozenset({"pairing"}),
    tables=(
        *("actions", "boxes", "components", "corrections", "countries", "criteria", "key_figures", "messages"),
        *("options", "pairings", "pilots", "questions", "swot", "themes", "uptake"),
    ),
)


def question_title(group: str, title: str) -> str:
    """Return the title of a question in the language of the build.

    Questions that are rows of one exhibit have short titles, which rows of another exhibit can have, too: the
    exhibit's title precedes them.
    """
    if group not in BY_QUESTION:
        return _(title)
    exhibit = next(item for item in EXHIBITS if item.about == group and not item.is_added)
    return f"{_(exhibit.title)}, {_(title)}"


def question_titles(questions: pd.DataFrame) -> dict[str, str]:
    """Return the title of each question (one row each: id, group, title), by its id."""
    return {row["id"]: question_title(row["group"], row["title"]) for row in questions.to_dict("records")}


def count_names(counts: pd.DataFrame) -> list[str]:
    """Return the name of each count (one row each: group, title, label): its question and answer, translated."""
    return [f"{question_title(row['group'], row['title'])}: {_(row['label'])}" for row in counts.to_dict("records")]
