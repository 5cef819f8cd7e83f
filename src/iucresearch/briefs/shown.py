"""What the cells of a brief display: sentences, links and tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from reissue.core.datapackage import to_csv
from reissue.exhibits.html_table import data_table
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown


def sentence(text: str) -> Shown:
    """Return a sentence as a paragraph."""
    return Shown(str(Markup("<p>{}</p>").format(text)), text, {})


def link(text: str, address: str) -> Shown:
    """Return a paragraph that leads to an address."""
    return Shown(str(Markup('<p><a class="to" href="{}">{}</a></p>').format(address, text)), text, {})


def table(frame: pd.DataFrame, caption: str, *, links: Sequence[str] = (), summary: str = "") -> Shown:
    """Return a table with a caption; with `links`, the first cell of each row leads to its address.

    With a `summary` the page shows these words, and the table when the reader opens them.
    """
    html = data_table(frame, caption, links=links)
    if summary:
        html = render_template("folded.html", summary=summary, table=html)
    return Shown(str(html), f"{caption}\n\n{to_csv(frame)}", {})


def join_parts(*parts: Shown) -> Shown:
    """Return several parts as one, in this order."""
    return Shown("\n".join(part.html for part in parts), "\n".join(part.text for part in parts), {})
