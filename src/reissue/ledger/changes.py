"""The changes that true answers make to the ledger."""

from __future__ import annotations

import pandas as pd

from reissue.survey.verdicts import COUNTED


def find_changes(published: pd.DataFrame, answered: pd.DataFrame) -> pd.DataFrame:
    """Return one row per claim whose verdict the answers change or confirm, contradictions first.

    The columns are id, section, page, statement, before, after, effect (contradicted, settled, confirmed), evidence.
    `published` is the ledger as judged by the report alone, `answered` the ledger as judged with the answers.
    """
    own = answered[answered["check"] == "survey"].merge(
        published[["id", "verdict"]].rename(columns={"verdict": "before"}), on="id", validate="one_to_one"
    )
    own = own.rename(columns={"verdict": "after"})
    effects = {"contradicted": "contradicted", "consistent": "confirmed"}
    own["effect"] = own["after"].map(effects)
    own.loc[(own["after"] == "consistent") & (own["before"] == "undetermined"), "effect"] = "settled"
    # If the report contradicts itself, that is no effect of the answers.
    is_effect = own["evidence"].str.startswith(COUNTED) | (own["before"] != own["after"])
    own = own[own["effect"].notna() & is_effect]
    own["place"] = own["effect"].map({"contradicted": 0, "settled": 1, "confirmed": 2})
    columns = ["id", "section", "page", "statement", "before", "after", "effect", "evidence"]
    return own.sort_values("place", kind="stable")[columns].reset_index(drop=True)
