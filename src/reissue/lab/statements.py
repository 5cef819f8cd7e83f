"""The ledger as somebody asks for it in JupyterLab: by section, verdict, words or exhibit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pandas as pd

from reissue.core.errors import InputError
from reissue.core.tables import load
from reissue.exhibits.registry import Exhibit, find_exhibit
from reissue.ledger.judge import VERDICTS


def find_statements(
    registry: Sequence[Exhibit], *, section: str = "", verdict: str = "", contains: str = "", exhibit: str = ""
) -> pd.DataFrame:
    """Return one row per statement of the ledger that is asked for: statement, place, verdict, evidence.

    Parameters
    ----------
    registry
        The exhibits of the report.
    section, verdict, contains, exhibit
        As `reissue.lab.explore.Explorer.ask` takes them; all statements where none is given.

    Raises
    ------
    InputError
        If there is no section, verdict or exhibit of that name, or no report has been built yet.
    """
    claims = load("claims")
    if verdict and verdict not in VERDICTS:
        raise InputError(f"there is no verdict {verdict!r}", expected=f"one of {', '.join(VERDICTS)}")
    if verdict:
        claims = claims[claims["verdict"] == verdict]
    if exhibit:
        claims = claims[claims["exhibit"] == find_exhibit(registry, exhibit).id]
    if section:
        claims = claims[claims["section"].isin(_sections(section))]
    if contains:
        searched = claims["statement"] + " " + claims["printed"] + " " + claims["evidence"].fillna("")
        claims = claims[searched.map(_plain).str.contains(_plain(contains), regex=False)]
    places = [_place(section, page) for section, page in zip(claims["section"], claims["page"], strict=True)]
    found = claims[["statement", "verdict", "evidence"]].reset_index(drop=True)
    found.insert(1, "place", pd.Series(places, dtype="str"))
    return found


def _sections(asked: str) -> list[str]:
    """Return a section and those below it, as the ledger names them."""
    known = list(dict.fromkeys(load("claims")["section"]))
    found = [one for one in known if one.casefold() == asked.casefold() or one.startswith(f"{asked}.")]
    if not found:
        raise InputError(f"the ledger has no statement of section {asked!r}", expected=f"one of {', '.join(known)}")
    return found


def _place(section: str, page: int) -> str:
    return f"{'section ' if section[0].isdigit() else ''}{section}, page {page}"


def _plain(text: str) -> str:
    """Return a text as it is compared: without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
