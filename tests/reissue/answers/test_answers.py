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


def exported(*columns: tuple[str, list[str]]) -> Export:
    made = tuple(
        Column(header, f"sheet Content, column {'ABCDEFGHIJ'[index]}", np.array(cells, dtype=object))
        for index, (header, cells) in enumerate(columns)
    )
    return Export(made, len(columns[0][1]), "export.xlsx")


def read(*columns: tuple[str, list[str]], mapping: pd.DataFrame = MAPPING) -> pd.DataFrame:
    return decode_answers(exported(*columns), mapping, QUESTIONS, OPTIONS, GROUPS)


def rows(frame: pd.DataFrame, question: str) -> list[tuple[int, str, bool]]:
    own = frame[frame["question"] == question]
    return list(zip(own["respondent"], own["option"], own["chosen"], strict=True))


def message(*columns: tuple[str, list[str]], mapping: pd.DataFrame = MAPPING) -> str:
    with pytest.raises(InputError) as caught:
        read(*columns, mapping=mapping)
    assert str(caught.value).startswith("export.xlsx: ")
    return str(caught.value)


def mapped(*more: tuple[str, str, str, str]) -> pd.DataFrame:
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


def test_columns_without_a_question_and_questions_without_a_column_are_listed() -> None:
    frame = read(("Comments", ["=1+1"]), (SIDE, [EU]), ("Agreed?", ["Yes"]))
    assert frame.attrs == {"ignored": ["Comments", "Agreed?"], "missing": ["topic", "forms", "relevance-vision"]}


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("  TOPIC ", "main  TOPIC"),
        ("Topic (Q1_a.b-c)", "Main topic"),
        ("Topic", "Main topic (A1)"),
        ("To\u0070ic", "Main\u00a0topic"),
    ],
)
def test_case_white_space_and_ids_do_not_matter(header: str, label: str) -> None:
    assert rows(read((SIDE, [EU]), (header, [label])), "topic") == [(1, "main", True)]


def test_a_mapping_with_ids_matches_an_export_without_ids_but_no_other_id() -> None:
    own = mapped(("Theme (Q7)", "topic", "Main (A)", "main"), ("Theme (Q7)", "topic", "Marginal (B)", "marginal"))
    assert rows(read((SIDE, [EU]), ("Theme", ["main"]), mapping=own), "topic") == [(1, "main", True)]
    assert read((SIDE, [EU]), ("Theme (Q8)", ["x"]), mapping=own).attrs["ignored"] == ["Theme (Q8)"]
    assert "'main (B)' is not a label" in message((SIDE, [EU]), ("Theme (Q7)", ["main (B)"]), mapping=own)


def test_one_title_with_two_ids_is_two_questions() -> None:
    own = mapped(("Level (A)", "topic", "Main topic", "main"), ("Level (B)", "forms", "Meetings", "meetings"))
    frame = read((SIDE, [EU]), ("Level (B)", ["Meetings"]), ("Level (A)", ["Main topic"]), mapping=own)
    assert rows(frame, "topic") == [(1, "main", True)]
    assert read((SIDE, [EU]), ("Level", ["x"]), mapping=own).attrs["ignored"] == ["Level"]


def test_labels_in_two_languages_are_the_same_option() -> None:
    own = mapped(("Tema", "topic", "Tema principal", "main"), ("Lado", "respondents", "América Latina", "lac"))
    frame = read(("Lado", ["Ame\u0301rica Latina", EU]), ("TEMA", ["tema principal", "Main topic"]), mapping=own)
    assert rows(frame, "topic") == [(1, "main", True), (2, "main", True)]
    assert list(frame["group"].unique()) == ["LAC", "EU"]


@pytest.mark.parametrize(
    "cell",
    ["Meetings; Trainings, of any kind", "Meetings;Trainings, of any kind;", "trainings, of any kind; meetings; "],
)
def test_both_separators_and_any_order(cell: str) -> None:
    assert rows(read((SIDE, [EU]), (FORMS, [cell])), "forms") == [
        (1, "meetings", True),
        (1, "trainings", True),
        (1, "dialogues", False),
    ]


