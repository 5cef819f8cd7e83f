"""Exports as the questionnaire tool and those who save them again write them, made by hand."""

import csv
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

QUESTIONS = pd.DataFrame(
    [
        ("respondents", 1, "respondents", "Respondents by side", "single"),
        ("topic", 2, "topic", "Topic", "single"),
        ("forms", 3, "forms", "Forms used", "multiple"),
        ("relevance-vision", 4, "phases", "Vision", "single"),
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
        ("relevance-vision", 1, "1", "1 (not relevant)"),
        ("relevance-vision", 2, "2", "2"),
        ("relevance-vision", 3, "3", "3"),
        ("relevance-vision", 4, "4", "4"),
        ("relevance-vision", 5, "5", "5 (highly relevant)"),
    ],
    columns=["question", "order", "option", "label"],
)
HEADERS = ["Respondents by side", "Topic", "Forms used", "Relevance of each phase: Vision"]
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


XML = """<?xml version='1.0' encoding='UTF-8'?>
<Results create="2020-01-01_00-00-00"><Survey id="1" uid="u" alias="survey">
<Elements lang="ES">
  <Section id="s1" type="Section">Apartado</Section>
  <Question id="q1" type="Single Choice">Lado</Question>
  <Answer id="a1" type="Choice Answer">Unión Europea</Answer>
  <Answer id="a2" type="Choice Answer">América Latina</Answer>
  <Question id="q2" type="Multiple Choice">Formas</Question>
  <Answer id="a3" type="Choice Answer">Reuniones</Answer>
  <Answer id="a4" type="Choice Answer">Formación</Answer>
</Elements>
<Elements lang="EN">
  <Section id="s1" type="Section">Section</Section>
  <Question id="q1" type="Single Choice">&lt;p&gt;Respondents  by side&lt;/p&gt;</Question>
  <Answer id="a1" type="Choice Answer">European Union</Answer>
  <Answer id="a2" type="Choice Answer">Latin America</Answer>
  <Question id="q2" type="Multiple Choice">Forms used</Question>
  <Answer id="a3" type="Choice Answer">Meetings</Answer>
  <Answer id="a4" type="Choice Answer">Trainings, of any kind</Answer>
  <MatrixTitle id="m" type="Matrix">Relevance of each phase</MatrixTitle>
  <MatrixQuestion id="q3" type="Single Choice Matrix Question">Vision</MatrixQuestion>
  <MatrixAnswer id="a5" type="Matrix Answer">1 (not relevant)</MatrixAnswer>
  <MatrixCell qid="q3" aid="a5"></MatrixCell>
  <Question id="q4" type="Free Text">Anything else?</Question>
  <Question id="q5" type="Rating">Stars</Question>
  <RatingQuestion id="q6" type="Rating">Stars: Room</RatingQuestion>
  <TableTitle id="t" type="Table">Grid</TableTitle>
  <TableQuestion id="t1" type="Table Question">Row</TableQuestion>
  <TableAnswer id="t2" type="Table Answer">One</TableAnswer>
  <TableAnswer id="t3" type="Table Answer">Two</TableAnswer>
  <ComplexTableTitle id="c" type="Complex Table">Complex</ComplexTableTitle>
  <Cell id="c1" type="SingleChoice" row="1" column="1"><CellTitle></CellTitle><ResultText>Complex: A</ResultText>
    <Answer id="c2" type="Choice Answer">Cell answer</Answer></Cell>
</Elements></Survey>
<Answers>
<AnswerSet id="one" list="1" lang="ES"><Answer qid="q1" aid="a2"/><Answer qid="q2" aid="a3"/><Answer qid="q2" aid="a4"/>
  <Answer qid="q4">=1+1 &lt;script&gt; &amp;
more</Answer><Answer qid="t1" aid="t3">cell</Answer></AnswerSet>
<AnswerSet id="two" list="2" lang="EN"><Answer qid="q6">4</Answer><Answer qid="q1" aid="a1"></Answer>
  <Answer aid="a5" qid="q3"/><Answer qid="c1" aid="c2"/></AnswerSet>
</Answers></Results>
"""
