"""write_workbook: reading a written workbook returns the same answers, whatever its texts, in every format."""

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
from reissue.answers.workbook import write_workbook
from reissue.core.errors import InputError
from tests.reissue.answers.exports import (
    GROUPS,
    HEADERS,
    MAPPING,
    METADATA,
    OPTIONS,
    QUESTIONS,
    build_mapping,
    csv_text,
    ods,
)


def build_answers(people: list[dict[str, object]]) -> pd.DataFrame:
    """One row per respondent, question and option, from the answers of each: an option, or a set of them."""
    rows = []
    for number, person in enumerate(people, start=1):
        group = GROUPS.by_option[str(person["respondents"])]
        for question, choice in zip(QUESTIONS["id"], QUESTIONS["choice"], strict=True):
            answer = person.get(question)
            if choice == "single" and answer:
                rows.append((number, group, question, answer, True))
            elif answer:
                own = OPTIONS.loc[OPTIONS["question"] == question, "option"]
                rows += [(number, group, question, option, option in answer) for option in own]
    return pd.DataFrame(rows, columns=["respondent", "group", "question", "option", "chosen"])


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "respondents": st.sampled_from(["eu", "lac"]),
            "topic": st.sampled_from([None, "main", "marginal"]),
            "forms": st.sets(st.sampled_from(["meetings", "trainings", "dialogues"])),
            "relevance-vision": st.sampled_from([None, *"12345"]),
        }
    ),
    min_size=1,
    max_size=6,
)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
SMALL: list[dict[str, object]] = [
    {"respondents": "lac", "topic": "main", "forms": {"meetings", "dialogues"}, "relevance-vision": "5"},
    {"respondents": "eu"},
    {"respondents": "eu", "forms": {"meetings", "trainings", "dialogues"}},
]


def read(path: Path, mapping: pd.DataFrame = MAPPING, options: pd.DataFrame = OPTIONS) -> pd.DataFrame:
    return decode_answers(read_export(path), mapping, QUESTIONS, options, GROUPS)


def assert_same_answers(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    plain = {"group": "str", "question": "str", "option": "str"}
    pd.testing.assert_frame_equal(found.astype(plain), expected.astype(plain))


def read_rows(path: Path) -> list[list[str]]:
    return load_workbook(str(path)).get_sheet_by_name("Content").to_python(skip_empty_area=False)


def test_the_layout(tmp_path: Path) -> None:
    more = pd.DataFrame([("Tema", "topic", "Principal", "main")], columns=MAPPING.columns)
    write_workbook(tmp_path / "a.xlsx", build_answers(SMALL), pd.concat([MAPPING, more]), alias="survey")
    top = [["survey", *[""] * 9], [""] * 10, [""] * 10]
    anonymous = ["Anonymous", "Anonymous", "Anonymous", "", "", "EN"]
    assert read_rows(tmp_path / "a.xlsx") == [
        *top,
        [*HEADERS, *METADATA],
        ["Latin America", "Main topic", "Meetings; Virtual dialogues", "5 (highly relevant)", *anonymous],
        ["European Union", "", "", "", *anonymous],
        ["European Union", "", "Meetings; Trainings, of any kind; Virtual dialogues", "", *anonymous],
    ]


@QUIET
@given(people=PEOPLE)
def test_round_trip_in_every_format(tmp_path: Path, people: list[dict[str, object]]) -> None:
    expected = build_answers(people)
    write_workbook(tmp_path / "a.xlsx", expected, MAPPING, alias="survey")
    found = read(tmp_path / "a.xlsx")
    assert_same_answers(found, expected)
    assert found.attrs == {"ignored": [], "missing": []}
    rows = read_rows(tmp_path / "a.xlsx")
    assert_same_answers(read(ods(tmp_path / "a.ods", rows)), expected)
    for separator in ",;":
        (tmp_path / "a.csv").write_text(csv_text(rows, separator), encoding="utf-8-sig", newline="")
        assert_same_answers(read(tmp_path / "a.csv"), expected)
    # Answers that were read are written like those that were made.
    write_workbook(tmp_path / "b.xlsx", found, MAPPING, alias="survey")
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()


HOSTILE = st.sampled_from(
    [
        *("=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(A1)", "<script>alert(1)</script>", "&amp;", "\u202eright to left"),
        *("\u200b", "two\nlines", "two\r\nlines", "http://example.org", "_x0041_", "007", "1e5", "TRUE", "#REF!"),
        *('a "quote", and more', "{0}", "Yes", "No", "x;y", "\t tab"),
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20).filter(
    # The tests of the mapping cover separators; a label that ends in an ID is the same label without it.
    lambda text: normalise(text) and not set(text) & set(";()")
)


@QUIET
@given(labels=st.lists(HOSTILE, min_size=len(OPTIONS), max_size=len(OPTIONS), unique_by=normalise), people=PEOPLE)
def test_hostile_labels_stay_plain_text(tmp_path: Path, labels: list[str], people: list[dict[str, object]]) -> None:
    options = OPTIONS.assign(label=labels)
    mapping = build_mapping(QUESTIONS, options)
    expected = build_answers(people)
    write_workbook(tmp_path / "a.xlsx", expected, mapping, alias="=1+1")
    assert_same_answers(read(tmp_path / "a.xlsx", mapping, options), expected)


def test_no_text_becomes_a_formula_or_a_number(tmp_path: Path) -> None:
    mapping = MAPPING.assign(label="=" + MAPPING["label"], header="+" + MAPPING["header"])
    write_workbook(tmp_path / "a.xlsx", build_answers(SMALL), mapping, alias="=1+1")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert sheet.count("<c ") == sheet.count('t="s"')
        assert not any("hyperlink" in archive.read(name).decode() for name in archive.namelist())


def test_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, zone in (("a.xlsx", "UTC"), ("b.xlsx", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        write_workbook(tmp_path / name, build_answers(SMALL), MAPPING, alias="survey")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("mapping", "part"),
    [
        (MAPPING[MAPPING["option"] != "main"], "no label for 'main' of question 'topic'"),
        (MAPPING[MAPPING["question"] != "respondents"], "no label for 'lac' of question 'respondents'"),
        (MAPPING.assign(label=MAPPING["label"] + "x" * 32767), "does not fit into a cell"),
    ],
)
def test_an_answer_without_a_label_is_refused_and_nothing_is_written(
    tmp_path: Path, mapping: pd.DataFrame, part: str
) -> None:
    with pytest.raises(InputError, match=part):
        write_workbook(tmp_path / "a.xlsx", build_answers(SMALL), mapping, alias="survey")
    assert list(tmp_path.iterdir()) == []
