"""Exploring in JupyterLab: tables, exhibits, other readings of the survey, the ledger.

An edition binds an `Explorer` to its exhibits. Tables are pandas DataFrames, which
itables lets sort and search; figures are matplotlib Axes. Nothing is written, and nothing is fetched.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from reissue.lab.reinterpret import Reread, reread, soft_words, with_sets
from reissue.lab.statements import find_statements
from reissue.survey.interpretation import PUBLISHED
from reissue.survey.questionnaire import Questionnaire

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Explorer", "Maker", "Reread", "describe", "start", "table"]

#: How itables shows tables: all rows are there, however many, and a box below each column filters it.
_OPTIONS: dict[str, Any] = {
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
.lab{line-height:1.5}.lab p{margin:.4rem 0}
.lab-pair{display:flex;flex-wrap:wrap;gap:1rem}.lab-pair figure{margin:.5rem 0;flex:1 1 30rem;max-width:46rem}
.lab-pair figcaption{font-weight:600}.lab-pair img,.exhibit img{width:100%;max-width:46rem!important;background:#fff}
.badge{border:1px solid currentColor;border-radius:1em;padding:0 .6em;font-weight:600;white-space:nowrap}
.how .to{display:inline-block;margin-right:.8rem}.exhibit h3{margin:.4rem 0}
.exhibit a[href^="#"]{color:inherit;text-decoration:none;pointer-events:none}
.exhibit .download a{color:var(--jp-content-link-color);text-decoration:underline}
</style>"""


def start() -> None:
    """Let this notebook sort and search every DataFrame that it shows, with the library in the environment."""
    for name, value in _OPTIONS.items():
        setattr(itables.options, name, value)
    itables.init_notebook_mode(all_interactive=True, connected=False)
    formatter = getattr(get_ipython(), "display_formatter", None)
    if formatter is not None:
        # As itables shows it, with the title of the table that the rows come from.
        formatter.formatters["text/html"].for_type(pd.DataFrame, to_html)
    display(HTML(_STYLE))


def to_html(frame: pd.DataFrame) -> str:
    """Return rows as itables shows them, and a part of them for where its script does not run."""
    return itables.to_html_datatable(frame, str(escape(frame.attrs.get("title", ""))))


def table(name: str = "") -> pd.DataFrame:
    """Return a processed table, or without a name one row per table: name, rows, title, one row.

    Sets of counts are tuples of integers, for example `(7, 21, 22, 23)`. `describe(name)` explains the columns.

    Raises
    ------
    InputError
        If there is no table of that name, or no report has been built yet.
    """
    return with_sets(load(name)) if name else processed.tables()


#: The table of counts of a survey.
COUNTS = "survey_counts"


@dataclass(frozen=True)
class Maker:
    """How an exhibit is made.

    Attributes
    ----------
    make
        Draws the data, or lists them.
    data
        Returns them from processed tables; its keyword-only parameters are what a person may choose.
    tables
        The names of these tables, in the order of its parameters.
    context
        Returns what else `make` needs.
    """

    make: Make
    data: Callable[..., pd.DataFrame]
    tables: tuple[str, ...]
    context: Callable[[], dict[str, Any]] = dict


