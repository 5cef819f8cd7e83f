"""What the two sides are called, what parameters may be, and what their values are called."""

from __future__ import annotations

from collections.abc import Mapping

from reissue.core.language import N_

#: The codes of the sides, which tables list as they are.
SIDE_CODES = (N_("EU"), N_("LAC"))
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
