"""`make catalogues`: collect the texts that pages show, and update the catalogues of translations.

It writes `PACKAGE.pot` and updates a `.po` file per language. Translations stay; that of a changed text is marked as
fuzzy until a person has checked it and removed the mark. New texts are added empty, unused ones are dropped. The files
have neither dates nor line numbers, so that the same sources give the same bytes.
"""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from reissue.build.ipynb import read_notebook
from reissue.build.order import read_order
from reissue.core import paths, report
from reissue.core.files import write_text
from reissue.core.language import CATALOGUES, code_columns, is_translated, languages, word_columns
from reissue.core.raw import load_raw
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.edition import Edition
from reissue.survey.results import label_count, list_counts

#: The machinery's own package.
MACHINERY = Path(__file__).parents[1]
#: Functions that mark texts, each with its number of texts: two where a number decides between singular and plural.
KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
#: A text, or singular and plural.
Message = str | tuple[str, str]


def collect_messages(gathered: Iterable[tuple[str, Message]]) -> dict[Message, str]:
    """Return each text once, with the file where it appears first, in the order of appearance."""
    found: dict[str, tuple[Message, str]] = {}
    for place, message in gathered:
        key = message if isinstance(message, str) else message[0]
        before = found.get(key)
        # A text alone and the same text with a plural are one message.
        if before is None or isinstance(before[0], str):
            found[key] = (message, before[1] if before else place)
    return dict(found.values())


def collect_messages_by_folder(edition: Edition) -> dict[Path, dict[Message, str]]:
    """Return every text that pages show, by the folder of its catalogues: the machinery's, and the report's others.

    The machinery's are left out where it is not a part of the project.
    """
    own = collect_messages(_find_in_package(MACHINERY))
    others = collect_messages(_find_in_report(edition))
    machinery = {CATALOGUES: own} if MACHINERY.is_relative_to(paths.ROOT) else {}
    folder = Path(str(files(edition.package)), "locale")
    return {**machinery, folder: {text: others[text] for text in others if text not in own}}


def build_catalogues(texts: Mapping[Message, str], folder: Path) -> dict[Path, str]:
    """Return the updated files of a folder, by their path; translations stay."""
    template = Catalog()
    for text, place in texts.items():
        # Babel would flag texts with a percent sign as Python formats.
        template.add(text, locations=[(place, 0)]).flags.clear()
    made = {folder / f"{folder.parent.name}.pot": _format_catalogue(template)}
    for locale in languages():
        if locale != ENGLISH:
            path = folder / f"{locale}.po"
            catalogue = read_catalogue(path)
            catalogue.update(template, update_creation_date=False)
            for message in catalogue:
                message.flags &= {"fuzzy"}
                if message.fuzzy and message.previous_id and message.previous_id[0] in catalogue:
                    # A new text that only resembles an unchanged one: Babel took the other's translation.
                    message.string = "" if isinstance(message.id, str) else ("", "")
                    message.flags.clear()
            made[path] = _format_catalogue(catalogue)
    return made


def read_catalogue(path: Path) -> Catalog:
    """Return a language's catalogue; an empty one if there is none yet."""
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), locale=path.stem)