def test_a_label_with_a_semicolon() -> None:
    own = mapped((FORMS, "forms", "Talks;visits", "dialogues"), (TOPIC, "topic", "Main; or not", "main"))
    frame = read(
        (SIDE, [EU, EU]),
        (FORMS, ["Meetings; Talks;visits", "Talks;visits"]),
        (TOPIC, ["Main; or not", ""]),
        mapping=own,
    )
    assert [row for row in rows(frame, "forms") if row[2]] == [
        (1, "meetings", True),
        (1, "dialogues", True),
        (2, "dialogues", True),
    ]
    assert rows(frame, "topic") == [(1, "main", True)]


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


def test_an_option_with_two_columns_is_chosen_in_either() -> None:
    frame = read((SIDE, [EU]), (FORMS, [""]), ("Meetings", ["Yes"]), ("Meetings (B)", ["No"]))
    assert rows(frame, "forms")[0] == (1, "meetings", True)


def test_a_question_of_yes_and_no_after_all_options_is_not_one_of_them() -> None:
    labels = ["Meetings", "Trainings, of any kind", "Virtual dialogues"]
    frame = read((SIDE, [EU]), (FORMS, [""]), *[(label, ["No"]) for label in labels], ("Agreed?", ["Yes"]))
    assert frame.attrs["ignored"] == ["Agreed?"]
    assert rows(frame, "forms") == []


def test_a_multiple_choice_without_answers() -> None:
    frame = read((SIDE, [EU]), (FORMS, [""]), ("Agreed?", ["Yes"]), (TOPIC, ["Main topic"]))
    assert frame.attrs == {"ignored": ["Agreed?"], "missing": ["relevance-vision"]}
    assert set(frame["question"]) == {"respondents", "topic"}


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_an_unknown_option_among_columns_of_yes_and_no(place: int) -> None:
    labels = ["Meetings", "Virtual dialogues"]
    labels.insert(min(place, 2), "Trainings")
    columns = [(label, ["Yes"]) for label in labels]
    if place == 3:
        columns = [(f"{label}s", ["Yes"]) for label in labels]
    text = message((SIDE, [EU]), (FORMS, [""]), *columns, ("Agreed?", ["Yes"]))
    wrong = columns[min(place, 2)][0]
    assert f"{wrong!r} is not a label of question 'forms' (sheet Content, column " in text
    assert text.count("is not a label") == (3 if place == 3 else 1)


@pytest.mark.parametrize(
    ("cell", "option"),
    [
        ("1", "1"),
        ("4", "4"),
        ("4.0", "4"),
        ("4,0", "4"),
        ("5", "5"),
        ("1 (Not Relevant)", "1"),
        ("5 (highly relevant)", "5"),
    ],
)
def test_ratings(cell: str, option: str) -> None:
    assert rows(read((SIDE, [EU]), (VISION, [cell])), "relevance-vision") == [(1, option, True)]


def test_the_mapping_can_reverse_a_rating() -> None:
    labels = ["1 (best)", "2", "3", "4", "5 (worst)"]
    own = mapped(*((VISION, "relevance-vision", label, str(5 - n)) for n, label in enumerate(labels)))
    own = own[(own["question"] != "relevance-vision") | (own.index >= len(MAPPING))]
    assert rows(read((SIDE, [EU]), (VISION, ["1"]), mapping=own), "relevance-vision") == [(1, "5", True)]


@pytest.mark.parametrize("cell", ["0", "6", "-1", "4.5", "45"])
def test_a_rating_outside_the_scale(cell: str) -> None:
    text = message((SIDE, [EU, EU]), (VISION, ["1", cell]))
    assert f"rating '{cell}' of question 'relevance-vision' is outside 1 to 5 (sheet Content, column B, row 6)" in text


def test_each_unknown_label_is_listed_once_with_place_and_suggestion() -> None:
    text = message(
        (SIDE, [EU, EU, "Latin Amerika"]),
        (TOPIC, ["Mian topic", "Mian topic", "{0}"]),
        (FORMS, ["", "Meetings; Dialogs; Dances", "Dances; Meetings"]),
        (VISION, ["high", "", ""]),
    )
    place = "(sheet Content, column {}, row {})"
    assert f"'Latin Amerika' is not a label of question 'respondents' {place.format('A', 7)}, perhaps {LAC!r}" in text
    assert f"'Mian topic' is not a label of question 'topic' {place.format('B', 5)}, perhaps 'Main topic'" in text
    assert "'{0}' is not a label of question 'topic' (sheet Content, column B, row 7);" in text
    assert "'Dialogs' is not a label of question 'forms' (sheet Content, column C, row 6)" in text
    assert "'high' is not a label" in text
    assert text.count("Dances") == text.count("Mian") == 1


