"""Tracing printed strings in a copy of the report."""

import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from reissue.core.errors import InputError
from reissue.ledger import trace as tracing

PAGES = [
    "Cover",
    "In 2019 the survey reached 32 people on t he pai rings.",
    "More than 93% have a strat-\negy. Later more than 93% again.\nBox 20 and page 2020.",
    "Annex: 20 pairings",
]

#: Id, page and printed string of each claim, and the result of its trace.
ROWS = [
    ("survey", 5, "reached 32 people", "found"),
    ("spaces", 5, "the pairings", "found"),
    ("hyphen", 6, "have a strategy", "found"),
    ("twice", 6, "ore than 93%", "ambiguous"),
    ("elsewhere", 5, "Annex: 20 pairings", "elsewhere"),
    ("gone", 6, "four hundred", "missing"),
    ("digits", 6, "20", "found"),
    ("inside", 6, "02", "missing"),
]


def trace(rows, find_stretches):
    """Return the traces of some claims by id, after checking their results."""
    frame = pd.DataFrame(rows, columns=["id", "page", "printed", "result"])
    found = tracing.trace(frame, find_stretches(frame)).set_index("id")
    assert found["result"].tolist() == frame["result"].tolist()
    return found


@pytest.fixture(params=["pdf", "text"])
def source(request, tmp_path):
    """A copy of the report in one of two formats."""
    path = tmp_path / "report"
    if request.param == "text":
        path.write_text("\f".join(PAGES), encoding="utf-8")
        return path
    with rc_context({"pdf.fonttype": 42}), PdfPages(path, metadata={"CreationDate": None}) as file:
        for page in PAGES:
            figure = Figure()
            figure.text(0.1, 0.5, page)
            file.savefig(figure)
    return path


def test_every_result_on_shifted_pages(source):
    found = trace(ROWS, lambda claims: tracing.read_source(source, claims))
    assert found.at["elsewhere", "where"] == "7"


def test_text_with_page_numbers_is_split_into_stretches(tmp_path):
    path = tmp_path / "report.txt"
    text = "first words\n\n 5 \n\nfive says 32\n\n6\n\nsix and 7\n7\nseven too\n\n8\n\neight says 32\n"
    path.write_text(text, encoding="utf-8")
    rows = [("a", 5, "says 32", "found"), ("b", 7, "seven too", "found"), ("d", 3, "first words", "found")]
    trace([*rows, ("c", 8, "seven too", "elsewhere")], lambda claims: tracing.read_source(path, claims))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"", "has no text"),
        (b"\xff\xfe\x00", "neither a PDF nor UTF-8 text"),
        (b"%PDF-1.7 broken", "cannot be read as a PDF"),
    ],
)
def test_a_source_that_cannot_be_read_is_one_line(tmp_path, content, message):
    path = tmp_path / "source"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        tracing.read_source(path, pd.DataFrame({"page": [5], "printed": ["20"]}))
    assert str(caught.value).isprintable()
