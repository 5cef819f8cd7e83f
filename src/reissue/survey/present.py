"""What the statements about a survey allow, for readers: counts and other interpretations, as files and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.files import write_text
from reissue.core.language import N_, _, format_counts
from reissue.exhibits.html_table import data_table
from reissue.exhibits.show import Shown
from reissue.survey.groups import ALL

if TYPE_CHECKING:
    from reissue.survey.questionnaire import Questionnaire

#: The names of other interpretations, which the file has in English.
_SCENARIOS = (
    N_("bounds read tightly"),
    N_("without “{what}”"),
    N_("“{what}” strictly"),
    N_("with “{what}”"),
    N_("respondents skipped questions"),
    N_("“{what}” and “{other}” are one question"),
)
#: A scenario on condition of another.
_CONDITIONAL = N_("{what}, if respondents skipped questions")


def list_fixed_counts(
    counts: pd.DataFrame, names: Sequence[str], statements: Mapping[str, str], *, reading: str = "literal"
) -> Shown:
    """Return the counts with one possible value and the statements that fix them; save all as `survey/feasible.csv`.

    `counts` is the processed table `survey_counts`, `names` has the name of each count, and `statements` the words of
    each statement by its id. `reading` is how bounds such as "more than" are read: `literal` or `tight`.
    """
    columns = ["question", "options", "side", "reading", "feasible", "tables", "fixed_by"]
    saved = counts[columns].rename(columns={"options": "option"})
    counts = counts.assign(name=names)
    rows = counts[counts["reading"].isin([reading, "answers"]) & counts["fixed_by"].notna()]
    shown = pd.DataFrame(
        {
            "count": rows["name"],
            "side": rows["side"],
            "respondents": rows["feasible"],
            "fixed by": [_name_statements(ids, statements) for ids in rows["fixed_by"]],
        }
    )
    caption = _("Counts that the report fixes, and the statements that do")
    table = _show(shown, caption, saved, "feasible.csv")
    folded = Markup("<details><summary>{} ({})</summary>{}</details>").format(caption, len(shown), Markup(table.html))
    return Shown(str(folded), table.text, table.about)


def list_changed_counts(
    questionnaire: Questionnaire, titles: Mapping[str, str], statements: Mapping[str, str], rounding: str = "up_or_down"
) -> Shown:
    """Return what other interpretations would change: counts of all respondents here, all counts in a file.

    `titles` has the title of each question, and of an interpretation that has one, `statements` the words of each
    statement, all by id. `rounding` is how printed percentages were rounded.
    """
    # Listing fixed counts does not need the engine.
    from reissue.survey.interpretation import Interpretation
    from reissue.survey.results import build_sensitivity_table

    found = build_sensitivity_table(questionnaire, Interpretation(rounding))
    rows: list[tuple[str, str, str, str]] = []
    for scenario, group in found.groupby("scenario", sort=False):
        for conflict in group.loc[group["conflict"] != "", "conflict"]:
            text = _("These cannot hold together: {statements}").format(
                statements=_name_statements(conflict, statements)
            )
            rows.append((_translate_scenario(str(scenario), titles), text, "", ""))
        for row in group[group["side"] == ALL].to_dict("records"):
            what = f"{titles[row['question']]}: {_(row['label'])}"
            before, after = (format_counts([*map(int, str(row[c]).split(";"))]) for c in ("published", "changed"))
            rows.append((_translate_scenario(str(scenario), titles), what, before, after))
    shown = pd.DataFrame(rows, columns=["read otherwise", "count", "published", "then"])
    return _show(shown, _("What other readings of the report would change"), found, "sensitivity.csv")


def _translate_scenario(name: str, titles: Mapping[str, str]) -> str:
    """Return the name of an interpretation in the language of the build.

    A question has its title, a rule of rounding its meaning; a quantifier stays as the report has it.
    """
    if name in titles:
        return titles[name]
    after = _CONDITIONAL.removeprefix("{what}")
    if name.endswith(after):
        return _(_CONDITIONAL).format(what=_translate_scenario(name.removesuffix(after), titles))
    for pattern in _SCENARIOS:
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(pattern)), name)
        if found:
            return _(pattern).format(**{slot: titles.get(text, text) for slot, text in found.groupdict().items()})
    return name


def _name_statements(ids: str, statements: Mapping[str, str]) -> str:
    """Return the words of statements, given their ids joined by `;`; true answers have no id of a statement."""
    return "; ".join(_(statements.get(id_, id_)) for id_ in ids.split(";"))


def _show(table: pd.DataFrame, caption: str, saved: pd.DataFrame, name: str) -> Shown:
    """Return a table as it is shown; in a build, save what a file has of it."""
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "survey" / name, to_csv(saved))
    return Shown(str(data_table(table, caption)), f"{caption}\n\n{to_csv(table)}", {})
