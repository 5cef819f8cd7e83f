"""Controls for JupyterLab: an exhibit and its choices, a reading of the survey, the ledger.

Each function returns widgets that show at once what `reissue.lab.explore` makes of what is chosen in them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from iucresearch import style
from reissue.ledger.judge import VERDICTS
from reissue.core.errors import InputError
from iucresearch.exhibits import EXHIBITS, exhibit
from reissue.lab.explore import ask, choices, find_context, make_data
from iucresearch.figures import survey
from reissue.build.params import CHOICES
from reissue.lab.reinterpret import STRICT, USED, WITHOUT, reread, soft_words, without_sets
from reissue.exhibits.show import show
from iucresearch.tabulation import data_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More statements than this are not listed while somebody types.
_FEW = 100
#: What values of choices are called.
_CALLED: Mapping[str, Mapping[str, str]] = {
    "side": style.SIDE_NAMES,
    "reading": {"literal": "bounds literally", "tight": "bounds tightly"},
    "rounding": {
        "up_or_down": "to the nearest, ties either way",
        "half_up": "to the nearest, ties up",
        "half_down": "to the nearest, ties down",
        "half_even": "to the nearest, ties to even",
        "trunc": "cut off",
    },
}
_PUBLISHED = "published"
_READ = {WITHOUT: "left out", STRICT: "taken strictly", USED: "counted"}
_WIDE = {"width": "max-content"}


def exhibit_controls() -> widgets.VBox:
    """Choose any exhibit, and what its function lets be chosen."""
    names = [(item.heading, item.id) for item in EXHIBITS]
    chosen = widgets.Dropdown(description="Exhibit", options=names, value="figure-6", layout={"width": "42rem"})
    own = {name: _choice(name) for name in dict.fromkeys(name for item in EXHIBITS for name in choices(item))}
    row = widgets.HBox()

    def shown() -> Markup:
        item = exhibit(chosen.value)
        taken = choices(item)
        row.children = [own[name] for name in taken]
        data = make_data(item, **{name: own[name].value for name in taken})
        return Markup(show(item.id, data, **find_context(item)).html)

    return _panel([chosen, row], [chosen, *own.values()], shown)


def reading_controls() -> widgets.VBox:
    """Choose how the survey is read: what then changes, and a figure as published and as read."""
    rounding = _choice("rounding", "Rounding")
    tight = widgets.Checkbox(description="“more than” and its like read tightly", indent=False, layout=_WIDE)
    listed = soft_words()
    soft = [_soft_word(word, how.split(", ")) for word, how in zip(listed["word"], listed["otherwise"], strict=True)]
    counted = [(item.heading, item.id) for item in EXHIBITS if item.reproduction == "counted"]
    figure = widgets.Dropdown(description="Figure", options=counted, value="figure-6", layout={"width": "42rem"})
    side = _choice("side")

    def shown() -> Markup:
        read = {how: [one.description for one in soft if one.value == how] for how in _READ}
        found = reread(rounding=rounding.value, tight=tight.value, **read)
        item = exhibit(figure.value)
        published = make_data(item, side=side.value)
        here = make_data(item, without_sets(found.counts), side=side.value)
        # One picture until a reading changes it.
        same = here.equals(published)
        pictures = [("As published, and as read here" if same else "As published", published)]
        pictures += [] if same else [("As read here", here)]
        pair = Markup("").join(_picture(caption, data) for caption, data in pictures)
        return found.verdict + Markup('<div class="iuc-pair">{}</div>').format(pair) + found.totals

    fold = widgets.Accordion([widgets.Box(soft, layout={"flex_flow": "row wrap"})], titles=["Soft words"])
    above = [widgets.HBox([rounding, tight]), fold, widgets.HBox([figure, side])]
    return _panel(above, [rounding, tight, *soft, figure, side], shown)


def ledger_controls() -> widgets.VBox:
    """Ask the ledger: words, and a verdict."""
    text = widgets.Text(description="Words", placeholder="in a statement, as printed, or in the evidence")
    verdict = widgets.Dropdown(description="Verdict", options=[("any", ""), *((one, one) for one in VERDICTS)])

    def shown() -> Markup:
        found = ask(contains=text.value, verdict=verdict.value)
        caption = f"{len(found)} of {len(ask())} statements"
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
        result.value = str(Markup('<div class="iuc">{}</div>').format(made))

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


def _choice(name: str, description: str = "") -> widgets.Dropdown:
    """Return the control of a declared parameter."""
    called = _CALLED.get(name, {})
    options = [(called.get(value, value), value) for value in CHOICES[name]]
    return widgets.Dropdown(
        description=description or name.capitalize(), options=options, layout={"width": "max-content"}
    )


def _soft_word(word: str, otherwise: list[str]) -> widgets.Dropdown:
    """Return the control of a soft word: as published, or how else it can be read."""
    published = "set aside" if otherwise == [USED] else "as published"
    options = [(published, _PUBLISHED), *((_READ[how], how) for how in otherwise)]
    return widgets.Dropdown(description=word, options=options, style={"description_width": "11rem"})


def _picture(caption: str, data: pd.DataFrame) -> Markup:
    """Return a figure of the survey, or that no answers are left to draw."""
    import matplotlib.pyplot as plt

    if data.empty:
        shown = Markup("<p>Statements about it cannot hold together: no count is possible.</p>")
    else:
        with style.styled():
            figure = cast("Figure", survey.draw_counts(data).figure)
        picture = b64encode(style.svg(figure)).decode()
        plt.close(figure)
        shown = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(picture, survey.alt(data))
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(caption, shown)
