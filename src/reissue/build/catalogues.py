"""Gather what readers see of the pages, and update the catalogues of translations: the machinery's and the report's.

`make catalogues` runs it, inside `.venv`. It writes `PACKAGE.pot` and updates a `.po` file per language: what is
translated stays, also that of a text that was changed a little, marked as fuzzy until somebody has checked it and taken
the mark away. What is new is added empty, what nobody shows any more is dropped. The files have neither dates nor
numbers of lines, so that the same sources give the same bytes. `drifts` is what the tests ask.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import denormalize, normalize, read_po, write_po
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
#: Functions that mark texts, each with how many: one for one and one for many where a number decides.
KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
#: Where one number decides between texts, the first names the message.
Message = str | tuple[str, str]

_WIDTH = 110


def collect_messages(gathered: Iterable[tuple[str, Message]]) -> dict[Message, str]:
    """Return each text once, with the file where it appears first, in the order of appearance."""
    found: dict[str, tuple[Message, str]] = {}
    for place, message in gathered:
        key = message if isinstance(message, str) else message[0]
        before = found.get(key)
        # The same words alone and with a number are one message of both.
        if before is None or isinstance(before[0], str):
            found[key] = (message, before[1] if before else place)
    return dict(found.values())


def collect_messages_by_folder(edition: Edition) -> dict[Path, dict[Message, str]]:
    """Return every text that pages show, by the folder of its catalogues: the machinery's, and the report's others.

    The machinery's are left out where it is not a part of the project.
    """
    own = collect_messages(_of_package(MACHINERY))
    others = collect_messages(_of_report(edition))
    machinery = {CATALOGUES: own} if MACHINERY.is_relative_to(paths.ROOT) else {}
    return {**machinery, report_catalogues(edition): {text: others[text] for text in others if text not in own}}


def report_catalogues(edition: Edition) -> Path:
    """Return the folder of the report's catalogues."""
    return _source(edition) / "locale"


def build_catalogues(texts: Mapping[Message, str], folder: Path) -> dict[Path, str]:
    """Return the files of a folder as they should be, by their path; translations stay."""
    template = _build_template(texts)
    made = {folder / f"{folder.parent.name}.pot": _format_catalogue(template)}
    for locale in languages():
        if locale != ENGLISH:
            path = folder / f"{locale}.po"
            made[path] = _format_catalogue(_update_catalogue(read_catalogue(path), template))
    return made


def read_catalogue(path: Path) -> Catalog:
    """Return a language's catalogue as it is; an empty one where there is none yet."""
    locale = path.stem
    if not path.exists():
        return Catalog(locale=locale)
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=locale)
    for message in catalogue:
        # Babel writes what a text was before, and reads it as a comment.
        before = [comment for comment in message.user_comments if comment.startswith("|")]
        message.user_comments = [comment for comment in message.user_comments if comment not in before]
        message.previous_id = _parse_previous_texts(before)
    return catalogue


