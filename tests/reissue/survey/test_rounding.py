"""allowed_counts, compared with rounding every count in decimal arithmetic."""

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reissue.survey import ROUNDINGS, allowed_counts

DECIMAL_RULES = {
    "half_up": ROUND_HALF_UP,
    "half_down": ROUND_HALF_DOWN,
    "half_even": ROUND_HALF_EVEN,
    "trunc": ROUND_DOWN,
}


@pytest.mark.parametrize(
    ("printed", "rounding", "counts"),
    [
        ("22%", "up_or_down", [7]),
        ("6%", "up_or_down", [2]),
        ("20%", "up_or_down", []),
        ("87%", "up_or_down", [28]),
        ("87%", "half_down", [28]),
        ("87%", "trunc", [28]),
        ("87%", "half_up", []),
        ("87%", "half_even", []),
        ("88%", "half_up", [28]),
        ("22%", "trunc", []),
        ("more than 93%", "up_or_down", [30, 31, 32]),
        ("more than 87%", "half_up", [28, 29, 30, 31, 32]),
        ("More than 65 %", "trunc", list(range(21, 33))),
        ("at least 100%", "half_up", [32]),
        ("less than 4%", "half_up", [0, 1]),
        ("87.5%", "half_up", [28]),
        ("3.12%", "half_even", [1]),
        ("3.13%", "half_even", []),
        ("3.13%", "up_or_down", [1]),
    ],
)
def test_counts_of_32(printed, rounding, counts):
    assert allowed_counts(printed, 32, rounding) == counts


def test_the_number_of_whole_percentages_that_32_people_can_print():
    """One strict rule can print 33 of the 101; ties either way print 37, because four counts are ties."""
    for rule, expected in (("half_up", 33), ("half_down", 33), ("half_even", 33), ("trunc", 33), ("up_or_down", 37)):
        assert sum(bool(allowed_counts(f"{p}%", 32, rule)) for p in range(101)) == expected


@given(
    n=st.integers(1, 400),
    share=st.fractions(0, 1),
    rule=st.sampled_from(sorted(DECIMAL_RULES)),
    places=st.integers(0, 2),
)
def test_a_printed_count_is_allowed(n, share, rule, places):
    k = round(n * share)
    with localcontext() as context:
        context.prec = 60
        printed = (Decimal(100 * k) / Decimal(n)).quantize(Decimal(1).scaleb(-places), rounding=DECIMAL_RULES[rule])
    found = allowed_counts(f"{printed}%", n, rule)
    assert k in found
    assert rule == "trunc" or set(found) <= set(allowed_counts(f"{printed}%", n, "up_or_down"))


@given(n=st.integers(1, 300), percent=st.integers(0, 100))
def test_more_than_and_at_most_divide_the_counts(n, percent):
    above, below = allowed_counts(f"more than {percent}%", n), allowed_counts(f"at most {percent}%", n)
    assert below + above == list(range(n + 1))


@pytest.mark.parametrize("printed", ["", "22", "abc", "-3%", "22%%", "1e2%", "about 20%", "22 % of us"])
def test_another_text_is_refused(printed):
    with pytest.raises(ValueError, match="not a percentage"):
        allowed_counts(printed, 32)


def test_an_unknown_rule_and_no_respondents_are_refused():
    with pytest.raises(ValueError, match="half_even"):
        allowed_counts("22%", 32, "bankers")
    assert set(DECIMAL_RULES) | {"up_or_down"} == set(ROUNDINGS)
    with pytest.raises(ValueError, match="at least 1"):
        allowed_counts("22%", 0)
