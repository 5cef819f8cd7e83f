"""Show one exhibit in a notebook, and save its files where a build asks for them."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
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
from reissue.exhibits.pictures import picture_element
from reissue.exhibits.registry import Exhibit
from reissue.exhibits.rendering import render_template

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Draws a picture from data, or lists them in a table.
Make = Callable[..., Any]


@dataclass(frozen=True)
class Shown:
    """What a notebook displays: a section of the page as HTML, the same as plain text, and metadata for the page.

    For an exhibit, `about` holds its id, the function that makes it and how many counts the report fixes;
    `values` holds the texts that fill the slots of the notebook's prose.
    """

    html: str
    text: str
    about: dict[str, Any]

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        untranslated = list_untranslated()
        about = self.about | ({MISSING: untranslated} if untranslated else {})
        return {"text/html": self.html, "text/plain": self.text}, {"reissue": about}


def show_exhibit(item: Exhibit, make: Make, data: pd.DataFrame, **context: Any) -> Shown:
    """Draw or tabulate an exhibit from the data that it shows; raise InputError if there are none.

    `reissue.build.completion` adds its status, its origin and the statements about it when it writes pages, so that a
    change in these draws nothing again.

    For a picture, `make` draws the data and returns axes or a figure; it is `described_by` another function. If it has
    an argument `width` (inches), it also draws a picture for narrow screens. For a table, it returns HTML from the data
    and a caption, as `data_table` does. `context` are its further arguments, such as the coastlines of a map. The data
    become the exhibit's CSV file and its data table.
    """
    if data.empty:
        raise InputError(f"{item.heading}: there is nothing to show", remedy="run make report and look at its data")
    if _is_synthetic(item):
        data = data.assign(answers=SYNTHETIC)
    picture, alt, table = Markup(""), "", Markup("")
    files: dict[str, bytes] = {f"{item.id}.csv": to_csv(data).encode()}
    if item.is_picture:
        picture, alt, drawn = _draw(item, make, data, context)
        files |= drawn
    else:
        table = make(data, item.heading, **context)
    if table or item.kind == "Result":
        # A file of its own links to the page.
        listed = Markup(str(table or data_table(data, item.heading)).replace('href="#', 'href="../index.html#'))
        files[f"{item.id}.html"] = render_template("document.html", title=item.heading, body=listed).encode()
    _save(item, files)
    html = render_template(
        "exhibit.html",
        exhibit=item,
        picture=picture,
        shown=table,
        data=data_table(data, _("Data of {exhibit}").format(exhibit=item.name)) if picture else "",
        name=item.name,
        section=_("section {number}").format(number=item.section) if item.section[0].isdigit() else _(item.section),
        csv=b64encode(files[f"{item.id}.csv"]).decode(),
    )
    function = "" if make is data_table else f"{make.__module__}:{make.__name__}"
    about = {"exhibit": item.id, "function": function, "counts": count_fixed(data)}
    return Shown(str(html), f"{item.heading}\n{alt}".rstrip() + f"\n\n{to_csv(data)}", about)


def count_fixed(data: pd.DataFrame) -> dict[str, int]:
    """Return how many counts are shown, fixed, and bounded at all; nothing for data without counts."""
    if not {"least", "most", "n"} <= set(data.columns):
        return {}
    least, most = data["least"], data["most"]
    bounded = (least > 0) | (most < data["n"])
    return {"shown": len(data), "fixed": int((least == most).sum()), "bounded": int(bounded.sum())}


def _draw(
    item: Exhibit, draw: Make, data: pd.DataFrame, context: dict[str, Any]
) -> tuple[Markup, str, dict[str, bytes]]:
    """Return an exhibit's picture for the page, its alt text, and the files of its wide drawing by name."""
    # They take most of a second to import; a notebook without a picture does not need them.
    import matplotlib.pyplot as plt

    from reissue.drawing import style

    # The data are the same in every language; the picture and its description are in the build's.
    translated = translate_words(data)
    alt = describe(draw, translated)
    if not alt.strip():
        raise InputError(
            f"{item.heading} has no description", expected="an alt text", remedy="describe it with described_by"
        )
    alt = f"{synthetic_notice()} {alt}" if _is_synthetic(item) else alt
    wide = draw_exhibit(item, draw, translated, context)
    # A drawing without this argument serves narrow screens as well.
    own = {"width": style.NARROW} if "width" in signature(draw).parameters else {}
    narrow = draw_exhibit(item, draw, translated, context | own)
    try:
        svg = style.svg(wide, item.id)
        files = {f"{item.id}.svg": svg, f"{item.id}.png": style.png(wide)}
        return picture_element(svg, style.svg(narrow, f"{item.id} narrow"), alt), alt, files
    finally:
        plt.close(wide)
        plt.close(narrow)


def draw_exhibit(item: Exhibit, draw: Make, data: pd.DataFrame, context: dict[str, Any]) -> Figure:
    """Return the figure of an exhibit, with a mark if it shows synthetic answers.

    Raises
    ------
    InputError
        If a part of the drawing is outside of its canvas.
    """
    from matplotlib.figure import Figure

    from reissue.drawing import style
    from reissue.drawing.canvas import check_canvas

    with style.use_style():
        drawn = draw(data, **context)
        figure = drawn if isinstance(drawn, Figure) else drawn.figure
        check_canvas(figure, item.heading)
        if _is_synthetic(item):
            size = 7.5 * figure.get_figwidth()
            figure.text(
                0.5, 0.5, SYNTHETIC, size=size, rotation=20, ha="center", va="center", color="#8f1f2d", alpha=0.3
            )
    return figure


def synthetic_notice() -> str:
    """Return the sentence that marks synthetic answers; the word SYNTHETIC is the same in every language."""
    return _("{mark}: these answers are not real.").format(mark=SYNTHETIC)


def _is_synthetic(item: Exhibit) -> bool:
    """Return whether an exhibit shows synthetic answers."""
    return "survey_counts" in item.tables and SYNTHETIC_VARIABLE in os.environ


def _save(item: Exhibit, files: dict[str, bytes]) -> None:
    folder = paths.output_folder()
    if folder is None:
        return
    # Pictures and their data go to figures, tables to tables, results to both.
    for name, content in files.items():
        if item.is_picture and not name.endswith(".html"):
            write_bytes(folder / "figures" / name, content)
        if not item.is_picture or (item.kind == "Result" and name.endswith((".csv", ".html"))):
            write_bytes(folder / "tables" / name, content)


def save_tables(tables: dict[str, pd.DataFrame], package: str = "") -> list[str]:
    """Write processed tables with their dictionary; return the names of the files.

    In a build they go to its own folder, otherwise to the folder that notebooks read. A named `package` has a
    dictionary of its own there, beside that of the cleaned tables.
    """
    output = paths.output_folder()
    folder = output / "processed" if output else paths.processed_folder()
    contents = {f"{name}.csv": to_csv(table) for name, table in tables.items()}
    contents[descriptor_name(package)] = build_descriptor(tables, contents, package)
    for name, text in contents.items():
        write_text(folder / name, text)
    return sorted(contents)
