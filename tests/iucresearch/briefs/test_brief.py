"""The whole notebook, cell by cell in this process: every brief, and names that are markup elsewhere."""

import re
from contextlib import contextmanager

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from iucresearch.briefs.subject import find_subject, slot_values, subjects
from iucresearch.exhibits import EXHIBITS
from reissue.build.completion import fill_slots
from reissue.build.ipynb import read_notebook
from reissue.build.notebook_html import render_body
from reissue.core import paths
from reissue.exhibits.show import Shown, save_tables
from tests.conftest import TRIALS
from tests.iucresearch.briefs.programme import ODD, programme

SOURCE = paths.NOTEBOOKS / "brief.ipynb"
#: The sentence of a section that has nothing to list.
PLAIN = re.compile(r"not among the pilots|^No box tells of|^No statement|^No count|distinguished by|is open")


@contextmanager
def build(tables, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(paths.OUTPUT_VARIABLE, raising=False)
        patch.setenv(paths.PROCESSED_VARIABLE, str(folder))
        save_tables(tables)
        yield


def run(name):
    """Run the code cells; return what each shows."""
    space: dict[str, object] = {}
    shown: dict[str, Shown] = {}
    for cell in read_notebook(SOURCE).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            *before, last = cell.source.split("\n")
            exec("\n".join(before), space)
            if re.match(r"[\w.]+\(", last):
                shown[cell.id] = eval(last, space)
            else:
                exec(last, space)
        else:
            space["name"] = name
    return shown


def page(name, tables, shown):
    """Return the brief as the exporter writes it, its slots filled."""
    notebook: NotebookNode = read_notebook(SOURCE)
    for cell in notebook.cells:
        if cell.id in shown:
            data = {"text/html": shown[cell.id].html, "text/plain": shown[cell.id].text}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", "".join(c.source for c in notebook.cells)), "7")
    fill_slots(notebook, {**values, **slot_values(find_subject(name, tables))}, "brief", EXHIBITS)
    return BeautifulSoup(render_body(notebook), "html.parser")


@pytest.mark.faults
def test_every_pairing_and_country_has_its_page(processed, tmp_path):
    """Of the real names `make test` takes every ninth: pages are made by the same cells."""
    rows = subjects(processed).to_dict("records")[:: 9 if TRIALS == 1 else 1]
    with build(processed, tmp_path):
        for row in rows:
            shown = run(row["slug"])
            assert len(shown) == 9
            for one in shown.values():
                tables = BeautifulSoup(one.html, "html.parser").find_all("table")
                assert tables or PLAIN.search(one.text), one.text
                assert all(table.caption.get_text() in one.text for table in tables)
            found = page(row["slug"], processed, shown)
            assert all(head["scope"] for head in found.find_all("th"))
            if row["kind"] == "pairing":
                assert all(name in found.get_text() for name in row["title"].split(" and ", 1))


def test_a_page_has_one_title_and_sections_and_nothing_is_saved(processed, tmp_path):
    (tmp_path / "made").mkdir()
    with build(processed, tmp_path / "data"), pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.OUTPUT_VARIABLE, str(tmp_path / "made"))
        found = page("colima-extremadura", processed, run("colima-extremadura"))
    assert not list((tmp_path / "made").iterdir())
    heads = [(h.name, h.get_text().removesuffix("¶")) for h in found.find_all(re.compile("^h[1-6]$"))]
    assert heads[0] == ("h1", "Colima and Extremadura")
    assert [name for name, _ in heads[1:]] == ["h2"] * 6
    assert heads[-1][1] == "Where this comes from"
    assert "number 17 of the 20 pairings (Annex, page 33)" in found.get_text()


NAMES = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30),
    st.text("<>&\"'{}$_*`=|#[]()!\\~-+0x", min_size=1, max_size=30),
)


@example(names=list(ODD[:4]))
@example(names=list(ODD[6:]))
@settings(max_examples=1 if TRIALS == 1 else 4 * TRIALS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=4, max_size=4, unique=True))
def test_names_stay_text(processed, tmp_path, names):
    tables = programme(processed, 2, names, countries=2)
    row = tables["pairings"].iloc[0]
    with build(tables, tmp_path):
        for name in subjects(tables)["slug"].iloc[[0, 2]]:
            title = find_subject(name, tables).title
            found = page(name, tables, run(name))
            assert found.h1.get_text().removesuffix("¶") == title
            assert f"{row['lac_region']} ({row['lac_country']}) and {row['eu_region']} (" in found.img["alt"]
            words = [cell.get_text() for cell in found.find_all(["td", "th"])]
            assert row["lac_region"] in words or f"{row['lac_region']} and {row['eu_region']}" in words
            assert {tag.name for tag in found.find_all(True)} <= {
                *("h1", "h2", "p", "a", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "img"),
                *("details", "summary", "pre", "code", "span"),
            }
            links = [a["href"] for a in found.find_all("a", class_=lambda kind: kind != "anchor-link")]
            assert all(re.fullmatch(r"[a-z0-9-]+\.html", link) for link in links)
