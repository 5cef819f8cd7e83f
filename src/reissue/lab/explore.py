"""Exploring in JupyterLab: tables, exhibits, other readings of the survey, the ledger.

An edition binds an `Explorer` to its exhibits. Tables are pandas DataFrames, which itables makes sortable and
searchable; figures are matplotlib Axes. Nothing is written or downloaded. Functions raise InputError if a name or a
value is unknown, or no report has been built yet.
"""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import itables
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import HTML, display
from markupsafe import escape

from reissue.core import tables as processed
from reissue.core.errors import InputError
from reissue.core.language import translate_words
from reissue.core.tables import describe, load
from reissue.exhibits.registry import Exhibit, find_exhibit
from reissue.exhibits.show import Make, draw_exhibit
from reissue.lab.reinterpret import Reread, list_quantifiers, reread, with_sets
from reissue.ledger.findings import VERDICTS
from reissue.survey.interpretation import PUBLISHED
from reissue.survey.questionnaire import Questionnaire

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Explorer", "Maker", "Reread", "describe", "start", "table"]

#: How itables shows tables: with all rows, and a box below each column that filters it.
_OPTIONS: dict[str, Any] = {
    "maxBytes": 0,
    "column_filters": "footer",
    "display_logo_when_loading": False,
    "layout": {"topStart": "search", "topEnd": "pageLength", "bottomStart": "info", "bottomEnd": "paging"},
    "classes": "display compact",
    "style": "table-layout:auto;width:auto;margin:0;caption-side:top",
}


def start() -> None:
    """Show every DataFrame of this notebook as a table that can be sorted and searched."""
    for name, value in _OPTIONS.items():
        setattr(itables.options, name, value)
    itables.init_notebook_mode(all_interactive=True, connected=False)
    formatter = getattr(get_ipython(), "display_formatter", None)
    if formatter is not None:
        formatter.formatters["text/html"].for_type(pd.DataFrame, to_html)
    # Links inside a page of the report lead nowhere in JupyterLab, so they do not look like links.
    style = files("reissue").joinpath("templates", "lab.css").read_text(encoding="utf-8")
    display(HTML(f"<style>\n{style}</style>"))


def to_html(frame: pd.DataFrame) -> str:
    """Return rows as itables shows them, with their title, and the first rows for pages that run no script."""
    return itables.to_html_datatable(frame, str(escape(frame.attrs.get("title", ""))))


def table(name: str = "") -> pd.DataFrame:
    """Return a processed table, or without a name one row per table: name, rows, title, one row.

    Sets of counts are tuples of integers, for example `(7, 21, 22, 23)`. `describe(name)` explains the columns.
    """
    return with_sets(load(name)) if name else processed.tables()


#: The table of counts of a survey.
COUNTS = "survey_counts"


@dataclass(frozen=True)
class Maker:
    """How an exhibit is made."""

    #: The function that draws the data, or lists them.
    make: Make
    #: The function that returns the data from processed tables; its keyword-only parameters are a person's choices.
    data: Callable[..., pd.DataFrame]
    #: The names of these tables, in the order of the parameters.
    tables: tuple[str, ...]
    #: The function that returns further arguments of `make`.
    context: Callable[[], dict[str, Any]] = dict


