"""Controls for JupyterLab: an exhibit and its choices, a reading of the survey, the ledger.

Each function returns widgets that show at once what `reissue.lab.explore` makes of what is chosen in them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from reissue.core.errors import InputError
from reissue.drawing import style
from reissue.drawing.described import describe
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import find_exhibit
from reissue.exhibits.show import Make, show_exhibit
from reissue.lab.explore import Explorer
from reissue.lab.reinterpret import STRICT, USED, WITHOUT, without_sets
from reissue.ledger.judge import VERDICTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More statements than this are not listed while somebody types.
_FEW = 100
_PUBLISHED = "published"
_READ = {WITHOUT: "left out", STRICT: "taken strictly", USED: "counted"}
_WIDE = {"width": "max-content"}


def exhibit_controls(explorer: Explorer) -> widgets.VBox:
    """Choose any exhibit, and what its function lets be chosen."""
    names = [(item.heading, item.id) for item in explorer.registry]
    chosen = widgets.Dropdown(description="Exhibit", options=names, value=explorer.first, layout={"width": "42rem"})
    own = {
        name: _choice(explorer, name)
        for name in dict.fromkeys(name for item in explorer.registry for name in explorer.choices(item))
    }
    row = widgets.HBox()

    def shown() -> Markup:
        item = find_exhibit(explorer.registry, chosen.value)
        taken = explorer.choices(item)
        row.children = [own[name] for name in taken]
        maker, data = explorer.makers[item.id], explorer.make_data(item, **{name: own[name].value for name in taken})
        return Markup(show_exhibit(item, maker.make, data, **maker.context()).html)

    return _panel([chosen, row], [chosen, *own.values()], shown)


def reading_controls(explorer: Explorer) -> widgets.VBox:
    """Choose how the survey is read: what then changes, and a figure as published and as read."""
    rounding = _choice(explorer, "rounding", "Rounding")
    tight = widgets.Checkbox(description="“more than” and its like read tightly", indent=False, layout=_WIDE)
    listed = explorer.words()
    soft = [_soft_word(word, how.split(", ")) for word, how in zip(listed["word"], listed["otherwise"], strict=True)]
    counted = [(item.heading, item.id) for item in explorer.registry if item.reproduction == "counted"]
    figure = widgets.Dropdown(description="Figure", options=counted, value=explorer.first, layout={"width": "42rem"})
    side = _choice(explorer, "side")

    def shown() -> Markup:
        read = {how: [one.description for one in soft if one.value == how] for how in _READ}
        found = explorer.reread(rounding=rounding.value, tight=tight.value, **read)
        item = find_exhibit(explorer.registry, figure.value)
        published = explorer.make_data(item, side=side.value)
        here = explorer.make_data(item, without_sets(found.counts), side=side.value)
        # One picture until a reading changes it.
        same = here.equals(published)
        pictures = [("As published, and as read here" if same else "As published", published)]
        pictures += [] if same else [("As read here", here)]
        pair = Markup("").join(_picture(explorer.makers[item.id].make, caption, data) for caption, data in pictures)
        return found.verdict + Markup('<div class="lab-pair">{}</div>').format(pair) + found.totals

    fold = widgets.Accordion([widgets.Box(soft, layout={"flex_flow": "row wrap"})], titles=["Soft words"])
    above = [widgets.HBox([rounding, tight]), fold, widgets.HBox([figure, side])]
    return _panel(above, [rounding, tight, *soft, figure, side], shown)


def ledger_controls(explorer: Explorer) -> widgets.VBox:
    """Ask the ledger: words, and a verdict."""
    text = widgets.Text(description="Words", placeholder="in a statement, as printed, or in the evidence")
    verdict = widgets.Dropdown(description="Verdict", options=[("any", ""), *((one, one) for one in VERDICTS)])

    def shown() -> Markup:
        found = explorer.ask(contains=text.value, verdict=verdict.value)
        caption = f"{len(found)} of {len(explorer.ask())} statements"
        caption += f", {_FEW} of them here; ask() has all" if len(found) > _FEW else ""
        return data_table(found.head(_FEW), caption)

    return _panel([widgets.HBox([text, verdict])], [text, verdict], shown)


def _panel(
    above: Iterable[widgets.Widget], controls: Iterable[widgets.Widget], shown: Callable[[], Markup]
) -> widgets.VBox:
    """Return controls over what they show, which is made anew with every change and says so while it is made."""
    first, *others = above
    state, result = widgets.Label(layout={"margin": "2px 1rem"}), widgets.HTML()

    def show(made: Markup) -> None:
        result.value = str(Markup('<div class="lab">{}</div>').format(made))

    def change(_: object) -> None:
        state.value = "Computing …"
        try:
            show(shown())
        except InputError as error:
            show(Markup("<p>{}</p>").format(error))
        state.value = ""

    show(shown())
    for control in controls:
        control.observe(change, "value")
    return widgets.VBox([widgets.HBox([first, state]), *others, result])


def _choice(explorer: Explorer, name: str, description: str = "") -> widgets.Dropdown:
    """Return the control of a declared parameter."""
    options = [(called, value) for value, called in explorer.chosen[name].items()]
    return widgets.Dropdown(
        description=description or name.capitalize(), options=options, layout={"width": "max-content"}
    )


def _soft_word(word: str, otherwise: list[str]) -> widgets.Dropdown:
    """Return the control of a soft word: as published, or how else it can be read."""
    published = "set aside" if otherwise == [USED] else "as published"
    options = [(published, _PUBLISHED), *((_READ[how], how) for how in otherwise)]
    return widgets.Dropdown(description=word, options=options, style={"description_width": "11rem"})


def _picture(draw: Make, caption: str, data: pd.DataFrame) -> Markup:
    """Return a figure of the survey, or that no answers are left to draw."""
    import matplotlib.pyplot as plt

    if data.empty:
        shown = Markup("<p>Statements about it cannot hold together: no count is possible.</p>")
    else:
        with style.use_style():
            figure = cast("Figure", draw(data).figure)
        picture = b64encode(style.svg(figure)).decode()
        plt.close(figure)
        shown = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(picture, describe(draw, data))
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(caption, shown)
