"""Looking around in JupyterLab: tables, exhibits, other readings of the survey, the ledger.

What `notebooks/explore.ipynb` imports, with the controls of `iucresearch.controls`. Nothing is written, and nothing is
fetched: the library that makes tables sortable comes with the environment.
"""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import itables
import pandas as pd
from IPython.display import HTML, display
from markupsafe import Markup, escape

from iucresearch.claims.judge import VERDICTS
from iucresearch.data import boundaries, describe, load, tables
from iucresearch.errors import InputError
from iucresearch.exhibits import EXHIBITS, Exhibit
from iucresearch.exhibits import exhibit as registered
from iucresearch.geo import land, read_topology
from iucresearch.package import csv_text, digest
from iucresearch.pipeline.params import CHOICES
from iucresearch.rereading import Reread, reread, soft_words
from iucresearch.show import Shown, show
from iucresearch.tabulation import data_table

__all__ = ["Listed", "Reread", "ask", "draw", "exhibits", "reread", "start", "table", "words"]

#: Where the data of exhibits come from that are a table alone, by the beginning of their id.
_LISTED = {"figure": "tabulation:roster", "annex": "tabulation:annex", "box": "tabulation:box"}
#: What functions call a table that has another name.
_TABLES = {"counts": "survey_counts"}
#: All rows are there, however many; nothing is loaded from elsewhere; a box below each column filters it.
_LOOK: dict[str, Any] = {
    "connected": False,
    "maxBytes": 0,
    "column_filters": "footer",
    "display_logo_when_loading": False,
    "layout": {"topStart": "search", "topEnd": "pageLength", "bottomStart": "info", "bottomEnd": "paging"},
    "classes": "display compact",
    "style": "table-layout:auto;width:auto;margin:0;caption-side:top",
}
#: How tables and exhibits look in JupyterLab; colours are its theme's. Links inside a page of the report lead nowhere.
_STYLE = """<style>
.dt-container{background:transparent!important}.dt-layout-table{overflow-x:auto}
.dt-container caption,.scroll caption{text-align:left;font-weight:600;padding:.3rem 0}
table.dataTable :is(th,td),.scroll :is(th,td){text-align:left!important;vertical-align:top!important;max-width:32rem;
white-space:normal}
table.dataTable .dt-type-numeric,.scroll .number{text-align:right!important}
table.dataTable tfoot input{width:100%;min-width:4rem;box-sizing:border-box}
.scroll{max-height:32rem;overflow:auto}.scroll table{table-layout:auto!important;border-collapse:collapse}
.scroll :is(th,td){padding:.25rem .6rem;border-bottom:1px solid var(--jp-border-color2)}
.scroll tbody th{font-weight:normal!important}
.iuc{line-height:1.5}.iuc p{margin:.4rem 0}
.iuc-pair{display:flex;flex-wrap:wrap;gap:1rem}.iuc-pair figure{margin:.5rem 0;flex:1 1 30rem;max-width:46rem}
.iuc-pair figcaption{font-weight:600}.iuc-pair img,.exhibit img{width:100%;max-width:46rem!important;background:#fff}
.badge{border:1px solid currentColor;border-radius:1em;padding:0 .6em;font-weight:600;white-space:nowrap}
.how .to{display:inline-block;margin-right:.8rem}.exhibit h3{margin:.4rem 0}
.exhibit a[href^="#"]{color:inherit;text-decoration:none;pointer-events:none}
</style>"""


@dataclass(frozen=True)
class Listed:
    """A table to look around in: sorts, searches and filters itself in JupyterLab; `frame` has its rows.

    Attributes
    ----------
    frame
        Its rows.
    caption
        What stands with it.
    name
        What its id in the notebook begins with.
    dictionary
        One row per column: column, type, unit, allowed, meaning; none where columns explain themselves.
    """

    frame: pd.DataFrame
    caption: str
    name: str
    dictionary: pd.DataFrame | None = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": str(self.html), "text/plain": f"{self.caption}\n\n{csv_text(self.frame)}"}

    @property
    def html(self) -> Markup:
        """The table, below it what its columns mean; where scripts do not run, its rows as they are."""
        shown = _sortable(self.frame, self.caption, f"iuc-{self.name}")
        if self.dictionary is None:
            return shown
        meanings = data_table(self.dictionary, f"What the columns of {self.name} mean")
        return shown + Markup("<details open><summary>What its columns mean</summary>{}</details>").format(meanings)


def _sortable(frame: pd.DataFrame, caption: str, name: str) -> Markup:
    """Return a table that scripts make sortable, and its beginning for where they do not run."""
    gaps = [str(column) for column in frame if frame[column].isna().any()]
    shown_as = frame.assign(**{column: frame[column].astype("object").fillna("") for column in gaps})
    # Scripts fill what has their id: other rows have another, the same rows the same in every run.
    name += "-" + digest(csv_text(frame).encode())[-8:]
    shown = itables.to_html_datatable(shown_as, str(escape(caption)), table_id=name, **_LOOK)
    # The same table may stand in a notebook twice, and each is to be uncovered: not only what has its id before others.
    for part, change in ((name, 'removeAttribute("hidden")'), (f"{name}_fallback", 'setAttribute("hidden", "hidden")')):
        every = f"document.querySelectorAll('[id=\"{part}\"]').forEach(one => one.{change})"
        shown = shown.replace(f'document.getElementById("{part}")?.{change}', every)
    return Markup(shown)


