"""Exhibits: the registry, their sections of the page, their files in a build."""

import base64
import re

import pandas as pd
import pytest

from iucresearch import exhibits, tabulation
from iucresearch.figures import survey
from iucresearch.notebook import show
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.exhibits import registry
from reissue.exhibits.show import count_fixed
from reissue.exhibits.status import compute_status
from tests.pages import table_cells


@pytest.fixture
def output(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.OUTPUT_VARIABLE, str(tmp_path))
    return tmp_path


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_registry_has_every_exhibit_of_the_report():
    ids = [item.id for item in exhibits.EXHIBITS]
    assert len(set(ids)) == len(ids)
    printed = [f"figure-{n}" for n in range(1, 9)] + ["table-1", "table-2", "annex"] + [f"box-{n}" for n in range(1, 5)]
    assert set(printed) <= set(ids)
    reports = {item.id for item in exhibits.EXHIBITS if not item.is_added}
    assert all(id_.startswith("result-") for id_ in reports - set(printed))
    pages = {item.id: item.page for item in exhibits.EXHIBITS}
    # The lists at the end of the report (pages 30 and 31).
    assert [pages[f"figure-{n}"] for n in range(1, 9)] == [13, 14, 15, 16, 16, 17, 18, 19]
    assert (pages["table-1"], pages["table-2"], pages["annex"]) == (11, 26, 33)


def test_a_picture_comes_with_data_alt_text_and_source(processed, output):
    data = survey.counts_data(processed["survey_counts"], "motivation")
    shown = show("figure-6", survey.draw_counts, data)
    assert files(output) == ["figures/figure-6.csv", "figures/figure-6.png", "figures/figure-6.svg"]
    assert "section 3.1, page 17" in shown.html
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown.html)
    assert picture
    assert base64.b64decode(picture[1]) == (output / "figures/figure-6.svg").read_bytes()
    assert survey.counts_alt(data) in shown.text
    read = pd.read_csv(output / "figures/figure-6.csv")
    assert read.equals(data)
    head, *rows = table_cells(shown.html)
    assert [row[head.index("Least")] for row in rows] == data["least"].astype(str).tolist()


def test_outside_of_a_build_nothing_is_written(processed, tmp_path, monkeypatch):
    monkeypatch.delenv(paths.OUTPUT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    show("table-2", tabulation.table_02, tabulation.table_02_data(processed["swot"]))
    assert files(tmp_path) == []


def test_a_table_of_its_own_links_to_the_page(processed, output):
    show("figure-4", tabulation.figure_04, tabulation.roster_data(processed["pairings"]))
    assert '<a href="../index.html#annex">' in (output / "tables" / "figure-4.html").read_text(encoding="utf-8")


def test_a_result_is_a_picture_and_a_table(processed, output):
    show("result-support", survey.draw_counts, survey.counts_data(processed["survey_counts"], "support"))
    expected = ["figures/result-support.csv", "figures/result-support.png", "figures/result-support.svg"]
    assert files(output) == [*expected, "tables/result-support.csv", "tables/result-support.html"]


@pytest.mark.parametrize(
    ("least", "most", "word"),
    [([3, 2], [3, 2], "exact"), ([3, 0], [3, 5], "partly"), ([1, 0], [9, 9], "partly"), ([0, 0], [9, 9], "not")],
)
def test_status_is_computed_from_what_is_fixed(least, most, word):
    counts = count_fixed(pd.DataFrame({"least": least, "most": most, "n": 9}))
    assert compute_status(registry.find_exhibit(exhibits.EXHIBITS, "figure-6"), counts).word == word


def test_an_unknown_exhibit_and_one_without_data_are_refused(processed):
    with pytest.raises(InputError, match=r"there is no exhibit 'figure-9'. Expected one of table-1"):
        show("figure-9", survey.draw_counts, pd.DataFrame({"x": [1]}))
    with pytest.raises(InputError, match=r"Figure 6\. Main motivation .*: there is nothing to show"):
        show("figure-6", survey.draw_counts, survey.counts_data(processed["survey_counts"], "motivation").iloc[:0])


def test_the_layout_of_table_1_and_table_2(processed):
    data = tabulation.table_01_data(processed["pilots"], processed["uptake"])
    html = str(tabulation.table_01(data, "Table 1"))
    head, *rows = table_cells(html)
    assert head == ["Country", "Pilot activity", "Years", "Empowerment and uptake at nation-wide level"]
    assert rows == data.to_numpy().tolist()
    assert 'rowspan="5">Brazil' in html
    html = str(tabulation.table_02(tabulation.table_02_data(processed["swot"]), "Table 2"))
    heads = re.findall(r'<th scope="col">(\w+)</th>', html)
    assert heads == ["Strengths", "Weaknesses", "Opportunities", "Threats"]
    blocks = re.findall(r"<td><ul>(.*?)</ul></td>", html)
    assert [block.count("<li>") for block in blocks] == [3, 6, 5, 2]


def test_the_roster_has_both_partners_of_every_pairing(processed):
    roster = tabulation.roster_data(processed["pairings"])
    assert len(roster) == 40
    assert set(roster["territory"]) == set(roster["partner"])
    assert set(tabulation.roster_data(processed["pairings"], side="EU")["side"]) == {"EU"}


def test_synthetic_answers_are_marked_in_picture_text_and_data(processed, output, monkeypatch):
    data = survey.counts_data(processed["survey_counts"], "motivation")
    plain = show("figure-6", survey.draw_counts, data)
    picture = (output / "figures" / "figure-6.svg").read_bytes()
    monkeypatch.setenv(paths.SYNTHETIC_VARIABLE, "SYNTHETIC")
    marked = show("figure-6", survey.draw_counts, data)
    assert "SYNTHETIC" not in plain.html
    assert 'alt="SYNTHETIC: these answers are not real. ' in marked.html
    assert (output / "figures" / "figure-6.csv").read_text().splitlines()[1].endswith("SYNTHETIC")
    assert len((output / "figures" / "figure-6.svg").read_bytes()) > len(picture)
