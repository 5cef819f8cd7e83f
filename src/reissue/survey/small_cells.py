"""Small cells: respondents who gave an answer, or did not, and who are so few that the number may identify them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from reissue.core.language import N_, _, format_counts

#: A cell of this many respondents is not small, unless the caller sets another limit.
SMALL_CELL_LIMIT = 5
_GAVE, _DID_NOT = N_("gave it"), N_("did not give it")
_EITHER, _TIGHT = N_("either way"), N_("bounds read tightly")


def is_small(counts: Collection[int], limit: int = SMALL_CELL_LIMIT) -> bool:
    """Return whether every possible count of a cell is small: at least 1, and below the limit."""
    return bool(counts) and all(0 < count < limit for count in counts)


def list_small_cells(
    counts: pd.DataFrame, names: Sequence[str], limit: int = SMALL_CELL_LIMIT, *, group_question: str = ""
) -> pd.DataFrame:
    """Return one row per small cell that the counts reveal.

    `counts` is the processed table `survey_counts`, `names` has the name of each count, and a cell of `limit`
    respondents is not small. A respondent who is not of one group is of another: those who did not give an answer to
    `group_question`, the question of the groups, are not a cell.

    Returns
    -------
    DataFrame
        Columns count (question and answer), side (the group, or `all`), who (gave it, or did not), respondents (every
        possible number), read (either way, or only where bounds are read tightly), fixed by (the statements that leave
        one number; empty where several are left).
    """
    rows: dict[tuple[str, str, str, bool], dict[str, str]] = {}
    for name, row in zip(names, counts.to_dict("records"), strict=True):
        values = [int(value) for value in str(row["feasible"]).split(";")]
        for gave, cell in ((True, values), (False, sorted(row["n"] - value for value in values))):
            if not is_small(cell, limit) or (row["question"] == group_question and not gave):
                continue
            shown = {
                "count": name,
                "side": row["side"],
                "who": _(_GAVE if gave else _DID_NOT),
                "respondents": format_counts(cell),
                "read": _(_TIGHT if row["reading"] == "tight" else _EITHER),
                "fixed by": "" if pd.isna(row["fixed_by"]) else str(row["fixed_by"]).replace(";", ", "),
            }
            rows.setdefault((row["question"], row["options"], row["side"], gave), shown)
    return pd.DataFrame(list(rows.values()), columns=["count", "side", "who", "respondents", "read", "fixed by"])