def find_outdated_catalogues(edition: Edition) -> dict[Path, str]:
    """Return the new text of each catalogue that `make catalogues` would change."""
    return {
        path: text
        for folder, texts in collect_messages_by_folder(edition).items()
        for path, text in build_catalogues(texts, folder).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def update_catalogues(edition: Edition) -> int:
    """Write the files, and print how many texts of each language are not translated; return 0."""
    # Unchanged files are not written: that would make builds stale.
    for path, text in find_outdated_catalogues(edition).items():
        write_text(path, text)
    folders = collect_messages_by_folder(edition)
    for locale in languages():
        if locale != ENGLISH:
            found = [m for folder in folders for m in read_catalogue(folder / f"{locale}.po") if m.id]
            fuzzy = sum(message.fuzzy for message in found)
            missing = sum(not is_translated(message) for message in found) - fuzzy
            print(f"{locale}: {len(found)} texts, {missing} without a translation, {fuzzy} to be checked (fuzzy)")
    return 0


def _find_in_package(folder: Path) -> Iterator[tuple[str, Message]]:
    """Yield the place and text of each message of a package's modules and templates."""
    for path in sorted(folder.rglob("*.py")):
        for message in _find_in_module(path.read_text(encoding="utf-8")):
            yield paths.display_path(path), message
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.j2")]):
        with path.open("rb") as file:
            for _line, name, texts, _comments in babel_extract(file, tuple(KEYWORDS), (), {}):
                for message in _find_message(name, [texts] if isinstance(texts, str) else [*(texts or ())]):
                    yield paths.display_path(path), message


def _find_in_report(edition: Edition) -> Iterator[tuple[str, Message]]:
    """Yield the place and text of each message of the report's package, notebooks and raw tables."""
    yield from _find_in_package(Path(str(files(edition.package))))
    order = read_order()
    for stem in (*order.needs, *order.beside):
        yield from _find_in_notebook(paths.NOTEBOOKS / f"{stem}.ipynb")
    for item in edition.exhibits:
        words = [item.title, item.source, item.reason, item.section if not item.section[0].isdigit() else ""]
        yield from ((f"src/{edition.package}/exhibits.py", text) for text in words if text)
    about = edition.metadata
    for text in (about["subtitle"], about["description"], *about["cover"].values()):
        yield f"src/{edition.package}/metadata.json", text
    tables = json.loads(report.resource("schemas", "processed.json").read_text(encoding="utf-8"))
    yield from _find_words("processed", [about["title"] for about in tables.values() if "title" in about])
    yield from _find_in_tables(edition, load_raw(edition.check))


def _find_in_module(text: str) -> Iterator[Message]:
    """Yield the texts that a module marks, also within f-strings, where Babel does not find them in every Python."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        marked = call.args[: KEYWORDS.get(name, 0)]
        yield from _find_message(name, [node.value for node in marked if isinstance(node, ast.Constant)])


def _find_message(name: str, arguments: list[Any]) -> Iterator[Message]:
    """Yield what a call of this function marks, if its texts are written there."""
    words = [text for text in arguments[: KEYWORDS.get(name, 0)] if isinstance(text, str)]
    if words and len(words) == KEYWORDS[name]:
        yield words[0] if len(words) == 1 else (words[0], words[1])


def _find_in_notebook(path: Path) -> Iterator[tuple[str, Message]]:
    """Yield each cell of prose as a whole, with its slots, and the captions of listings in code."""
    for cell in read_notebook(path).cells:
        found = [cell.source] if cell.cell_type == "markdown" else []
        if cell.cell_type == "code":
            calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
            listings = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "listing"]
            captions = [node for call in listings for node in call.args[1:2]]
            found = [str(node.value) for node in captions if isinstance(node, ast.Constant)]
        yield from ((paths.display_path(path), text) for text in found if text.strip())


def _find_in_tables(edition: Edition, raw: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, Message]]:
    """Yield the words of tables, of combined answers, and of places in the report."""
    for name in report.vocabulary().tables:
        words = [column for column in raw[name] if column in (word_columns() | code_columns()) - {"section"}]
        yield from _find_words(
            f"raw/{name}", (cell for row in raw[name][words].itertuples(index=False) for cell in row)
        )
    if edition.questionnaire:
        questionnaire = edition.build_questionnaire(raw)
        counts = (one for question in questionnaire.options for one in list_counts(questionnaire, question))
        yield from _find_words("raw/survey", (label_count(questionnaire, one) for one in counts))
        yield from _find_words("raw/survey", (row["about"] for row in questionnaire.statements.values()))
    for name, table in raw.items():
        yield from _find_words(f"raw/{name}", [table.attrs["title"]])
        if "section" in table:
            yield from _find_words(f"raw/{name}", (cell for cell in table["section"] if not str(cell)[:1].isdigit()))


def _find_words(table: str, cells: Iterable[object]) -> Iterator[tuple[str, Message]]:
    for cell in cells:
        if isinstance(cell, str) and re.search("[A-Za-z]", cell):
            yield f"data/{table}", cell


def _format_catalogue(catalogue: Catalog) -> str:
    """Return a catalogue as the text of its file."""
    headers = ["Content-Type: text/plain; charset=utf-8"]
    if catalogue.locale:
        headers += [f"Language: {catalogue.locale_identifier}", f"Plural-Forms: {catalogue.plural_forms}"]
    file = io.BytesIO()
    write_po(file, catalogue, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head = "".join(f'"{header}\\n"\n' for header in headers)
    return f'msgid ""\nmsgstr ""\n{head}\n{file.getvalue().decode()}'.rstrip() + "\n"
