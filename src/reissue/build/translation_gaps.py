"""What a build in another language leaves in English: texts without a translation that cells and pages looked up."""

from __future__ import annotations

from nbformat import NotebookNode

from reissue.build.ipynb import read_notebook
from reissue.core import language, paths


def keep_missing_texts(notebook: NotebookNode) -> None:
    """Store in a notebook's metadata, in place, its texts without a translation.

    Its cells have stored those that they looked up with their outputs; its prose is looked up here.
    """
    prose = {cell.source for cell in notebook.cells if cell.cell_type == "markdown"}
    for text in prose:
        language._(text)
    found = prose.intersection(language.list_untranslated())
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        found.update(output.get("metadata", {}).get("reissue", {}).pop(language.MISSING, []))
    if found:
        notebook.metadata["reissue"] = {language.MISSING: sorted(found)}


def describe_gaps(build: str) -> str:
    """Return a line on the texts that a build leaves in English; empty if there are none.

    Some have no translation in the language's file; others, which notebooks or pages looked up, are missing from it.
    """
    executed = sorted((paths.build_folder(build) / "executed").glob("*.ipynb"))
    about = [read_notebook(path).metadata.get("reissue", {}) for path in executed]
    missing, known = language.find_missing_texts(text for one in about for text in one.get(language.MISSING, []))
    if not missing:
        return ""
    locale = language.current_language()
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{locale}: {len(missing):,} of {len(missing | known):,} texts {verb} not translated "
        f"(make catalogues lists them in {locale}.po)"
    )
