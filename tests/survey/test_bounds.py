"""bounds: compared with going through every table of counts, one cell at a time."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iucresearch.survey.bounds import bounds

COLUMNS = ["id", "question", "options", "side", "unit", "bound", "value", "n", "allowed"]


def survey_of(eu, lac, statements):
    rows = [
        ("all", "respondents", None, "all", "count", "exactly", eu + lac, eu + lac, str(eu + lac)),
        ("eu", "respondents", None, "EU", "count", "exactly", eu, eu, str(eu)),
        ("lac", "respondents", None, "LAC", "count", "exactly", lac, lac, str(lac)),
    ]
    sizes = {"all": eu + lac, "EU": eu, "LAC": lac}
    for number, (options, side, allowed) in enumerate(statements):
        text = ";".join(map(str, sorted(allowed)))
        rows.append((f"s{number}", "q", ";".join(options), side, "count", "exactly", max(allowed), sizes[side], text))
    return pd.DataFrame(rows, columns=COLUMNS)


def questionnaire(options, choice="single"):
    questions = pd.DataFrame({"id": ["q"], "group": ["g"], "choice": [choice]})
    table = pd.DataFrame(
        {"question": "q", "option": options, "order": range(1, len(options) + 1), "label": [o.upper() for o in options]}
    )
    return questions, table


def all_tables(options, eu, lac, statements):
    """Every way to fill in the table of counts, cell by cell, that the statements allow."""
    cells = [(option, side) for option in options for side in ("EU", "LAC")]
    for counts in product(*(range((eu if side == "EU" else lac) + 1) for _, side in cells)):
        table = dict(zip(cells, counts, strict=True))
        if sum(k for (_, s), k in table.items() if s == "EU") != eu:
            continue
        if sum(k for (_, s), k in table.items() if s == "LAC") != lac:
            continue
        if all(
            sum(k for (o, s), k in table.items() if o in chosen and side in ("all", s)) in allowed
            for chosen, side, allowed in statements
        ):
            yield table


OPTIONS = ("a", "b", "c")
STATEMENTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=2, unique=True),
        st.sampled_from(["all", "EU", "LAC"]),
        st.frozensets(st.integers(0, 7), min_size=1, max_size=4),
    ),
    max_size=3,
)


@settings(deadline=None, max_examples=60)
@given(eu=st.integers(1, 4), lac=st.integers(1, 3), statements=STATEMENTS)
def test_bounds_are_exactly_those_of_all_tables(eu, lac, statements):
    tables = list(all_tables(OPTIONS, eu, lac, statements))
    survey, (questions, options) = survey_of(eu, lac, statements), questionnaire(OPTIONS)
    if not tables:
        with pytest.raises(ValueError, match="cannot hold together"):
            bounds(survey, questions, options)
        return
    found = bounds(survey, questions, options)
    assert set(OPTIONS) <= set(found["options"])
    for row in found.itertuples():
        chosen, side = row.options.split(";"), row.side
        counts = [sum(k for (o, s), k in t.items() if o in chosen and side in ("all", s)) for t in tables]
        assert (row.least, row.most) == (min(counts), max(counts)), row


def test_a_group_stands_before_its_first_option():
    survey, (questions, options) = survey_of(3, 2, [(["a", "b"], "all", {4})]), questionnaire(OPTIONS)
    found = bounds(survey, questions, options)
    assert list(found.drop_duplicates("options")["options"]) == ["a;b", "a", "b", "c"]
    assert found.loc[found["options"] == "a;b", "label"].iloc[0] == "A or b"


def test_several_answers_do_not_add_up():
    survey, (questions, options) = survey_of(3, 2, []), questionnaire(OPTIONS, choice="multiple")
    found = bounds(survey, questions, options)
    assert (found["least"] == 0).all()
    assert (found["most"] == found["n"]).all()


def test_what_no_count_can_print_is_left_out(raw):
    from iucresearch.clean import clean

    counts = clean(raw, rounding="trunc")["survey_counts"]
    marginal = counts[
        (counts["question"] == "salience") & (counts["options"] == "marginal") & (counts["side"] == "all")
    ]
    assert marginal[["least", "most"]].to_numpy().tolist() == [[2, 2]], "6 % of 32 is 2 also when cut off"