def test_only_ten_problems_are_shown() -> None:
    cells = [f"label {number}" for number in range(13)]
    text = message((SIDE, [EU] * 13), (TOPIC, cells))
    assert text.count("is not a label") == 10
    assert "; … and 3 more. " in text
    assert "more" not in message((SIDE, [EU] * 10), (TOPIC, cells[:10]))


def test_hostile_text_stays_on_one_line() -> None:
    text = message((SIDE, [EU]), (TOPIC, ["=cmd|'/C calc'!A0\n\u202e<script>"]))
    assert "\n" not in text
    assert "\u202e" not in text


def test_two_columns_for_one_question() -> None:
    own = mapped(("Tema", "topic", "x", "main"))
    text = message((SIDE, [EU]), (TOPIC, [""]), ("Tema", ["x"]), mapping=own)
    assert "two columns for question 'topic' (sheet Content, column B and sheet Content, column C)" in text


def test_two_labels_of_a_single_choice() -> None:
    text = message((SIDE, [EU]), (TOPIC, ["Main topic; Marginal topic"]))
    assert "'Main topic; Marginal topic' (sheet Content, column B, row 5): question 'topic' has one answer" in text


def test_no_column_of_the_groups() -> None:
    text = message(("Respondent by sides", [EU]), (TOPIC, ["Main topic"]))
    assert "there is no column of the respondents' group, 'Respondents by side', perhaps 'Respondent by sides'" in text


def test_a_respondent_without_a_group() -> None:
    assert "a respondent has no group (sheet Content, column A, row 6;" in message((SIDE, [EU, "", EU]))
    assert "a respondent has no group (sheet Content, column A, row 5 and 1 more;" in message((SIDE, ["", "", EU]))


@settings(max_examples=60)
@given(st.lists(st.text(alphabet=st.sampled_from(" ;,(1)6.Meetings\n{}"), max_size=12), min_size=1, max_size=4))
def test_any_cells_are_decoded_or_refused(cells: list[str]) -> None:
    columns = [(SIDE, [EU] * len(cells)), *((header, [c.strip() for c in cells]) for header in (TOPIC, FORMS, VISION))]
    with suppress(InputError):
        answered = rows(read(*columns), "topic")
        assert [number for number, *_ in answered] == [n for n, cell in enumerate(cells, start=1) if cell.strip()]


def write_mapping(path: Path, *lines: str, header: str = "header,question,label,option") -> Path:
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def test_a_mapping_is_read(tmp_path: Path) -> None:
    MAPPING.to_csv(tmp_path / "m.csv", index=False)
    pd.testing.assert_frame_equal(read_mapping(tmp_path / "m.csv", QUESTIONS, OPTIONS), MAPPING)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("Topic,topik,Main,main", "row 3: unknown question 'topik', perhaps 'topic'"),
        ("Topic,topic,Main,mian", "row 3: 'mian' is not an option of question 'topic', perhaps 'main'"),
        ("Topic,topic,,main", "row 3 has an empty cell"),
        ("Side,topic,Main,main", "row 3: header 'Side' leads to 'respondents' and to 'topic'"),
        ("side,respondents,eu,lac", "row 3: label 'eu' of question 'respondents' leads to 'eu' and to 'lac'"),
        ("Forms,forms,a; b,meetings", "row 3: label 'a; b' of question 'forms' contains '; '"),
        ('Forms,forms,"a;\nb",meetings', "row 3: label 'a;\\nb' of question 'forms' contains '; '"),
        ("Topic,topic,Main,main,more", "not CSV"),
    ],
)
def test_a_mistake_in_a_mapping_names_its_row(tmp_path: Path, line: str, part: str) -> None:
    path = write_mapping(tmp_path / "m.csv", "Side,respondents,EU,eu", line)
    with pytest.raises(InputError) as caught:
        read_mapping(path, QUESTIONS, OPTIONS)
    assert part in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_mapping_without_its_columns(tmp_path: Path) -> None:
    path = write_mapping(tmp_path / "m.csv", header="header;question;label;option")
    with pytest.raises(InputError, match=r"row 1: the columns are .*expected header, question, label, option"):
        read_mapping(path, QUESTIONS, OPTIONS)
    with pytest.raises(InputError, match="there is no such file"):
        read_mapping(tmp_path / "n.csv", QUESTIONS, OPTIONS)
