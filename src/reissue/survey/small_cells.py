"""Small groups: who gave an answer, or did not, where so few did that the number may tell who said what."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from reissue.core.language import N_, _, spans

#: A group of at least so many is not small, unless somebody asks for more.
SMALLEST = 5
_GAVE, _DID_NOT = N_("gave it"), N_("did not give it")
_EITHER, _TIGHT = N_("either way"), N_("bounds read tightly")


def is_small(counts: Collection[int], smallest: int = SMALLEST) -> bool:
    """Whether all counts that a group may have are small: somebody is in it, and fewer than the smallest number."""
    return bool(counts) and all(0 < count < smallest for count in counts)


def small_groups(counts: pd.DataFrame, names: Sequence[str], smallest: int = SMALLEST) -> pd.DataFrame:
    """Return one row per small group that the counts let one infer.

    Parameters
    ----------
    counts
        Processed table `survey_counts`.
    names
        What each of its counts is called.
    smallest
        The size from which a group is not small.

    Returns
    -------
    DataFrame
        Columns count (question and answer), side, who (gave it, or did not), respondents (every number left), read
        (either way, or where bounds are read tightly alone), fixed by (the statements that leave a single number; empty
        where several are left).
    """
    rows: dict[tuple[str, str, str, bool], dict[str, str]] = {}
    for name, row in zip(names, counts.to_dict("records"), strict=True):
        values = [int(value) for value in str(row["feasible"]).split(";")]
        for gave, group in ((True, values), (False, sorted(row["n"] - value for value in values))):
            # Of those who answered, the one side is who the other is not.
            if not is_small(group, smallest) or (row["question"] == "respondents" and not gave):
                continue
            tight = row["reading"] == "tight"
            told = {
                "count": name,
                "side": row["side"],
                "who": _(_GAVE if gave else _DID_NOT),
                "respondents": spans(group),
                "read": _(_TIGHT if tight else _EITHER),
                "fixed by": "" if pd.isna(row["fixed_by"]) else str(row["fixed_by"]).replace(";", ", "),
            }
            rows.setdefault((row["question"], row["options"], row["side"], gave), told)
    return pd.DataFrame(list(rows.values()), columns=["count", "side", "who", "respondents", "read", "fixed by"])
