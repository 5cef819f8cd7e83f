"""Controls for JupyterLab: an exhibit and its choices, an interpretation of the survey, the ledger.

Each function returns widgets and, below them, the result of `reissue.lab.explore` for the values chosen in them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from reissue.core.errors import InputError
from reissue.drawing import style
from reissue.drawing.described import describe
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import Exhibit, find_exhibit
from reissue.exhibits.show import Make, draw_exhibit, show_exhibit
from reissue.lab.explore import Explorer
from reissue.lab.reinterpret import STRICT, USED, WITHOUT, without_sets
from reissue.ledger.findings import VERDICTS

#: More statements than this are not listed, so that the list keeps up with a person who types.
MAX_ROWS_LISTED = 100
_PUBLISHED = "published"
_LABELS = {WITHOUT: "left out", STRICT: "taken strictly", USED: "counted"}
_WIDE = {"width": "max-content"}


def exhibit_controls(explorer: Explorer) -> widgets.VBox:
    """Return controls for any exhibit and its choices."""
    chosen = _exhibit_dropdown(explorer, "Exhibit", explorer.registry)
    own = {
        name: _choice(explorer, name)
        for name in dict.fromkeys(name for item in explorer.registry for name in explorer.choices(item))
    }
    row = widgets.HBox()

    def make_html() -> Markup:
        item = find_exhibit(explorer.registry, chosen.value)
        choices = explorer.choices(item)
        row.children = [own[name] for name in choices]
        maker, data = explorer.makers[item.id], explorer.make_data(item, **{name: own[name].value for name in choices})
        return Markup(show_exhibit(item, maker.make, data, **maker.context()).html)

    return _panel([chosen, row], [chosen, *own.values()], make_html)


def reading_controls(explorer: Explorer) -> widgets.VBox:
    """Return controls for the interpretation of the survey: what it changes, and a figure before and after."""
    rounding = _choice(explorer, "rounding", "Rounding")
    tight = widgets.Checkbox(description="“more than” and its like read tightly", indent=False, layout=_WIDE)
    skipped = widgets.Checkbox(description="respondents may have skipped questions", indent=False, layout=_WIDE)
    same = widgets.Checkbox(description="questions that may be one are one", indent=False, layout=_WIDE)
    quantifiers = explorer.words()[["word", "otherwise"]].itertuples(index=False, name=None)
    soft = []
    for word, otherwise in quantifiers:
        usual = "set aside" if otherwise == USED else "as published"
        options = [(usual, _PUBLISHED), *((_LABELS[how], how) for how in otherwise.split(", "))]
        soft.append(widgets.Dropdown(description=word, options=options, style={"description_width": "11rem"}))
    counted = [item for item in explorer.registry if item.reproduction == "counted"]
    figure = _exhibit_dropdown(explorer, "Figure", counted)
    side = _choice(explorer, "side")

    def make_html() -> Markup:
        chosen = {how: [one.description for one in soft if one.value == how] for how in _LABELS}
        found = explorer.reread(
            rounding=rounding.value,
            tight=tight.value,
            skipped=skipped.value,
            same=same.value,
            without=chosen[WITHOUT],
            strict=chosen[STRICT],
            used=chosen[USED],
        )
        item = find_exhibit(explorer.registry, figure.value)
        published = explorer.make_data(item, side=side.value)
        here = explorer.make_data(item, without_sets(found.counts), side=side.value)
        if here.equals(published):
            pictures = [("As published, and as read here", published)]
        else:
            pictures = [("As published", published), ("As read here", here)]
        make = explorer.makers[item.id].make
        pair = Markup("").join(_picture(item, make, caption, data) for caption, data in pictures)
        return found.verdict + Markup('<div class="lab-pair">{}</div>').format(pair) + found.totals

    fold = widgets.Accordion([widgets.Box(soft, layout={"flex_flow": "row wrap"})], titles=["Vague quantifiers"])
    above = [widgets.HBox([rounding, tight]), widgets.HBox([skipped, same]), fold, widgets.HBox([figure, side])]
    return _panel(above, [rounding, tight, skipped, same, *soft, figure, side], make_html)


def ledger_controls(explorer: Explorer) -> widgets.VBox:
    """Return controls that search the ledger by words and verdict."""
    text = widgets.Text(description="Words", placeholder="in a statement, as printed, or in the evidence")
    verdict = widgets.Dropdown(description="Verdict", options=[("any", ""), *((one, one) for one in VERDICTS)])

    def make_html() -> Markup:
        found = explorer.ask(contains=text.value, verdict=verdict.value)
        caption = f"{len(found)} of {len(explorer.ask())} statements"
        caption += f", {MAX_ROWS_LISTED} of them here; ask() has all" if len(found) > MAX_ROWS_LISTED else ""
        return data_table(found.head(MAX_ROWS_LISTED), caption)

    return _panel([widgets.HBox([text, verdict])], [text, verdict], make_html)


def _panel(
    above: Iterable[widgets.Widget], controls: Iterable[widgets.Widget], make_html: Callable[[], Markup]
) -> widgets.VBox:
    """Return controls with their result below, which every change recomputes."""
    first, *others = above
    state, result = widgets.Label(layout={"margin": "2px 1rem"}), widgets.HTML()

    def show(html: Markup) -> None:
        result.value = str(Markup('<div class="lab">{}</div>').format(html))

    def change(_: object) -> None:
        state.value = "Computing …"
        try:
            show(make_html())
        except InputError as error:
            show(Markup("<p>{}</p>").format(error))
        state.value = ""

    show(make_html())
    for control in controls:
        control.observe(change, "value")
    return widgets.VBox([widgets.HBox([first, state]), *others, result])


def _choice(explorer: Explorer, name: str, description: str = "") -> widgets.Dropdown:
    """Return the control of a declared parameter."""
    options = [(label, value) for value, label in explorer.chosen[name].items()]
    return widgets.Dropdown(description=description or name.capitalize(), options=options, layout=_WIDE)


def _exhibit_dropdown(explorer: Explorer, description: str, exhibits: Iterable[Exhibit]) -> widgets.Dropdown:
    options = [(item.heading, item.id) for item in exhibits]
    return widgets.Dropdown(description=description, options=options, value=explorer.first, layout={"width": "42rem"})


def _picture(item: Exhibit, make: Make, caption: str, data: pd.DataFrame) -> Markup:
    """Return a figure of the survey, or a sentence if no answers are possible."""
    import matplotlib.pyplot as plt

    if data.empty:
        shown = Markup("<p>Statements about it cannot hold together: no count is possible.</p>")
    else:
        figure = draw_exhibit(item, make, data, {})
        picture = b64encode(style.svg(figure)).decode()
        plt.close(figure)
        shown = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(picture, describe(make, data))
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(caption, shown)
