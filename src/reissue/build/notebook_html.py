"""One notebook as a fragment of a page: nbconvert with our own template."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from reissue.core.errors import InputError
from reissue.core.language import _
from reissue.exhibits.pictures import inline_pictures

_FOLDER = Path(__file__).parents[1] / "templates" / "page"
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def render_body(notebook: NotebookNode, *, code: bool = True) -> str:
    """Return a notebook as a fragment of a page, its code folded or left out; raise InputError for a script."""
    for cell in notebook.cells:
        if any(_SCRIPT.search(str(output.get("data", {}).get("text/html", ""))) for output in cell.get("outputs", [])):
            raise InputError(
                "an output holds a script",
                where=f"cell {cell.id}",
                expected="text, tables and pictures: pages run no script",
                remedy="show it without one",
            )
    words = {"code": _("Code"), "cell": _("Cell")}
    body: str = make_exporter(code=code).from_notebook_node(notebook, {"words": words})[0]
    return inline_pictures(body.strip()) + "\n"


@cache
def make_exporter(*, code: bool) -> Any:
    """Return the exporter of nbconvert with our own template; it writes code only if it should."""
    # nbconvert takes 0.3 s to import, which a build with nothing to export does not need.
    from nbconvert import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter

    class Exporter(HTMLExporter):
        """Returns HTML as the template writes it: nbconvert would parse it all again, to add attributes it has."""

        def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> tuple[Any, Any]:
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **options)

    folder = str(_FOLDER.parent)
    exporter = Exporter(template_name=_FOLDER.name, extra_template_basedirs=[folder], exclude_input=not code)
    # nbconvert's base template names them, in blocks that the project's template replaces.
    for name in ("highlight_code", "filter_data_type"):
        exporter.register_filter(name, lambda value, **_: value)
    return exporter
