"""What a release may state is worded as the pages word it: else an honest one is refused."""

from __future__ import annotations

import pandas as pd

from iucresearch.release.allowed import Allowed
from iucresearch.release.audit import stated_wrongly
from iucresearch.survey.present import fixed_counts


def test_the_fixed_counts_that_a_page_lists_follow(processed: dict[str, pd.DataFrame]) -> None:
    counts = processed["survey_counts"]
    page = fixed_counts(counts)._repr_mimebundle_()[0]["text/html"]
    assert "Relevance of each phase of Smart Specialisation, Entrepreneurial Discovery Process: 3" in page
    assert stated_wrongly({"page.html": page.encode()}, Allowed(counts), is_synthetic=False) == []
    other = page.replace("<td>29</td>", "<td>28</td>")
    assert other != page
    assert stated_wrongly({"page.html": other.encode()}, Allowed(counts), is_synthetic=False) == [
        "page.html: a table states a count that does not follow from what is released"
    ]
