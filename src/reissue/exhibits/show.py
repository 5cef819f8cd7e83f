"""Show one exhibit in a notebook, and save its files where a build asks for them."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from reissue.core import paths
from reissue.core.datapackage import descriptor_name, to_csv
from reissue.core.errors import InputError
from reissue.core.files import write_bytes, write_text
from reissue.core.language import MISSING, _, list_untranslated, translate_words
from reissue.core.paths import SYNTHETIC, SYNTHETIC_VARIABLE
from reissue.core.tables import build_descriptor
from reissue.drawing.described import describe
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import Exhibit
from reissue.exhibits.rendering import render_template

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Makes a picture or a table of data.
Make = Callable[..., Any]


@dataclass(frozen=True)
class Shown:
    """An exhibit as a notebook displays it: its section of the page, and the same in plain words.

    What pages need to know of it stands in `about`: of an exhibit its id, the function that makes it, and how many of
    its counts are fixed; under `values`, words for the slots of the notebook's prose. In a language with gaps, the
    texts that have been looked up in vain go with it.
    """

    html: str
    text: str
    about: dict[str, Any]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        missed = list_untranslated()
        about = self.about | ({MISSING: missed} if missed else {})
        return {"text/html": self.html, "text/plain": self.text}, {"reissue": about}


def show_exhibit(item: Exhibit, make: Make, data: pd.DataFrame, **context: Any) -> Shown:
    """Draw or tabulate an exhibit from the data that it shows.

    Its status, its origin and the statements about it are added when pages are written (`reissue.build.completion`), so
    that nothing has to be drawn again where only these change.

    Parameters
    ----------
    item
        The exhibit, as the registry has it.
    make
        For a picture, the function that draws the data, in the language of the build, and returns axes or a figure; it
        is `described_by` another. For a table, the function that returns it from the data and a caption, such as
        `data_table`.
    data
        What is plotted or listed; it becomes the exhibit's CSV and its data table.
    **context
        What else the function needs, such as the coastlines of the map.

    Returns
    -------
    Shown
        Displays itself at the end of a cell.

    Raises
    ------
    InputError
        If there is nothing to show, or the picture has no description.
    """
    if data.empty:
        raise InputError(f"{item.heading}: there is nothing to show", remedy="run make report and look at its data")
    if _is_synthetic(item):
        data = data.assign(answers=SYNTHETIC)
    picture, alt, table = b"", "", Markup("")
    files: dict[str, bytes] = {f"{item.id}.csv": to_csv(data).encode()}
    if item.is_picture:
        picture, copy, alt = _draw(item, make, data, context)
        files |= {f"{item.id}.svg": picture, f"{item.id}.png": copy}
    else:
        table = make(data, item.heading)
    if table or item.kind == "Result":
        listed = table or data_table(data, item.heading)
        files[f"{item.id}.html"] = render_template("document.html", title=item.heading, css=CSS, body=listed).encode()
    _save(item, files)
    html = render_template(
        "exhibit.html",
        exhibit=item,
        picture=b64encode(picture).decode() if picture else "",
        alt=alt,
        shown=table,
        data=data_table(data, _("Data of {exhibit}").format(exhibit=item.name)) if picture else "",
        name=item.name,
        section=format_section(item),
        csv=b64encode(files[f"{item.id}.csv"]).decode(),
    )
    function = "" if make is data_table else f"{make.__module__}:{make.__name__}"
    about = {"exhibit": item.id, "function": function, "counts": count_fixed(data)}
    return Shown(str(html), f"{item.heading}\n{alt}".rstrip() + f"\n\n{to_csv(data)}", about)


def count_fixed(data: pd.DataFrame) -> dict[str, int]:
    """Return how many counts are shown, fixed, and bounded at all; nothing of data that hold no such counts."""
    if not {"least", "most", "n"} <= set(data.columns):
        return {}
    least, most = data["least"], data["most"]
    bounded = (least > 0) | (most < data["n"])
    return {"shown": len(data), "fixed": int((least == most).sum()), "bounded": int(bounded.sum())}


def format_section(item: Exhibit) -> str:
    """Say where in the report an exhibit stands: `section 3.1`, or the heading's words."""
    return _("section {number}").format(number=item.section) if item.section[0].isdigit() else _(item.section)


def _draw(item: Exhibit, draw: Make, data: pd.DataFrame, context: dict[str, Any]) -> tuple[bytes, bytes, str]:
    """Return an exhibit's SVG, PNG and alt text."""
    # They take most of a second: a notebook without a picture does not pay for them.
    import matplotlib.pyplot as plt

    from reissue.drawing import style

    # The data are the same in every language; what is drawn and described is in this one.
    told = translate_words(data)
    figure = draw_exhibit(item, draw, told, context)
    try:
        alt = describe(draw, told)
        if not alt.strip():
            raise InputError(
                f"{item.heading} has no description", expected="an alt text", remedy="describe it with described_by"
            )
        marked = f"{synthetic_notice()} " if _is_synthetic(item) else ""
        return style.svg(figure), style.png(figure), marked + alt
    finally:
        plt.close(figure)


def draw_exhibit(item: Exhibit, draw: Make, data: pd.DataFrame, context: dict[str, Any]) -> Figure:
    """Return the figure of an exhibit; it is marked where nobody gave the answers."""
    from matplotlib.figure import Figure

    from reissue.drawing import style

    with style.use_style():
        drawn = draw(data, **context)
        figure = drawn if isinstance(drawn, Figure) else drawn.figure
        if _is_synthetic(item):
            figure.text(0.5, 0.5, SYNTHETIC, size=54, rotation=20, ha="center", va="center", color="#8f1f2d", alpha=0.3)
    return figure


def synthetic_notice() -> str:
    """Return the sentence that marks answers which nobody gave; the word in it is the same in every language."""
    return _("{mark}: nobody gave these answers.").format(mark=SYNTHETIC)


def _is_synthetic(item: Exhibit) -> bool:
    """Whether an exhibit shows answers that nobody gave: then its picture, text and data say so."""
    return item.shows_counts and SYNTHETIC_VARIABLE in os.environ


def _save(item: Exhibit, files: dict[str, bytes]) -> None:
    folder = paths.output_folder()
    if folder is None:
        return
    for name, content in files.items():
        for place in _places(item, name):
            write_bytes(folder / place, content)


def _places(item: Exhibit, name: str) -> list[Path]:
    """Return where a file goes: pictures and their data to figures, tables to tables, results to both."""
    drawn = item.is_picture and not name.endswith(".html")
    listed = not item.is_picture or (item.kind == "Result" and name.endswith((".csv", ".html")))
    return [Path("figures") / name] * drawn + [Path("tables") / name] * listed


def save_tables(tables: dict[str, pd.DataFrame], package: str = "") -> list[str]:
    """Write processed tables with their dictionary; return the names of the files.

    In a build they go to its own folder, otherwise to the folder that notebooks read. What is named as a `package` has
    a dictionary of its own there, beside that of the cleaned tables.
    """
    output = paths.output_folder()
    folder = output / "processed" if output else paths.processed_folder()
    contents = {f"{name}.csv": to_csv(table) for name, table in tables.items()}
    contents[descriptor_name(package)] = build_descriptor(tables, contents, package)
    for name, text in contents.items():
        write_text(folder / name, text)
    return sorted(contents)


CSS = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1f24;"
    "background:#fff}h1{font-size:1.3rem}table{border-collapse:collapse;width:100%}caption{text-align:left;"
    "font-weight:600;padding:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;"
    "border-bottom:1px solid #c9ced6}.number{text-align:right}.scroll{overflow-x:auto}"
)
