"""Exports as the questionnaire tool writes them, and as people save them again, made by hand."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

from reissue.survey.groups import Groups

QUESTIONS = pd.DataFrame(
    [
        ("respondents", 1, "respondents", "Respondents by side", "single"),
        ("topic", 2, "topic", "Topic", "single"),
        ("forms", 3, "forms", "Forms used", "multiple"),
        ("relevance-vision", 4, "phases", "Relevance of each phase: Vision", "single"),
    ],
    columns=["id", "order", "group", "title", "choice"],
)
OPTIONS = pd.DataFrame(
    [
        ("respondents", 1, "eu", "European Union"),
        ("respondents", 2, "lac", "Latin America"),
        ("topic", 1, "main", "Main topic"),
        ("topic", 2, "marginal", "Marginal topic"),
        ("forms", 1, "meetings", "Meetings"),
        ("forms", 2, "trainings", "Trainings, of any kind"),
        ("forms", 3, "dialogues", "Virtual dialogues"),
        *(("relevance-vision", n, str(n), str(n)) for n in (2, 3, 4)),
        ("relevance-vision", 1, "1", "1 (not relevant)"),
        ("relevance-vision", 5, "5", "5 (highly relevant)"),
    ],
    columns=["question", "order", "option", "label"],
)
GROUPS = Groups("respondents", {"eu": "EU", "lac": "LAC"})
HEADERS = list(QUESTIONS["title"])
METADATA = ["Invitation number", "Contribution ID", "User name", "Creation date", "Last update", "Languages"]


def build_mapping(questions: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """One row per label, for an export whose headers are the titles of the questions."""
    titles = dict(zip(questions["id"], questions["title"], strict=True))
    rows = questions[["id"]].merge(options.sort_values("order", kind="stable"), left_on="id", right_on="question")
    rows = rows.assign(header=rows["question"].map(titles))
    return rows[["header", "question", "label", "option"]].astype("str")


MAPPING = build_mapping(QUESTIONS, OPTIONS)
ROWS = [
    ["European Union", "Main topic", "Meetings; Virtual dialogues", "1 (not relevant)"],
    ["Latin America", "", "", "4"],
]
PREAMBLE = [["survey"], ["2020-01-01"], []]


def xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Write sheets as they are; None leaves a cell out."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def content(path: Path, headers: list[object], *rows: list[object]) -> Path:
    return xlsx(path, {"Content": [*PREAMBLE, headers, *rows]})


def ods(path: Path, rows: list[list[str]], name: str = "Content") -> Path:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        "<table:table-row>"
        + ("".join(number.format(c, c) if isinstance(c, float) else cell.format(escape(c)) for c in row) or cell)
        + "</table:table-row>"
        for row in rows
    ).replace(">{}<", "><")
    names = "urn:oasis:names:tc:opendocument:xmlns"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{names}:manifest:1.0"/>')
        archive.writestr("content.xml", text)
    return path


def csv_text(rows: list[list[str]], separator: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def edit_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one file in a workbook; one that is not there is empty."""
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, part in (parts | {name: change(parts.get(name, b""))}).items():
            archive.writestr(one, part)
