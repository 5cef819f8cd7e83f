"""write_workbook: what is written is read back as it was, whatever it holds and however it was saved in between."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from reissue.answers.columns import normalise
from reissue.answers.decoding import decode_answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.answers.workbook import write_workbook
from reissue.core import paths
from reissue.core.errors import InputError
from tests.reissue.answers.exports import GROUPS, HEADERS, MAPPING, OPTIONS, QUESTIONS, build_mapping, csv_text, ods

WIDTH = 254
COLUMNS = ["respondent", "group", "question", "option", "chosen"]


def answered(
    people: list[dict[str, object]], questions: pd.DataFrame = QUESTIONS, options: pd.DataFrame = OPTIONS
) -> pd.DataFrame:
    """One row per respondent, question and option, from what each answered: an option, or a set of them."""
    rows = []
    for number, person in enumerate(people, start=1):
        group = GROUPS.by_option[str(person["respondents"])]
        for question, choice in zip(questions["id"], questions["choice"], strict=True):
            answer = person.get(question)
            if choice == "single" and answer:
                rows.append((number, group, question, answer, True))
            elif answer:
                own = options.loc[options["question"] == question, "option"]
                rows += [(number, group, question, option, option in answer) for option in own]
    return pd.DataFrame(rows, columns=COLUMNS)


def person(questions: pd.DataFrame, options: pd.DataFrame) -> st.SearchStrategy[dict[str, object]]:
    fields = {}
    for question, choice in zip(questions["id"], questions["choice"], strict=True):
        one = st.sampled_from(list(options.loc[options["question"] == question, "option"]))
        several = st.sets(one)
        fields[question] = one if question == "respondents" else (st.none() | one if choice == "single" else several)
    return st.fixed_dictionaries(fields)


def read(path: Path, mapping: pd.DataFrame = MAPPING, options: pd.DataFrame = OPTIONS) -> pd.DataFrame:
    return decode_answers(read_export(path), mapping, QUESTIONS, options, GROUPS)


def assert_same_answers(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    plain = found.astype({"group": "str", "question": "str", "option": "str"})
    pd.testing.assert_frame_equal(plain, expected.astype({"group": "str", "question": "str", "option": "str"}))


PEOPLE = st.lists(person(QUESTIONS, OPTIONS), min_size=1, max_size=6)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
SMALL: list[dict[str, object]] = [
    {"respondents": "lac", "topic": "main", "forms": {"meetings", "dialogues"}, "relevance-vision": "5"},
    {"respondents": "eu"},
    {"respondents": "eu", "forms": {"meetings", "trainings", "dialogues"}},
]


def rows_of(path: Path, name: str = "Content") -> list[list[str]]:
    return load_workbook(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_layout(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", answered(SMALL), MAPPING, alias="survey")
    top = [["survey", *[""] * 9], [""] * 10, [""] * 10]
    metadata = ["Invitation number", "Contribution ID", "User name", "Creation date", "Last update", "Languages"]
    anonymous = ["Anonymous", "Anonymous", "Anonymous", "", "", "EN"]
    assert rows_of(tmp_path / "a.xlsx") == [
        *top,
        [*HEADERS, *metadata],
        ["Latin America", "Main topic", "Meetings; Virtual dialogues", "5 (highly relevant)", *anonymous],
        ["European Union", "", "", "", *anonymous],
        ["European Union", "", "Meetings; Trainings, of any kind; Virtual dialogues", "", *anonymous],
    ]


def test_the_layout_split(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", answered(SMALL), MAPPING, alias="survey", split=True)
    found = [row[2:6] for row in rows_of(tmp_path / "a.xlsx")[3:]]
    assert found == [
        ["Forms used", "Meetings", "Trainings, of any kind", "Virtual dialogues"],
        ["", "Yes", "No", "Yes"],
        ["", "No", "No", "No"],
        ["", "Yes", "Yes", "Yes"],
    ]


@QUIET
@given(people=PEOPLE)
def test_round_trip_also_through_what_was_saved_again(tmp_path: Path, people: list[dict[str, object]]) -> None:
    expected = answered(people)
    for split in (False, True):
        write_workbook(tmp_path / "a.xlsx", expected, MAPPING, alias="survey", split=split)
        found = read(tmp_path / "a.xlsx")
        assert_same_answers(found, expected)
        assert found.attrs == {"ignored": [], "missing": []}
        rows = rows_of(tmp_path / "a.xlsx")
        assert_same_answers(read(ods(tmp_path / "a.ods", rows)), expected)
        for separator in ",;":
            (tmp_path / "a.csv").write_text(csv_text(rows, separator), encoding="utf-8-sig", newline="")
            assert_same_answers(read(tmp_path / "a.csv"), expected)
        # Answers that were read are written as those that were made.
        write_workbook(tmp_path / "b.xlsx", found, MAPPING, alias="survey", split=split)
        assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()


def test_the_questionnaire_round_trip(tmp_path: Path, raw: dict[str, pd.DataFrame]) -> None:
    questions, options = raw["questions"], raw["options"]
    mapping = read_mapping(paths.MAPPING, questions, options)
    people = []
    for number in range(40):
        one: dict[str, object] = {}
        for place, (question, choice) in enumerate(zip(questions["id"], questions["choice"], strict=True)):
            own = list(options.loc[options["question"] == question, "option"])
            if choice == "multiple":
                one[question] = {own[index % len(own)] for index in range(number * place % 3)}
            elif question == "respondents" or (number + place) % 4:
                one[question] = own[(number * 7 + place) % len(own)]
        people.append(one)
    expected = answered(people, questions, options)
    for split in (False, True):
        write_workbook(tmp_path / "a.xlsx", expected, mapping, alias="survey", split=split)
        found = decode_answers(read_export(tmp_path / "a.xlsx"), mapping, questions, options, GROUPS)
        assert_same_answers(found, expected)
        assert found.attrs == {"ignored": [], "missing": []}


HOSTILE = st.sampled_from(
    [
        "=cmd|'/C calc'!A0",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "&amp;",
        "\u202eright to left",
        "\u200b",
        "two\nlines",
        "two\r\nlines",
        "http://example.org",
        "_x0041_",
        "007",
        "1e5",
        "TRUE",
        "#REF!",
        'a "quote", and more',
        "{0}",
        "Yes",
        "No",
        "x;y",
        "\t tab",
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20).filter(
    # Separators are for the tests of the mapping; what ends in an ID is the same label without it.
    lambda text: normalise(text) and not set(text) & set(";()")
)


@settings(QUIET, max_examples=15)
@given(labels=st.lists(HOSTILE, min_size=len(OPTIONS), max_size=len(OPTIONS), unique_by=normalise), people=PEOPLE)
def test_hostile_labels_stay_plain_text(tmp_path: Path, labels: list[str], people: list[dict[str, object]]) -> None:
    options = OPTIONS.assign(label=labels)
    mapping = build_mapping(QUESTIONS, options)
    expected = answered(people)
    for split in (False, True):
        write_workbook(tmp_path / "a.xlsx", expected, mapping, alias="=1+1", split=split)
        assert_same_answers(read(tmp_path / "a.xlsx", mapping, options), expected)


def test_nothing_is_a_formula_or_a_number(tmp_path: Path) -> None:
    mapping = MAPPING.assign(label="=" + MAPPING["label"], header="+" + MAPPING["header"])
    write_workbook(tmp_path / "a.xlsx", answered(SMALL), mapping, alias="=1+1")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert sheet.count("<c ") == sheet.count('t="s"')
        assert not any("hyperlink" in archive.read(name).decode() for name in archive.namelist())


def test_a_separator_in_a_label_is_refused_by_the_mapping(tmp_path: Path) -> None:
    mapping = MAPPING.assign(label=MAPPING["label"].replace("Meetings", "Meetings; or talks"))
    write_workbook(tmp_path / "a.xlsx", answered(SMALL), mapping, alias="survey")
    with pytest.raises(InputError, match=r"row 6: label 'Meetings; or talks' of question 'forms' holds '; '"):
        read(tmp_path / "a.xlsx", mapping)


def wide(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = [f"q{number}" for number in range(count)]
    questions = pd.DataFrame(
        {"id": names, "order": range(2, count + 2), "group": names, "title": names, "choice": "multiple"}
    )
    options = pd.DataFrame([(q, n, o, f"{q} {o}") for q in names for n, o in enumerate("ab")], columns=OPTIONS.columns)
    return (
        pd.concat([QUESTIONS[:1], questions], ignore_index=True),
        pd.concat([OPTIONS[:2], options], ignore_index=True),
    )


@pytest.mark.parametrize(
    ("count", "split"),
    [
        *((WIDTH - 7, False), (WIDTH - 6, False)),
        *((WIDTH // 3 - 2, True), (2 * WIDTH // 3 - 1, True)),
    ],
)
def test_wide_answers_go_on_in_further_sheets(tmp_path: Path, split: bool, count: int) -> None:
    questions, options = wide(count)
    mapping = build_mapping(questions, options)
    everybody = [{"respondents": "eu"} | {name: {"a"} for name in questions["id"][1:]}, {"respondents": "lac"}]
    expected = answered(everybody, questions, options)
    write_workbook(tmp_path / "a.xlsx", expected, mapping, alias="survey", split=split)
    columns = 1 + count * (3 if split else 1) + 6
    names = load_workbook(str(tmp_path / "a.xlsx")).sheet_names
    assert names == ["Content", *(f"Content{number}" for number in range(1, -(-columns // WIDTH)))]
    assert {len(rows_of(tmp_path / "a.xlsx", name)[3]) for name in names[:-1]} <= {WIDTH}
    found = decode_answers(read_export(tmp_path / "a.xlsx"), mapping, questions, options, GROUPS)
    assert_same_answers(found, expected)


def test_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, zone in (("a.xlsx", "UTC"), ("b.xlsx", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        write_workbook(tmp_path / name, answered(SMALL), MAPPING, alias="survey")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_the_first_header_and_label_are_written(tmp_path: Path) -> None:
    more = pd.DataFrame([("Tema", "topic", "Principal", "main")], columns=MAPPING.columns)
    write_workbook(tmp_path / "a.xlsx", answered(SMALL), pd.concat([MAPPING, more]), alias="survey")
    assert [row[1] for row in rows_of(tmp_path / "a.xlsx")[3:5]] == ["Topic", "Main topic"]


def test_what_has_no_label_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    for mapping, part in (
        (MAPPING[MAPPING["option"] != "main"], "no label for 'main' of question 'topic'"),
        (MAPPING[MAPPING["question"] != "topic"], "no header for question 'topic'"),
        (MAPPING[MAPPING["question"] != "respondents"], "no header for question 'respondents'"),
        (MAPPING[MAPPING["option"] != "lac"], "no label for 'lac' of question 'respondents'"),
        (MAPPING.assign(label=MAPPING["label"] + "x" * 32767), "does not fit into a cell"),
    ):
        with pytest.raises(InputError, match=part):
            write_workbook(tmp_path / "a.xlsx", answered(SMALL), mapping, alias="survey")
    assert list(tmp_path.iterdir()) == []