def find_outdated_catalogues(edition: Edition) -> list[str]:
    """Return one line for each catalogue that is not what `make catalogues` writes; none where all is well."""
    return [
        f"{paths.display_path(path)} is not in step with the sources: run make catalogues"
        for folder, texts in collect_messages_by_folder(edition).items()
        for path, text in build_catalogues(texts, folder).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _source(edition: Edition) -> Path:
    """Return the folder of the report's package."""
    return Path(str(files(edition.package)))


def _of_package(folder: Path) -> Iterator[tuple[str, Message]]:
    """Yield the place and text of each message of a package's modules and templates."""
    for path in sorted(folder.rglob("*.py")):
        yield from ((paths.display_path(path), message) for message in _of_module(path.read_text(encoding="utf-8")))
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.j2")]):
        yield from ((paths.display_path(path), message) for message in _of_template(path))


def _of_report(edition: Edition) -> Iterator[tuple[str, Message]]:
    """Yield the place and text of each message of the report: of its package, notebooks and raw tables."""
    yield from _of_package(_source(edition))
    order = read_order()
    for stem in (*order.needs, *order.beside):
        yield from _of_notebook(paths.NOTEBOOKS / f"{stem}.ipynb")
    for item in edition.exhibits:
        words = [item.title, item.source, item.reason, item.section if not item.section[0].isdigit() else ""]
        yield from ((f"src/{edition.package}/exhibits.py", text) for text in words if text)
    about = edition.metadata
    for text in (about["subtitle"], about["description"], *about["cover"].values()):
        yield f"src/{edition.package}/metadata.json", text
    yield from _of_tables(edition, load_raw(edition.check))


def _of_module(text: str) -> Iterator[Message]:
    """Yield the texts that a module marks, those within f-strings too, which Babel does not find in every Python."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        told = [node.value for node in call.args[: KEYWORDS.get(name, 0)] if isinstance(node, ast.Constant)]
        yield from _find_message(name, told)


def _of_template(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for _line, name, told, _comments in babel_extract(file, tuple(KEYWORDS), (), {}):
            yield from _find_message(name, [told] if isinstance(told, str) else [*(told or ())])


def _find_message(name: str, told: list[Any]) -> Iterator[Message]:
    """Yield what a call of this function marks; nothing where its texts are found elsewhere."""
    words = [text for text in told[: KEYWORDS.get(name, 0)] if isinstance(text, str)]
    if words and len(words) == KEYWORDS[name]:
        yield words[0] if len(words) == 1 else (words[0], words[1])


def _of_notebook(path: Path) -> Iterator[tuple[str, Message]]:
    """Yield each cell of prose as a whole, its slots in it, and the captions of listings in code."""
    for cell in read_notebook(path).cells:
        found = [cell.source] if cell.cell_type == "markdown" else []
        if cell.cell_type == "code":
            calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
            found = [caption for call in calls for caption in _find_caption(call)]
        yield from ((paths.display_path(path), text) for text in found if text.strip())


def _find_caption(call: ast.Call) -> list[str]:
    """Return the caption of a `listing`; none of another call."""
    if not isinstance(call.func, ast.Name) or call.func.id != "listing":
        return []
    return [str(node.value) for node in call.args[1:2] if isinstance(node, ast.Constant)]


def _of_tables(edition: Edition, raw: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, Message]]:
    """Yield the words of tables, of answers taken together, and of places in the report."""
    for name in report.vocabulary().tables:
        words = [column for column in raw[name] if column in (word_columns() | code_columns()) - {"section"}]
        yield from _words(name, (cell for row in raw[name][words].itertuples(index=False) for cell in row))
    if edition.questionnaire:
        questionnaire = edition.build_questionnaire(raw)
        counts = (one for question in questionnaire.options for one in list_counts(questionnaire, question))
        yield from _words("survey", (label_count(questionnaire, one) for one in counts))
    for name, table in raw.items():
        if "section" in table:
            yield from _words(name, (cell for cell in table["section"] if not str(cell)[:1].isdigit()))


def _words(table: str, cells: Iterable[object]) -> Iterator[tuple[str, Message]]:
    for cell in cells:
        if isinstance(cell, str) and re.search("[A-Za-z]", cell):
            yield f"data/raw/{table}", cell


def _build_template(texts: Mapping[Message, str]) -> Catalog:
    """Return the catalogue of these texts without a translation."""
    template = Catalog()
    for text, place in texts.items():
        # What looks like a format of another language is none here.
        template.add(text, locations=[(place, 0)]).flags.clear()
    return template


def _update_catalogue(catalogue: Catalog, template: Catalog) -> Catalog:
    """Bring a language's catalogue in step with the template, in place; return it."""
    before = {message.id: message.previous_id for message in catalogue}
    catalogue.update(template, update_creation_date=False)
    for message in catalogue:
        message.flags &= {"fuzzy"}
        if message.fuzzy and message.id in before:
            # Of a text that stays in doubt the update forgets what it was.
            message.previous_id = before[message.id]
        elif message.fuzzy and message.previous_id[0] in catalogue:
            # A new text that resembles one that stays is no changed one: the translation is the other's.
            message.string, message.previous_id = ("" if isinstance(message.id, str) else ("", "")), []
            message.flags.clear()
    return catalogue


def _format_catalogue(catalogue: Catalog) -> str:
    """Return a catalogue as the text of its file."""
    headers = ["Content-Type: text/plain; charset=utf-8"]
    if catalogue.locale:
        headers += [f"Language: {catalogue.locale_identifier}", f"Plural-Forms: {catalogue.plural_forms}"]
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head = "".join(f'"{header}\\n"\n' for header in headers)
    texts = [message for message in catalogue if message.id]
    blocks = file.getvalue().decode().rstrip().split("\n\n") if texts else []
    body = "\n\n".join(_with_text_before(*pair) for pair in zip(texts, blocks, strict=True))
    return f'msgid ""\nmsgstr ""\n{head}\n{body}'.rstrip() + "\n"


def _with_text_before(message: Any, block: str) -> str:
    """Return the lines of a message with the text that its translation was made of, where that is another.

    Babel wraps it as a comment, so that it cannot be read again.
    """
    names = ("msgid", "msgid_plural")
    texts = [f"{name} {normalize(text, width=_WIDTH)}" for name, text in zip(names, message.previous_id, strict=False)]
    lines = "".join(f"#| {line}\n" for text in texts for line in text.splitlines())
    return re.sub("^msgid ", lambda match: lines + match[0], block, count=1, flags=re.MULTILINE)


def _parse_previous_texts(comments: list[str]) -> list[str]:
    """Return the texts that such lines hold: one, or one for one and one for many."""
    lines = "\n".join(comment.removeprefix("|").strip() for comment in comments)
    return [denormalize(text) for text in re.split(r"^msgid(?:_plural)? ", lines, flags=re.MULTILINE)[1:]]


def update_catalogues(edition: Edition) -> int:
    """Write the files, and print how many texts of each language are not translated; return 0.

    Raises
    ------
    InputError
        If a source cannot be read.
    """
    folders = collect_messages_by_folder(edition)
    for folder, texts in folders.items():
        for path, text in build_catalogues(texts, folder).items():
            # A file that stays as it is makes no build stale.
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                write_text(path, text)
    for locale in languages():
        if locale != ENGLISH:
            found = [m for folder in folders for m in read_catalogue(folder / f"{locale}.po") if m.id]
            fuzzy = sum(message.fuzzy for message in found)
            missing = sum(not is_translated(message) for message in found) - fuzzy
            print(f"{locale}: {len(found)} texts, {missing} without a translation, {fuzzy} to be checked (fuzzy)")
    return 0
