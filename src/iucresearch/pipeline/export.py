"""From executed notebooks to pages: each notebook's own, and the whole report as one."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from iucresearch import paths
from iucresearch.errors import InputError
from iucresearch.exhibits import EXHIBITS
from iucresearch.files import write_text
from iucresearch.show import WORDS
from iucresearch.tabulation import rendered

_TEMPLATE = Path(__file__).parent / "template"
_HEADING = re.compile(r"<(/?)h([1-5])\b")
_SECTION = re.compile(r'<h([12]) id="([^"]+)"[^>]*>(.*?)<a class="anchor-link"', re.DOTALL)
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>', re.DOTALL)

TITLE = "Smart Specialisation, an innovation bridge between the EU and Latin America"


def export_notebook(stem: str, variant: str) -> None:
    """Write `html/STEM.html` from `executed/STEM.ipynb`."""
    notebook = read_executed(stem, variant)
    body = body_of(notebook)
    title = _first_heading(notebook)
    page = rendered(
        "page.html",
        title=title,
        css=_css(),
        home="../index.html",
        contents=[],
        exhibits=[],
        words=WORDS,
        chapters=[Markup(_ANCHOR.sub("", body))],
        panel=panel(variant),
        cover=False,
    )
    write_text(paths.build_folder(variant) / "html" / f"{stem}.html", str(page))


def export_index(stems: tuple[str, ...], variant: str) -> None:
    """Write `index.html`: cover, contents, list of exhibits, every chapter, panel.

    Raises
    ------
    InputError
        If an exhibit of the registry is missing, or there twice.
    """
    notebooks = {stem: read_executed(stem, variant) for stem in stems}
    shown = [about for notebook in notebooks.values() for about in _shown(notebook)]
    _check_complete([about["exhibit"] for about in shown])
    states = {about["exhibit"]: about for about in shown}
    bodies = [body_of(notebook) for notebook in notebooks.values()]
    page = rendered(
        "page.html",
        title=TITLE,
        css=_css(),
        home="",
        contents=[entry for body in bodies for entry in _contents(body)],
        exhibits=[{"exhibit": item, "state": states[item.id]} for item in EXHIBITS],
        words=WORDS,
        chapters=[Markup(_ANCHOR.sub("", _HEADING.sub(_lowered, body))) for body in bodies],
        panel=panel(variant),
        cover=True,
    )
    write_text(paths.build_folder(variant) / "index.html", str(page))


def read_executed(stem: str, variant: str) -> NotebookNode:
    """Return an executed notebook of a build.

    Raises
    ------
    InputError
        If it is missing or not whole.
    """
    path = paths.build_folder(variant) / "executed" / f"{stem}.ipynb"
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        raise InputError(
            "the executed notebook is missing or not whole",
            where=paths.shown(path),
            remedy="delete it and run make report",
        ) from None


def body_of(notebook: NotebookNode) -> str:
    """Return a notebook as a fragment of a page, in the project's template."""
    body: str = _exporter().from_notebook_node(notebook)[0]
    return body.strip() + "\n"


def content_hash(variant: str) -> str:
    """Return the first letters of a SHA-256 over all that a build is made from, git or no git.

    Raw data, notebooks' cells, source, parameters and lock; line ends are taken as they are.
    """
    total = hashlib.sha256()
    for path in _inputs(variant):
        total.update(path.relative_to(paths.ROOT).as_posix().encode() + b"\0")
        total.update(_content(path) + b"\0")
    return total.hexdigest()[:16]


def panel(variant: str) -> list[tuple[str, str]]:
    """Return what a page says of its own making, none of it of this machine or moment."""
    made = [("Configuration", variant or "published"), ("Content hash", content_hash(variant))]
    return [*made, ("What the hash covers", "raw data, notebooks, source, parameters and lock")]


def _inputs(variant: str) -> list[Path]:
    source = paths.ROOT / "src" / "iucresearch"
    found = [p for p in sorted(paths.RAW.rglob("*")) if p.is_file()]
    found += sorted(paths.NOTEBOOKS.glob("*.ipynb")) + [paths.NOTEBOOKS / "order.mk"]
    found += [p for p in sorted(source.rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    found += [paths.PARAMS / f"{variant}.yaml"] if variant else []
    return [*found, paths.ROOT / "requirements.lock"]


def _content(path: Path) -> bytes:
    if path.suffix != ".ipynb":
        return path.read_bytes()
    # Stored outputs are not inputs: re-recording them does not make another report.
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return json.dumps([[c["cell_type"], "".join(c["source"])] for c in cells]).encode()


def _shown(notebook: NotebookNode) -> list[dict[str, str]]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    about = [output.get("metadata", {}).get("iucresearch", {}) for output in outputs]
    return [dict(one) for one in about if one.get("exhibit")]


def _check_complete(names: list[str]) -> None:
    for item in EXHIBITS:
        if names.count(item.id) != 1:
            raise InputError(
                f"{item.heading} is shown {names.count(item.id)} times",
                where=f"notebooks/{item.notebook}.ipynb",
                expected="once",
                remedy="show it once, or mend the registry",
            )


def _contents(body: str) -> list[dict[str, Any]]:
    return [
        {"level": int(level) - 1, "id": name, "text": Markup(re.sub(r"<[^>]+>", "", text))}
        for level, name, text in _SECTION.findall(body)
    ]


def _lowered(match: re.Match[str]) -> str:
    """Move a heading one level down: on the whole page the title stands above the chapters."""
    return f"<{match[1]}h{int(match[2]) + 1}"


def _first_heading(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:])
    return TITLE


@cache
def _css() -> Markup:
    return Markup((_TEMPLATE / "page.css").read_text(encoding="utf-8"))


@cache
def _exporter() -> Any:
    # nbconvert takes 0.3 s to import: a build with nothing to export does not pay for it.
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name=_TEMPLATE.name, extra_template_basedirs=[str(_TEMPLATE.parent)])
