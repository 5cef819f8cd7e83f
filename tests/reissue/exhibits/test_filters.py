"""Lists that choose rows: every row has the classes of its values, and CSS hides the others."""

import pandas as pd

from reissue.exhibits.filters import build_filters, define_filters, list_classes

ROWS = pd.DataFrame({"verdict": ["open", "fixed", "open"], "exhibit": ["", "map", "chart"]})
FILTERS = build_filters(
    {"Verdict": ROWS["verdict"], "Exhibit": ROWS["exhibit"]},
    {
        "Verdict": {"fixed": "is fixed", "open": "is open", "none": "is not there"},
        "Exhibit": {"map": "The map", "chart": "The chart"},
    },
)


def test_a_list_has_the_values_that_rows_have_in_the_order_of_the_words() -> None:
    assert [one["label"] for one in FILTERS] == ["Verdict", "Exhibit"]
    found = [(option["text"], option["number"]) for one in FILTERS for option in one["options"]]
    assert found == [("is fixed", 1), ("is open", 2), ("The map", 1), ("The chart", 1)]


def test_a_row_has_the_class_of_each_of_its_values() -> None:
    names = {option["value"]: option["name"] for one in FILTERS for option in one["options"]}
    assert len(set(names.values())) == len(names)
    assert list_classes(FILTERS, ("open", "map")) == f"{names['open']} {names['map']}"
    assert list_classes(FILTERS, ("open", "")) == names["open"]


def test_each_choice_hides_rows_without_its_class() -> None:
    rules = define_filters('<option value="">all</option><option value="filter-0-1">b</option>')
    assert rules == '.ledger:has(option[value="filter-0-1"]:checked) tbody tr:not(.filter-0-1){display:none}\n'
    assert define_filters("<p>filter-0-1</p>") == ""