@dataclass(frozen=True)
class Explorer:
    """The exhibits, the survey and the ledger of an edition, with functions that draw and query them."""

    registry: Sequence[Exhibit]
    #: How each exhibit is made, by its id.
    makers: Mapping[str, Maker]
    #: The exhibit that controls show first.
    first: str
    #: The function that returns the questionnaire of the survey, given the processed tables by name.
    build_questionnaire: Callable[[Mapping[str, pd.DataFrame]], Questionnaire]
    #: The values of each parameter, each with its name in a control.
    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def exhibits(self) -> pd.DataFrame:
        """Return one row per exhibit: name, title, section, page, drawn (whether `draw` draws it), choices."""
        rows = [
            (
                item.id,
                item.title,
                item.section,
                item.page,
                item.is_picture,
                "; ".join(f"{name}: {', '.join(values)}" for name, values in self.choices(item).items()),
            )
            for item in self.registry
        ]
        return pd.DataFrame(rows, columns=["name", "title", "section", "page", "drawn", "choices"])

    def choices(self, item: Exhibit) -> dict[str, tuple[str, ...]]:
        """Return the choices that an exhibit's data function declares, each with its values."""
        parameters = inspect.signature(self.makers[item.id].data).parameters.values()
        return {
            p.name: tuple(self.chosen[p.name]) for p in parameters if p.kind is p.KEYWORD_ONLY and p.name in self.chosen
        }

    def draw(self, name: str, **chosen: str) -> Axes | list[Axes]:
        """Draw a figure or a result as the report's pages show it; return its Axes, a list if it has several.

        The notebook shows the figure at the end of the cell, with the changes that the cell makes.

        Parameters
        ----------
        name
            The exhibit's id, as `exhibits` lists it.
        **chosen
            Its choices, as `exhibits` lists them, for example `side="Staff"` or `reading="tight"`.
        """
        item = find_exhibit(self.registry, name)
        if not item.is_picture:
            raise InputError(f"{item.name} is a table, not a figure", remedy=f"call data_of({item.id!r}) for its rows")
        maker, data = self.makers[name], translate_words(self.make_data(item, **chosen))
        figure = draw_exhibit(item, maker.make, data, maker.context())
        return figure.axes if len(figure.axes) > 1 else figure.axes[0]

    def data_of(self, name: str, **chosen: str) -> pd.DataFrame:
        """Return the rows that an exhibit shows, with the choices that `draw` takes; sets of counts as in `table`."""
        item = find_exhibit(self.registry, name)
        rows = with_sets(self.make_data(item, **chosen))
        rows.attrs["title"] = item.heading
        return rows

    def make_data(self, item: Exhibit, counts: pd.DataFrame | None = None, /, **chosen: str) -> pd.DataFrame:
        """Return the rows that an exhibit shows, as its function takes them; from other counts if they are given."""
        possible = self.choices(item)
        for choice, value in chosen.items():
            if value not in possible.get(choice, ()):
                known = "; ".join(f"{one}: {', '.join(values)}" for one, values in possible.items())
                raise InputError(f"{item.name} cannot have {choice}={value!r}", expected=known or "no choice at all")
        maker = self.makers[item.id]
        given = [counts if name == COUNTS and counts is not None else load(name) for name in maker.tables]
        return maker.data(*given, **chosen)

    def read_questionnaire(self) -> Questionnaire:
        """Return the questionnaire of the report that was built last."""
        return self.build_questionnaire({name: load(name) for name in ("survey", "questions", "options", "readings")})

    def words(self) -> pd.DataFrame:
        """Return one row per vague quantifier: word, statements (how many), read, and how `reread` can interpret it."""
        return list_quantifiers(self.read_questionnaire())

    def reread(
        self,
        *,
        rounding: str = PUBLISHED.rounding,
        tight: bool = False,
        without: str | Iterable[str] = (),
        strict: str | Iterable[str] = (),
        used: str | Iterable[str] = (),
        skipped: bool = False,
        same: bool = False,
    ) -> Reread:
        """Interpret the report in another way, and compute which counts the survey's statements then allow.

        Parameters
        ----------
        rounding
            How printed percentages were rounded: up_or_down, half_up, half_down, half_even or trunc.
        tight
            Whether "more than 93%" also implies "not more than 94%".
        without
            Vague quantifiers whose statements are left out.
        strict
            Vague quantifiers taken strictly.
        used
            Vague quantifiers that count although the published interpretation sets them aside.
        skipped
            Whether respondents may have skipped questions with a single choice.
        same
            Whether the questions that `questions.csv` pairs in its column `same` are one question.
        """
        return reread(
            self.read_questionnaire(),
            rounding=rounding,
            tight=tight,
            without=without,
            strict=strict,
            used=used,
            skipped=skipped,
            same=same,
        )

    def ask(self, *, section: str = "", verdict: str = "", contains: str = "", exhibit: str = "") -> pd.DataFrame:
        """Return one row per statement of the ledger that matches: statement, place, verdict, evidence.

        Parameters
        ----------
        section
            As printed, with those below it: `3` includes `3.1`; or a heading, such as `Annex`.
        verdict
            contradicted, undetermined, consistent, matched or stated-once.
        contains
            Words in the statement, in what is printed or in the evidence; capitals and accents do not matter.
        exhibit
            The id of the exhibit that statements are about.
        """
        claims = load("claims")
        if verdict and verdict not in VERDICTS:
            raise InputError(f"there is no verdict {verdict!r}", expected=f"one of {', '.join(VERDICTS)}")
        if verdict:
            claims = claims[claims["verdict"] == verdict]
        if exhibit:
            claims = claims[claims["exhibit"] == find_exhibit(self.registry, exhibit).id]
        if section:
            claims = claims[claims["section"].isin(_find_sections(section))]
        if contains:
            searched = claims["statement"] + " " + claims["printed"] + " " + claims["evidence"].fillna("")
            claims = claims[searched.map(_normalise).str.contains(_normalise(contains), regex=False)]
        found = claims[["statement", "verdict", "evidence"]].reset_index(drop=True)
        places = [
            f"{'section ' if section[0].isdigit() else ''}{section}, page {page}"
            for section, page in zip(claims["section"], claims["page"], strict=True)
        ]
        found.insert(1, "place", pd.Series(places, dtype="str"))
        return found


def _find_sections(wanted: str) -> list[str]:
    """Return a section and those below it, as the ledger names them."""
    known = list(dict.fromkeys(load("claims")["section"]))
    found = [one for one in known if one.casefold() == wanted.casefold() or one.startswith(f"{wanted}.")]
    if not found:
        raise InputError(f"the ledger has no statement of section {wanted!r}", expected=f"one of {', '.join(known)}")
    return found


def _normalise(text: str) -> str:
    """Return a text without capitals and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