@dataclass(frozen=True)
class Explorer:
    """The exhibits and the ledger of an edition, to draw and ask.

    Attributes
    ----------
    registry
        The edition's exhibits.
    makers
        How each is made, by its id.
    first
        The exhibit that controls begin with.
    build_questionnaire
        Returns the questionnaire of the survey, given the processed tables by name.
    chosen
        What a parameter can be, by its name: each value with its name in a control.
    """

    registry: Sequence[Exhibit]
    makers: Mapping[str, Maker]
    first: str
    build_questionnaire: Callable[[Mapping[str, pd.DataFrame]], Questionnaire]
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
        """Return what an exhibit's data can be chosen by, as its function declares it, and what each may be."""
        parameters = inspect.signature(self.makers[item.id].data).parameters.values()
        return {
            p.name: tuple(self.chosen[p.name]) for p in parameters if p.kind is p.KEYWORD_ONLY and p.name in self.chosen
        }

    def draw(self, name: str, **chosen: str) -> Axes | list[Axes]:
        """Draw a figure or a result as the report's pages show it.

        Parameters
        ----------
        name
            The exhibit's id, as `exhibits` lists it.
        **chosen
            What its function declares, for example `side="Staff"` or `reading="tight"`.

        Returns
        -------
        Axes, or list of Axes
            What it is drawn on; a list for a figure that has several. The notebook shows it at the end of
            the cell, with what the cell changes.

        Raises
        ------
        InputError
            If there is no exhibit, choice or value of that name, the exhibit is a table, or no report has been
            built yet.
        """
        item = find_exhibit(self.registry, name)
        if not item.is_picture:
            raise InputError(f"{item.name} is a table, not a figure", remedy=f"data_of({item.id!r}) returns its rows")
        figure = draw_exhibit(
            item, self.makers[name].make, translate_words(self.make_data(item, **chosen)), self.makers[name].context()
        )
        return figure.axes if len(figure.axes) > 1 else figure.axes[0]

    def data_of(self, name: str, **chosen: str) -> pd.DataFrame:
        """Return the rows that an exhibit shows, with the choices that `draw` takes; sets of counts as in `table`.

        Raises
        ------
        InputError
            If there is no exhibit, choice or value of that name, or no report has been built yet.
        """
        item = find_exhibit(self.registry, name)
        rows = with_sets(self.make_data(item, **chosen))
        rows.attrs["title"] = item.heading
        return rows

    def make_data(self, item: Exhibit, counts: pd.DataFrame | None = None, /, **chosen: str) -> pd.DataFrame:
        """Return the rows that an exhibit shows, as its function takes them; from other counts where they are given.

        Raises
        ------
        InputError
            If there is no choice or value of that name, or no report has been built yet.
        """
        possible = self.choices(item)
        for choice, value in chosen.items():
            if value not in possible.get(choice, ()):
                known = "; ".join(f"{one}: {', '.join(values)}" for one, values in possible.items())
                raise InputError(f"{item.name} cannot have {choice}={value!r}", expected=known or "no choice at all")
        maker = self.makers[item.id]
        given = [counts if name == COUNTS and counts is not None else load(name) for name in maker.tables]
        return maker.data(*given, **chosen)

    def read_questionnaire(self) -> Questionnaire:
        """Return the questionnaire of the report that was built last.

        Raises
        ------
        InputError
            If no report has been built yet.
        """
        return self.build_questionnaire({name: load(name) for name in ("survey", "questions", "options", "readings")})

    def words(self) -> pd.DataFrame:
        """Return one row per vague quantifier: word, statements (how many), read, and how `reread` can take it."""
        return soft_words(self.read_questionnaire())

    def reread(
        self,
        *,
        rounding: str = PUBLISHED.rounding,
        tight: bool = False,
        without: str | Iterable[str] = (),
        strict: str | Iterable[str] = (),
        used: str | Iterable[str] = (),
    ) -> Reread:
        """Read the report otherwise, and work out which counts the survey's statements then allow.

        Parameters
        ----------
        rounding
            How printed percentages were rounded: up_or_down, half_up, half_down, half_even or trunc.
        tight
            Whether "more than 93%" also says that it is not more than 94%.
        without
            Soft words whose statements are left out.
        strict
            Soft words taken strictly.
        used
            Soft words that count although the published reading sets them aside.

        Raises
        ------
        InputError
            If there is no such rule, a word cannot be read so, or no report has been built yet.
        """
        return reread(
            self.read_questionnaire(), rounding=rounding, tight=tight, without=without, strict=strict, used=used
        )

    def ask(self, *, section: str = "", verdict: str = "", contains: str = "", exhibit: str = "") -> pd.DataFrame:
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
            The id of the exhibit that statements touch.

        Raises
        ------
        InputError
            If there is no section, verdict or exhibit of that name, or no report has been built yet.
        """
        return find_statements(self.registry, section=section, verdict=verdict, contains=contains, exhibit=exhibit)