def start() -> None:
    """Make tables sort and search from here on, with the library that lies in the environment."""
    itables.init_notebook_mode(all_interactive=False, connected=False)
    display(HTML(_STYLE))


def table(name: str = "") -> Listed:
    """Return a processed table with its dictionary; without a name, the list of tables.

    Raises
    ------
    InputError
        If there is none of that name, or no report has been built yet.
    """
    if not name:
        return Listed(tables(), "Tables; table(name) shows one", "tables")
    frame = load(name)
    return Listed(frame, f"{name}: {frame.attrs['title']}", name, describe(name))


def exhibits() -> Listed:
    """Return one row per exhibit: name, title, section, page, choices that draw takes."""
    rows = [
        (item.id, item.title, item.section, item.page, "; ".join(f"{k}: {', '.join(v)}" for k, v in own.items()))
        for item, own in ((item, choices(item)) for item in EXHIBITS)
    ]
    frame = pd.DataFrame(rows, columns=["name", "title", "section", "page", "choices"])
    return Listed(frame, "Exhibits; draw(name) shows one, draw(name, choice=value) with another choice", "exhibits")


def choices(item: Exhibit) -> dict[str, tuple[str, ...]]:
    """Return what an exhibit's data can be chosen by, as its function declares it, and what each may be."""
    parameters = inspect.signature(_data_function(item)).parameters.values()
    return {p.name: CHOICES[p.name] for p in parameters if p.kind is p.KEYWORD_ONLY and p.name in CHOICES}


def draw(name: str, **chosen: str) -> Shown:
    """Draw or tabulate an exhibit anew, as the report's pages show it.

    Parameters
    ----------
    name
        The exhibit's id, for example `figure-6`.
    **chosen
        What its function declares, for example `side="EU"` or `reading="tight"`.

    Raises
    ------
    InputError
        If there is no exhibit, choice or value of that name, or no report has been built yet.
    """
    item = registered(name)
    return show(item.id, data_of(name, **chosen), **_context(item))


def data_of(name: str, counts: pd.DataFrame | None = None, /, **chosen: str) -> pd.DataFrame:
    """Return the data that an exhibit shows, as its function makes them, from other counts where they are given.

    Raises
    ------
    InputError
        If there is no exhibit, choice or value of that name, or no report has been built yet.
    """
    item = registered(name)
    possible = choices(item)
    for choice, value in chosen.items():
        if value not in possible.get(choice, ()):
            known = "; ".join(f"{one}: {', '.join(values)}" for one, values in possible.items())
            raise InputError(f"{item.name} cannot have {choice}={value!r}", expected=known or "no choice at all")
    function = _data_function(item)
    parameters = [p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    given = [counts if name == "counts" and counts is not None else _argument(item, name) for name in parameters]
    return function(*given, **chosen)


def words() -> Listed:
    """Return one row per soft word of the survey: word, statements (how many), read, and how `reread` can take it."""
    return Listed(soft_words(), "Soft words of the survey", "words")


def ask(*, section: str = "", verdict: str = "", contains: str = "", exhibit: str = "") -> Listed:
    """Return one row per statement of the ledger that is asked for: statement, place, verdict, evidence.

    Parameters
    ----------
    section
        As printed, with those below it: `3` has `3.1`; or a heading, such as `Annex`.
    verdict
        contradicted, undetermined, consistent or unverifiable.
    contains
        Words in the statement, in what is printed or in the evidence; capitals and accents do not matter.
    exhibit
        The id of the exhibit that statements touch, for example `figure-6`.

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
        claims = claims[claims["exhibit"] == registered(exhibit).id]
    if section:
        claims = claims[claims["section"].isin(_sections(section))]
    if contains:
        searched = claims["statement"] + " " + claims["printed"] + " " + claims["evidence"].fillna("")
        claims = claims[searched.map(_plain).str.contains(_plain(contains), regex=False)]
    places = [_place(section, page) for section, page in zip(claims["section"], claims["page"], strict=True)]
    found = claims[["statement", "verdict", "evidence"]].reset_index(drop=True)
    found.insert(1, "place", pd.Series(places, dtype="str"))
    return Listed(found, f"{len(found)} of {len(load('claims'))} statements", "ledger")


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


def _data_function(item: Exhibit) -> Callable[..., pd.DataFrame]:
    """Return the function that makes the data of an exhibit."""
    home, _, name = (item.function or _LISTED[item.id.partition("-")[0]]).partition(":")
    function: Callable[..., pd.DataFrame] = getattr(import_module(f"iucresearch.{home}"), f"{name}_data")
    return function


def _argument(item: Exhibit, name: str) -> pd.DataFrame | int:
    """Return what a function's parameter stands for: a processed table by its name, or the number of a box."""
    return int(item.about) if name == "number" else load(_TABLES.get(name, name))


def _context(item: Exhibit) -> dict[str, Any]:
    """Return what the drawing needs besides the data."""
    if not item.is_picture:
        return {}
    home, _, name = item.function.partition(":")
    drawing = inspect.signature(getattr(import_module(f"iucresearch.{home}"), name))
    return {"land": land(read_topology(boundaries()))} if "land" in drawing.parameters else {}
