import pytest

from iucresearch.briefs import answers
from iucresearch.briefs.subject import find_subject
from iucresearch.labels import count_names
from reissue.core import paths
from tests.iucresearch.briefs.programme import programme
from tests.pages import table_cells

#: Questions of figures 6, 7 and 8, by their ids in the raw table.
MAIN = ("motivation", "familiarity", "salience")


def values(words):
    """Read a set of counts back from words: `7 or 21 to 23`, `3, fixed`."""
    found: list[int] = []
    for part in words.removesuffix(", fixed").replace(" or ", ", ").split(", "):
        first, _, last = part.partition(" to ")
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("name", ["spain", "peru", "salta-alentejo"])
def test_ranges_are_those_of_the_counts(processed, find, name):
    found = find(name)
    shown = answers.list_ranges(found, processed)
    head, *rows = table_cells(shown.html)
    cells = [cell for row in rows for cell in row[2:]]
    fixed = sum(cell.endswith(", fixed") for cell in cells)
    assert f"{fixed} of the {len(cells)} counts shown are fixed\n" in shown.text
    counts = processed["survey_counts"]
    counts = counts[counts["reading"] == "literal"]
    columns = {"LAC": "From Latin America, of 15", "EU": "From the European Union, of 17"}
    assert head == ["Question", "Answer", *(columns[side] for side in found.sides)]
    for side in found.sides:
        cells_by_answer = {(row[0], row[1]): row[head.index(columns[side])] for row in rows}
        asked = counts[counts["question"].isin(MAIN) & (counts["side"] == side)]
        expected = {(row["title"], row["label"]): row for row in asked.to_dict("records")}
        sizes = counts[(counts["question"] == "respondents") & (counts["options"] == side.lower())]
        expected |= {(row["title"], "All of them"): row for row in sizes.to_dict("records")}
        assert set(cells_by_answer) == set(expected)
        for key, row in expected.items():
            assert values(cells_by_answer[key]) == [int(value) for value in row["feasible"].split(";")], key
            assert cells_by_answer[key].endswith(", fixed") == (row["least"] == row["most"])


def test_true_answers_are_all_fixed(processed, find):
    counts = processed["survey_counts"]
    true_counts = counts[counts["reading"] == "literal"].assign(reading="answers", fixed_by="answers")
    true_counts = true_counts.assign(most=true_counts["least"], feasible=true_counts["least"].astype("str"))
    tables = {**processed, "survey_counts": true_counts}
    _, *rows = table_cells(answers.list_ranges(find("peru"), tables).html)
    assert all(row[2].endswith(", fixed") for row in rows)
    assert "2 come from Peru" in answers.describe_origin(find("peru"), tables).text


def test_synthetic_answers_are_marked(processed, find, monkeypatch):
    counts = processed["survey_counts"].assign(reading="answers", most=0, least=0, feasible="0", fixed_by="answers")
    tables, found = {**processed, "survey_counts": counts}, find("peru")
    shown = (answers.list_ranges, answers.list_fixed, answers.describe_origin)
    assert not any("SYNTHETIC" in show(found, tables).html for show in shown)
    monkeypatch.setenv(paths.SYNTHETIC_VARIABLE, "1")
    for show in shown:
        assert show(found, tables).text.startswith("SYNTHETIC: these answers are not real. ")


def test_fixed_counts_are_named_with_what_fixes_them(processed, find):
    _, *rows = table_cells(answers.list_fixed(find("austria"), processed).html)
    counts = processed["survey_counts"]
    own = counts[(counts["reading"] == "literal") & (counts["side"] == "EU") & (counts["least"] == counts["most"])]
    assert [(row[0], row[2]) for row in rows] == [*zip(count_names(own), own["least"].astype("str"), strict=True)]
    assert all(row[1] == "European Union" and row[3] for row in rows)


def test_the_origin_of_respondents_is_open_as_the_counts_say(processed, find):
    counts = processed["survey_counts"]
    for country in processed["countries"].to_dict("records"):
        shown = answers.describe_origin(find(country["slug"]), processed)
        if country["side"] == "EU":
            assert shown.text == "Only the respondents from Latin America are distinguished by country."
            continue
        row = counts[(counts["question"] == "country") & (counts["options"] == country["id"])].iloc[0]
        assert f"come from {country['country']} is open" in shown.text
        assert f"allow {row['least']} to {row['most']}." in shown.text
    tables = programme(processed, 4)
    origin = answers.describe_origin(find_subject("pairing-1", tables), tables)
    assert origin.text.endswith("is open: nothing in the survey's data bears on it.")


def test_the_statements_that_list_the_country_are_shown(processed, find):
    _, *rows = table_cells(answers.describe_origin(find("biobio-basque-country"), processed).html)
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("Chile, Mexico, Brazil and Colombia", "2.1.3", "12"),
        ("Chile, Colombia, Mexico and Peru", "3.2", "18"),
    ]
    assert "<table" not in answers.describe_origin(find("argentina"), processed).html
