"""decode_answers: the meaning of an export's cells, and one line for all that have none."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reissue.answers.columns import Column
from reissue.answers.decoding import decode_answers
from reissue.answers.export import Export
from reissue.answers.mapping import read_mapping
from reissue.core.errors import InputError
from tests.reissue.answers.exports import GROUPS, HEADERS, MAPPING, OPTIONS, QUESTIONS, ROWS

EU, LAC = "European Union", "Latin America"
SIDE, TOPIC, FORMS, VISION = HEADERS
ONE = (SIDE, [EU])
Written = tuple[str, list[str]]


def read(*columns: Written, mapping: pd.DataFrame = MAPPING) -> pd.DataFrame:
    """Decode an export with these columns: headers and cells."""
    built = tuple(
        Column(header, f"sheet Content, column {'ABCDEFGHIJ'[index]}", np.array(cells, dtype=object))
        for index, (header, cells) in enumerate(columns)
    )
    return decode_answers(Export(built, len(columns[0][1]), "export.xlsx"), mapping, QUESTIONS, OPTIONS, GROUPS)


def rows(frame: pd.DataFrame, question: str) -> list[tuple[int, str, bool]]:
    own = frame[frame["question"] == question]
    return list(zip(own["respondent"], own["option"], own["chosen"], strict=True))


def choices(*columns: Written, mapping: pd.DataFrame = MAPPING) -> list[str]:
    """The options of all questions but that of the groups that the first respondent chose."""
    frame = read(ONE, *columns, mapping=mapping)
    return list(frame.loc[frame["chosen"] & (frame["question"] != "respondents"), "option"])


def message(*columns: Written, mapping: pd.DataFrame = MAPPING) -> str:
    with pytest.raises(InputError) as caught:
        read(*columns, mapping=mapping)
    assert str(caught.value).startswith("export.xlsx: ")
    assert str(caught.value).isprintable()
    return str(caught.value)


def extend_mapping(*more: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.concat([MAPPING, pd.DataFrame(list(more), columns=MAPPING.columns)], ignore_index=True)


def test_one_row_per_respondent_question_and_option() -> None:
    frame = read(*[(header, [row[index] for row in ROWS]) for index, header in enumerate(HEADERS)])
    assert list(frame.columns) == ["respondent", "group", "question", "option", "chosen"]
    assert frame["chosen"].dtype == bool
    assert list(frame.itertuples(index=False, name=None)) == [
        (1, "EU", "respondents", "eu", True),
        (1, "EU", "topic", "main", True),
        (1, "EU", "forms", "meetings", True),
        (1, "EU", "forms", "trainings", False),
        (1, "EU", "forms", "dialogues", True),
        (1, "EU", "relevance-vision", "1", True),
        (2, "LAC", "respondents", "lac", True),
        (2, "LAC", "relevance-vision", "4", True),
    ]
    assert frame.attrs == {"ignored": [], "missing": []}
    frame = read(("Comments", ["=1+1"]), ONE, ("Agreed?", ["Yes"]))
    assert frame.attrs == {"ignored": ["Comments", "Agreed?"], "missing": ["topic", "forms", "relevance-vision"]}


SEMICOLONS = extend_mapping((FORMS, "forms", "Talks;visits", "dialogues"), (TOPIC, "topic", "Main; or not", "main"))


@pytest.mark.parametrize(
    ("header", "cell", "options"),
    [
        # Case, white space and ids do not matter.
        ("  TOPIC ", "main  TOPIC", ["main"]),
        ("Topic (Q1_a.b-c)", "Main topic", ["main"]),
        (TOPIC, "Main topic (A1)", ["main"]),
        ("To\u0070ic", "Main\u00a0topic", ["main"]),
        # Separators, also within labels.
        (FORMS, "Meetings; Trainings, of any kind", ["meetings", "trainings"]),
        (FORMS, "Meetings;Trainings, of any kind;", ["meetings", "trainings"]),
        (FORMS, "trainings, of any kind; meetings; ", ["meetings", "trainings"]),
        (FORMS, "Meetings; Talks;visits", ["meetings", "dialogues"]),
        (FORMS, "Talks;visits", ["dialogues"]),
        (TOPIC, "Main; or not", ["main"]),
        # Ratings.
        *(
            (VISION, cell, [cell[0]])
            for cell in ("1", "4", "4.0", "4,0", "5", "1 (Not Relevant)", "5 (highly relevant)")
        ),
    ],
)
def test_the_options_of_a_cell(header: str, cell: str, options: list[str]) -> None:
    assert choices((header, [cell]), mapping=SEMICOLONS) == options


def test_a_mapping_with_ids_matches_an_export_without_ids_but_no_other_id() -> None:
    own = extend_mapping(
        ("Theme (Q7)", "topic", "Main (A)", "main"), ("Theme (Q7)", "topic", "Marginal (B)", "marginal")
    )
    assert choices(("Theme", ["main"]), mapping=own) == ["main"]
    assert read(ONE, ("Theme (Q8)", ["x"]), mapping=own).attrs["ignored"] == ["Theme (Q8)"]
    assert "'main (B)' is not a label" in message(ONE, ("Theme (Q7)", ["main (B)"]), mapping=own)
    # One title with two ids is two questions.
    own = extend_mapping(("Level (A)", "topic", "Main topic", "main"), ("Level (B)", "forms", "Meetings", "meetings"))
    assert choices(("Level (B)", ["Meetings"]), ("Level (A)", ["Main topic"]), mapping=own) == ["main", "meetings"]
    assert read(ONE, ("Level", ["x"]), mapping=own).attrs["ignored"] == ["Level"]


def test_labels_in_two_languages_are_the_same_option() -> None:
    own = extend_mapping(("Tema", "topic", "Tema principal", "main"), ("Lado", "respondents", "América Latina", "lac"))
    frame = read(("Lado", ["Ame\u0301rica Latina", EU]), ("TEMA", ["tema principal", "Main topic"]), mapping=own)
    assert rows(frame, "topic") == [(1, "main", True), (2, "main", True)]
    assert list(frame["group"].unique()) == ["LAC", "EU"]


@pytest.mark.parametrize(
    ("yes", "no"), [("Yes", "No"), ("Sí", "No"), ("Sim", "Não"), ("Oui", "Non"), ("Ja", "Nein"), ("YES", "no ")]
)
def test_columns_of_yes_and_no(yes: str, no: str) -> None:
    frame = read(
        (SIDE, [EU, EU, LAC]),
        (FORMS, ["", "", ""]),
        ("Meetings (A1)", [yes, no, no]),
        ("Virtual dialogues", [no, no, yes]),
        ("trainings, of any kind", [yes, no, no]),
        (TOPIC, ["Main topic", "", ""]),
    )
    assert rows(frame, "forms") == [
        (1, "meetings", True), (1, "trainings", True), (1, "dialogues", False),
        (3, "meetings", False), (3, "trainings", False), (3, "dialogues", True),
    ]  # fmt: skip
    assert rows(frame, "topic") == [(1, "main", True)]
    assert frame.attrs["ignored"] == []
    two = choices((FORMS, [""]), ("Meetings", [yes]), ("Meetings (B)", [no]))
    assert two == ["meetings"], "an option with two columns is chosen in either"


@pytest.mark.parametrize("labels", [[], ["Meetings", "Trainings, of any kind", "Virtual dialogues"]])
def test_a_question_of_yes_and_no_after_all_options_or_none_is_not_an_option(labels: list[str]) -> None:
    frame = read(
        ONE, (FORMS, [""]), *[(label, ["No"]) for label in labels], ("Agreed?", ["Yes"]), (TOPIC, ["Main topic"])
    )
    assert frame.attrs == {"ignored": ["Agreed?"], "missing": ["relevance-vision"]}
    assert set(frame["question"]) == {"respondents", "topic"}


@pytest.mark.parametrize(
    ("labels", "unknown"),
    [
        (["Trainings", "Meetings", "Virtual dialogues"], ["Trainings"]),
        (["Meetings", "Trainings", "Virtual dialogues"], ["Trainings"]),
        (["Meetings", "Virtual dialogues", "Trainings"], ["Trainings"]),
        (["Meets", "Virtual", "Trainings"], ["Meets", "Virtual", "Trainings"]),
    ],
)
def test_an_unknown_option_among_columns_of_yes_and_no(labels: list[str], unknown: list[str]) -> None:
    text = message(ONE, (FORMS, [""]), *[(label, ["Yes"]) for label in labels], ("Agreed?", ["Yes"]))
    assert text.count("is not a label") == len(unknown)
    assert all(f"{label!r} is not a label of question 'forms' (sheet Content, column " in text for label in unknown)


def test_the_mapping_can_reverse_a_rating() -> None:
    labels = ["1 (best)", "2", "3", "4", "5 (worst)"]
    own = extend_mapping(*((VISION, "relevance-vision", label, str(5 - n)) for n, label in enumerate(labels)))
    own = own[(own["question"] != "relevance-vision") | (own.index >= len(MAPPING))]
    assert choices((VISION, ["1"]), mapping=own) == ["5"]


def test_each_unknown_label_is_listed_once_with_place_and_suggestion() -> None:
    text = message(
        (SIDE, [EU, EU, "Latin Amerika"]),
        (TOPIC, ["Mian topic", "Mian topic", "{0}\n\u202e<script>"]),
        (FORMS, ["", "Meetings; Dialogs; Dances", "Dances; Meetings"]),
        (VISION, ["high", "", ""]),
    )
    place = "(sheet Content, column {}, row {})"
    assert f"'Latin Amerika' is not a label of question 'respondents' {place.format('A', 7)}, perhaps {LAC!r}" in text
    assert f"'Mian topic' is not a label of question 'topic' {place.format('B', 5)}, perhaps 'Main topic'" in text
    assert f"'{{0}}\\n\\u202e<script>' is not a label of question 'topic' {place.format('B', 7)};" in text
    assert f"'Dialogs' is not a label of question 'forms' {place.format('C', 6)}" in text
    assert "'high' is not a label" in text
    assert text.count("Dances") == text.count("Mian") == 1


def test_ten_problems_are_listed_and_the_others_counted() -> None:
    cells = [f"label {number}" for number in range(13)]
    text = message((SIDE, [EU] * 13), (TOPIC, cells))
    assert text.count("is not a label") == 10
    assert "; … and 3 more. " in text
    assert "more" not in message((SIDE, [EU] * 10), (TOPIC, cells[:10]))


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        (
            [ONE, (TOPIC, [""]), ("topic", ["Main topic"])],
            "two columns for question 'topic' (sheet Content, column B and sheet Content, column C)",
        ),
        (
            [ONE, (TOPIC, ["Main topic; Marginal topic"])],
            "'Main topic; Marginal topic' (sheet Content, column B, row 5): question 'topic' has one answer",
        ),
        (
            [("Respondent by sides", [EU]), (TOPIC, ["Main topic"])],
            "there is no column of the respondents' group, 'Respondents by side', perhaps 'Respondent by sides'",
        ),
        *(
            (
                [(SIDE, [EU, EU]), (VISION, ["1", cell])],
                f"rating '{cell}' of question 'relevance-vision' is outside 1 to 5 (sheet Content, column B, row 6)",
            )
            for cell in ("0", "6", "-1", "4.5", "45")
        ),
        ([(SIDE, [EU, "", EU])], "a respondent has no group (sheet Content, column A, row 6;"),
        ([(SIDE, ["", "", EU])], "a respondent has no group (sheet Content, column A, row 5 and 1 more;"),
    ],
)
def test_other_problems(columns: list[Written], part: str) -> None:
    assert part in message(*columns)


@settings(max_examples=60)
@given(st.lists(st.text(alphabet=st.sampled_from(" ;,(1)6.Meetings\n{}"), max_size=12), min_size=1, max_size=4))
def test_any_cells_are_decoded_or_refused(cells: list[str]) -> None:
    columns = [(SIDE, [EU] * len(cells)), *((header, [c.strip() for c in cells]) for header in (TOPIC, FORMS, VISION))]
    with suppress(InputError):
        answered = rows(read(*columns), "topic")
        assert [number for number, *_ in answered] == [n for n, cell in enumerate(cells, start=1) if cell.strip()]


START = "header,question,label,option\nSide,respondents,EU,eu\n"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (START + "Topic,topik,Main,main", "row 3: unknown question 'topik', perhaps 'topic'"),
        (START + "Topic,topic,Main,mian", "row 3: 'mian' is not an option of question 'topic', perhaps 'main'"),
        (START + "Topic,topic,,main", "row 3 has an empty cell"),
        (START + "Side,topic,Main,main", "row 3: header 'Side' leads to 'respondents' and to 'topic'"),
        (START + "side,respondents,eu,lac", "row 3: label 'eu' of question 'respondents' leads to 'eu' and to 'lac'"),
        (START + "Forms,forms,a; b,meetings", "row 3: label 'a; b' of question 'forms' contains '; '"),
        (START + 'Forms,forms,"a;\nb",meetings', "row 3: label 'a;\\nb' of question 'forms' contains '; '"),
        (START + "Topic,topic,Main,main,more", "not CSV"),
        ("header;question;label;option\n", "Expected header, question, label, option"),
        (None, "there is no such file"),
    ],
)
def test_a_mistake_in_a_mapping_is_refused(tmp_path: Path, text: str | None, part: str) -> None:
    path = tmp_path / "m.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mapping(path, QUESTIONS, OPTIONS)
    assert part in str(caught.value)
    assert str(caught.value).startswith(str(path))
