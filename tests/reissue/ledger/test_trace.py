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


def claims_of(*rows):
    return pd.DataFrame(rows, columns=["id", "page", "printed"])


CLAIMS = claims_of(
    ("survey", 5, "reached 32 people"),
    ("spaces", 5, "the pairings"),
    ("hyphen", 6, "have a strategy"),
    ("twice", 6, "ore than 93%"),
    ("elsewhere", 5, "Annex: 20 pairings"),
    ("gone", 6, "four hundred"),
    ("digits", 6, "20"),
)
RESULTS = {
    "survey": "found",
    "spaces": "found",
    "hyphen": "found",
    "twice": "ambiguous",
    "elsewhere": "elsewhere",
    "gone": "missing",
    "digits": "found",
}


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "report.pdf"
    with rc_context({"pdf.fonttype": 42}), PdfPages(path, metadata={"CreationDate": None}) as file:
        for page in PAGES:
            figure = Figure()
            figure.text(0.1, 0.5, page)
            file.savefig(figure)
    return path


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("\f".join(PAGES), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["pdf", "text"])
def test_every_result_on_shifted_pages(kind, request):
    source = request.getfixturevalue(kind)
    found = tracing.trace(CLAIMS, tracing.read_source(source, CLAIMS)).set_index("id")
    assert found["result"].to_dict() == RESULTS
    assert found.at["elsewhere", "where"] == "7"


def test_text_with_page_numbers_is_split_into_stretches(tmp_path):
    path = tmp_path / "report.txt"
    text = "first words\n\n 5 \n\nfive says 32\n\n6\n\nsix and 7\n7\nseven too\n\n8\n\neight says 32\n"
    path.write_text(text, encoding="utf-8")
    claims = claims_of(("a", 5, "says 32"), ("b", 7, "seven too"), ("c", 8, "seven too"), ("d", 3, "first words"))
    found = tracing.trace(claims, tracing.read_source(path, claims)).set_index("id")["result"]
    assert found.to_dict() == {"a": "found", "b": "found", "c": "elsewhere", "d": "found"}


def test_digits_are_not_found_inside_longer_numbers():
    stretch = [tracing.Stretch(1, 1, "2019 1320 20 9")]
    claims = claims_of(("a", 1, "20"), ("b", 1, "13"), ("c", 1, "9"))
    assert tracing.trace(claims, stretch)["result"].tolist() == ["found", "missing", "found"]


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
        tracing.read_source(path, CLAIMS)
    assert str(caught.value).isprintable()
