"""Values that somebody enters from the drawings: statements about the survey, and pages of the ledger."""

import pandas as pd
import pytest

from iucresearch.analysis import analyse
from iucresearch.checks import check_tables
from iucresearch.clean import clean
from iucresearch.drawings import collect_statements, replace_pages
from iucresearch.questionnaire import build_questionnaire
from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.errors import InputError

#: A figure's bars, as shares that 15, 14 and 3 of 32 are printed as.
FIGURE_6 = {"figure-6-sharing": 47, "figure-6-partners": 44, "figure-6-business": 9}
PAGES = {"box-1-page": 20, "box-2-page": 20, "box-3-page": 21, "box-4-page": 21}


def enter(raw, values):
    """Enter values into the table of drawings, by row."""
    drawings = raw["drawings"].copy()
    assert {*values} <= {*drawings["id"]}
    drawings["value"] = drawings["id"].map(values).astype("Int64")
    return {**raw, "drawings": drawings}


def analyse_with(raw, values):
    entered = enter(raw, values)
    return analyse(entered, clean(entered))


def find_counts(tables, question):
    counts = tables["survey_counts"]
    counts = counts[(counts["question"] == question) & (counts["side"] == "all") & (counts["reading"] == "literal")]
    return counts.set_index("options")[["feasible", "fixed_by"]].T.to_dict("list")


def test_empty_rows_change_nothing(raw, processed):
    assert raw["drawings"]["value"].isna().all()
    without = analyse(
        {**raw, "drawings": raw["drawings"].iloc[:0]}, {**clean(raw), "drawings": raw["drawings"].iloc[:0]}
    )
    for name, table in without.items():
        assert to_csv(table) == to_csv(processed[name])
    assert to_csv(collect_statements(raw)) == to_csv(raw["survey"])
    assert to_csv(replace_pages(raw["claims"], raw["drawings"])) == to_csv(raw["claims"])


def test_the_bars_of_figure_6_fix_its_counts(raw, processed):
    found = analyse_with(raw, FIGURE_6)
    assert find_counts(found, "motivation") == {
        "sharing;partners": ["29", "respondents;motivation-business"],
        "sharing": ["15", "figure-6-sharing"],
        "partners": ["14", "figure-6-partners"],
        "business": ["3", "motivation-business"],
    }
    added = found["survey"].iloc[len(raw["survey"]) :].set_index("id")
    assert [*added.index] == [*FIGURE_6]
    assert added.loc["figure-6-sharing"].dropna().to_dict() == {
        "section": "3.1",
        "page": 17,
        "sentence": "17-figure-6-sharing",
        "question": "motivation",
        "options": "sharing",
        "side": "all",
        "unit": "percent",
        "bound": "exactly",
        "printed": "47%",
        "value": 47,
        "about": "Bar of sharing and learning in Figure 6",
        "n": 32,
        "allowed": "15",
    }
    assert (found["survey"].dtypes == processed["survey"].dtypes).all()
    assert to_csv(found["survey"].iloc[: len(raw["survey"])]) == to_csv(processed["survey"])
    evidence = found["claims"].set_index("id").at["p17-equally", "verdict"]
    assert evidence == "consistent"


def test_a_count_can_be_entered_too(raw):
    entered = enter(raw, {"figure-6-sharing": 15})
    entered["drawings"].loc[entered["drawings"]["id"] == "figure-6-sharing", "unit"] = "count"
    found = analyse(entered, clean(entered))
    assert find_counts(found, "motivation")["partners"] == ["14", "respondents;motivation-business;figure-6-sharing"]
    assert found["survey"].set_index("id").at["figure-6-sharing", "printed"] == "15"


def test_a_value_is_a_statement_once(raw):
    entered = enter(raw, FIGURE_6)
    statements = collect_statements(entered)
    assert collect_statements({**entered, "survey": statements}) is statements
    assert statements.attrs == raw["survey"].attrs != {}
    assert [*build_questionnaire({**entered, "survey": statements}).statements][-3:] == [*FIGURE_6]


def test_one_line_explains_what_a_value_contradicts(raw):
    with pytest.raises(InputError) as error:
        analyse_with(raw, {**FIGURE_6, "figure-6-business": 13})
    assert str(error.value) == (
        "data/raw/drawings.csv, row figure-6-business: these statements cannot hold together: "
        "motivation-business (section 3.1, page 17), New business as the principal objective: “three”; "
        "figure-6-business (section 3.1, page 17), Bar of new business opportunities in Figure 6: “13%”. "
        "Expected statements that some answers satisfy. Compare the value with the drawing and correct it, or empty it "
        "if the drawing contradicts the text; or choose another rounding than up_or_down."
    )
    with pytest.raises(
        InputError, match=r"drawings.csv, row figure-8-main: no count fits this statement: figure-8-main \("
    ):
        analyse_with(raw, {"figure-8-main": 20})
    with pytest.raises(InputError, match=r"row figure-6-sharing, figure-6-partners: these .* “47%”; .*“47%”\. "):
        analyse_with(raw, {"figure-6-sharing": 47, "figure-6-partners": 47})


def test_the_pages_of_boxes_replace_those_of_the_text(raw, processed):
    found = analyse_with(raw, PAGES)["claims"].set_index("id")
    before = processed["claims"].set_index("id")
    own = [f"p32-{name}" for name in PAGES]
    assert before.loc[own, "verdict"].tolist() == ["contradicted"] * 4
    assert found.loc[own, "verdict"].tolist() == ["consistent"] * 4
    assert found.loc[own, "value"].tolist() == ["20", "20", "21", "21"]
    first = found.loc["p32-box-1-page"]
    assert first["statement"] == "The list puts Box 1 on page 20."
    assert first["reason"] == "Page of Box 1 in the list of boxes, as entered from the drawings; the text has 200"
    assert first["printed"] == before.at["p32-box-1-page", "printed"]
    changed = found.index[
        (found[["verdict", "value", "statement"]] != before[["verdict", "value", "statement"]]).any(axis=1)
    ]
    assert {*own} <= {*changed} <= {*own, *(f"p{page}-{name}" for name, page in PAGES.items())}
    assert analyse_with(raw, {"box-1-page": 200})["claims"].set_index("id").at[own[0], "verdict"] == "contradicted"


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (
            "figure-6-sharing",
            "options",
            "shares",
            "row 2, column options: 'shares' is not an option of question 'motiv",
        ),
        ("figure-6-sharing", "options", None, "row 2, column options: '' is not an option of question 'motivation'"),
        ("figure-8-other", "value", 101, "row 8, column value: 101 is not a percentage. Expected 0 to 100"),
        ("box-1-page", "claim", None, "row 9, column claim: the page is of no statement"),
    ],
)
def test_rows_are_checked(raw, row, column, value, message):
    drawings = raw["drawings"].copy()
    drawings.loc[drawings["id"] == row, column] = value if value is not None else pd.NA
    with pytest.raises(InputError, match=message):
        check_tables({**raw, "drawings": drawings}, paths.RAW)
