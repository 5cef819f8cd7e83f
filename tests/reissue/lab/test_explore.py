"""Exploring: tables with their dictionaries, exhibits and their choices, other readings, the ledger."""

import re
from base64 import b64encode

import ipywidgets
import itables
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.axes import Axes

from iucresearch import explore
from iucresearch.exhibits import EXHIBITS
from iucresearch.figures import survey
from iucresearch.notebook import show
from iucresearch.questionnaire import build_questionnaire
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.language import format_counts
from reissue.core.tables import describe, load, tables
from reissue.drawing import style
from reissue.exhibits.registry import find_exhibit
from reissue.lab import explore as lab_explore
from reissue.lab import reinterpret
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import find_conflicts, list_scenarios, tabulate_counts
from tests.conftest import TRIALS
from tests.pages import table_cells

pytestmark = pytest.mark.usefixtures("processed_folder")

#: What a browser would load without a click.
OUTSIDE = re.compile(r"""src=["']?https?:|<link|import\s[^;]*from\s*["']https?:|url\(\s*["']?https?:""")


@pytest.fixture
def no_report(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.PROCESSED_VARIABLE, str(tmp_path / "nothing"))


@pytest.fixture
def started(monkeypatch):
    """The notebook's first cell was run."""
    for name in lab_explore._OPTIONS:
        monkeypatch.setattr(itables.options, name, getattr(itables.options, name))
    explore.start()
    yield
    itables.init_notebook_mode(all_interactive=False, connected=False)


@pytest.fixture(scope="module")
def questionnaire(raw):
    return build_questionnaire(raw)


def html(shown):
    return shown._repr_mimebundle_()["text/html"]


def control(panel, description):
    """Return the control of a panel with a description."""
    found = [w for w in walk(panel) if getattr(w, "description", None) == description]
    assert len(found) == 1, [getattr(w, "description", "") for w in walk(panel)]
    return found[0]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def result_of(panel):
    return panel.children[-1].value


def test_every_table_is_a_frame_that_is_shown_whole(started):
    sets = {"survey": ["allowed"], "survey_counts": ["feasible", "tables"]}
    assert explore.table().equals(tables())
    for name in tables()["name"]:
        frame, raw = explore.table(name), load(name)
        assert type(frame) is pd.DataFrame
        assert frame.drop(columns=sets.get(name, [])).equals(raw.drop(columns=sets.get(name, []))), name
        text = lab_explore.to_html(frame)
        assert "downsampled" not in text, name
        assert not OUTSIDE.search(text), name
        # Without scripts, the page shows the first rows, under the table's title.
        static = BeautifulSoup(text, "html.parser")
        assert [tag.decompose() for tag in static(["script"])]
        words = static.get_text(" ")
        assert frame.attrs["title"] in words, name
        assert all(str(value) in words for value in frame.iloc[:10, 0].dropna()), name


def test_sets_of_counts_are_integers():
    frame, raw = explore.table("survey_counts"), load("survey_counts")
    for column in ("feasible", "tables"):
        assert frame[column].tolist() == [tuple(map(int, text.split(";"))) for text in raw[column]]
    assert (frame["feasible"].map(min) == frame["least"]).all()
    allowed = explore.table("survey")["allowed"]
    assert allowed.isna().equals(load("survey")["allowed"].isna())
    assert (30, 31, 32) in allowed.tolist()
    main = explore.data_of("figure-8").query("label == 'Main topic' and side == 'all'")
    assert main["feasible"].tolist() == [(7, 21, 22, 23)]
    assert reinterpret.with_sets(pd.DataFrame({"allowed": ["none", "7", None]}))["allowed"].tolist()[:2] == [(), (7,)]
    # The dictionary has a column of the same name that is not a set.
    assert reinterpret.with_sets(describe("pairings")).equals(describe("pairings"))


@pytest.mark.parametrize("item", EXHIBITS, ids=lambda item: item.id)
def test_every_exhibit_has_data_with_every_choice(item):
    for name, values in {**explore.EXPLORER.choices(item), "": ("",)}.items():
        for value in values:
            assert len(explore.EXPLORER.make_data(item, **({name: value} if name else {}))), (name, value)


@pytest.mark.parametrize("name", ["figure-1", "figure-3", "figure-4", "figure-6", "box-2", "table-1", "annex"])
def test_exhibits_are_drawn_as_their_notebooks_draw_them(name, monkeypatch):
    monkeypatch.setattr("reissue.drawing.style.png", lambda figure: b"")
    item, maker = find_exhibit(EXHIBITS, name), explore.MAKERS[name]
    executed = nbformat.read(paths.NOTEBOOKS / f"{item.notebook}.ipynb", as_version=4)
    stored = [o.data["text/plain"] for c in executed.cells for o in c.get("outputs", []) if "data" in o]
    shown = show(name, maker.make, explore.EXPLORER.make_data(item), **maker.context())
    assert shown.text in stored
    if item.is_picture:
        drawn = explore.draw(name)
        # The list, two maps and a matrix.
        axes = drawn if name == "figure-3" else [drawn]
        assert [type(one) for one in axes] == [Axes] * (4 if name == "figure-3" else 1)
        assert b64encode(style.svg(axes[0].figure, name)).decode() in shown.html
        # pyplot knows the figure, so that a notebook shows it.
        assert axes[0].figure is plt.gcf()


def test_drawing_returns_axes():
    assert explore.draw("figure-6", side="EU") is plt.gca()
    drawn = explore.exhibits().set_index("name")["drawn"]
    assert drawn.to_dict() == {item.id: item.is_picture for item in EXHIBITS}
    for name, words in (("table-2", "Table 2"), ("figure-4", "Figure 4"), ("annex", "Annex")):
        line = f"{words} is a table, not a figure. Call data_of('{name}') for its rows"
        with pytest.raises(InputError, match=re.escape(line)):
            explore.draw(name)
        assert len(explore.data_of(name))


def test_the_exhibits_panel_draws_what_is_chosen():
    panel = explore.exhibit_controls()
    assert "Figure 6" in result_of(panel)
    control(panel, "Side").value = "EU"
    assert survey.counts_alt(survey.counts_data(load("survey_counts"), "motivation", side="EU")) in result_of(panel)
    control(panel, "Exhibit").value = "table-2"
    assert "Strengths" in result_of(panel)
    assert [getattr(w, "description", "") for w in walk(panel)].count("Side") == 0, "it has no choice"
    for item in EXHIBITS:
        assert item.id in {value for _, value in control(panel, "Exhibit").options}


def test_the_published_reading_changes_nothing():
    found = explore.reread()
    assert found.changed.empty
    assert found.conflicts.empty
    published = load("survey_counts")
    published = published[published["reading"] == "literal"].reset_index(drop=True)
    assert found.counts.equals(reinterpret.with_sets(published)[found.counts.columns])
    assert "Nothing changes" in html(found)


@pytest.mark.faults
def test_every_other_reading_changes_what_the_engine_computes(questionnaire):
    before = tabulate_counts(questionnaire, Interpretation())
    # `make test` takes every sixth.
    for name, reading in list(list_scenarios(questionnaire, Interpretation()))[:: 6 if TRIALS == 1 else 1]:
        words = {how: getattr(reading, how) for how in (reinterpret.WITHOUT, reinterpret.STRICT, reinterpret.USED)}
        found = explore.reread(
            rounding=reading.rounding, tight=reading.tight, skipped=reading.skipped, same=bool(reading.same), **words
        )
        after = {count: values for count, values in tabulate_counts(questionnaire, reading).items() if values}
        possible = {(one.question, ";".join(one.options), one.group): tuple(sorted(v)) for one, v in after.items()}
        assert found.counts.set_index(["question", "options", "side"])["feasible"].to_dict() == possible, name
        changed = [
            (one.group, format_counts(sorted(before[one])), format_counts(sorted(values)))
            for one, values in after.items()
            if set(values) != set(before[one])
        ]
        assert list(found.changed[["side", "published", "then"]].itertuples(index=False, name=None)) == changed, name
        named = [rows["statement"].tolist() for _, rows in found.conflicts.groupby("conflict")]
        assert named == find_conflicts(questionnaire, reading), name


def test_readings_that_cannot_be_true_name_the_statements():
    found = explore.reread(strict="equally")
    assert set(found.conflicts["statement"]) == {"respondents", "motivation-business", "motivation-equally"}
    assert "cannot hold together" in html(found)
    cells = BeautifulSoup(html(found), "html.parser").get_text(" ")
    assert "“equally”" in cells
    assert "section 3.1, page 17" in cells

    alone, both = explore.reread(tight=True), explore.reread(tight=True, without=["named", "plural"])
    assert len(both.changed) > len(alone.changed), "readings can be combined"


@pytest.mark.parametrize(
    ("call", "choices", "words"),
    [
        (explore.draw, {"name": "figure-6", "side": "south"}, "side='south'. Expected side: all, EU, LAC; reading: "),
        (explore.draw, {"name": "figure-1", "side": "EU"}, "Figure 1 cannot have side='EU'. Expected no choice at all"),
        (explore.draw, {"name": "figure-99"}, "there is no exhibit 'figure-99'"),
        (explore.reread, {"rounding": "up"}, "there is no rounding 'up'. Expected one of up_or_down"),
        (explore.reread, {"without": "nonsense"}, "'nonsense' cannot be without. Expected words among"),
        (explore.reread, {"strict": "named"}, "'named' cannot be strict"),
        (explore.reread, {"used": ["most common"]}, "'most common' cannot be used"),
        (explore.ask, {"verdict": "wrong"}, "there is no verdict 'wrong'. Expected one of contradicted"),
        (explore.ask, {"section": "9.9"}, "no statement of section '9.9'"),
        (explore.ask, {"exhibit": "figure-99"}, "there is no exhibit 'figure-99'"),
    ],
)
def test_the_error_for_an_impossible_choice_lists_the_possible_ones(call, choices, words):
    with pytest.raises(InputError, match=re.escape(words)):
        call(**choices)


def test_the_readings_panel_changes_with_every_control():
    panel = explore.reading_controls()
    for word, otherwise in explore.words()[["word", "otherwise"]].itertuples(index=False):
        assert [value for _, value in control(panel, word).options] == ["published", *otherwise.split(", ")]
    assert "Nothing changes" in result_of(panel)
    assert result_of(panel).count("<img") == 1, "one picture until a reading changes it"
    control(panel, "Rounding").value = "trunc"
    assert "salience-label-1" in result_of(panel)
    control(panel, "Figure").value = "figure-8"
    assert "no count is possible" in result_of(panel)
    control(panel, "Rounding").value = "up_or_down"
    control(panel, "“more than” and its like read tightly").value = True
    assert result_of(panel).count("<img") == 2
    assert "Main topic: 7 or 21 to 23." in result_of(panel), "as published"
    assert "Main topic: 7 or 21." in result_of(panel), "as read"
    control(panel, "equally").value = "strict"
    assert "motivation-equally" in result_of(panel)
    assert [w.value for w in walk(panel) if isinstance(w, ipywidgets.Label)] == [""], "nothing is being computed"


def test_statements_are_selected_by_verdict_section_exhibit_and_words(processed):
    claims = processed["claims"]
    assert len(explore.ask()) == len(claims)
    by = {"verdict": "contradicted", "exhibit": "figure-6"}
    for column, value in by.items():
        found = explore.ask(**{column: value})
        assert found["statement"].tolist() == claims.loc[claims[column] == value, "statement"].tolist()
    below = explore.ask(section="2")
    assert len(below) == claims["section"].str.fullmatch(r"2(\.\d+)*").sum() > 0
    assert below["place"].str.startswith("section 2").all()
    assert explore.ask(section="annex")["place"].str.startswith("Annex, page ").all()
    everything = explore.ask(section="3", verdict="undetermined", contains="strategy")
    assert 0 < len(everything) < len(explore.ask(section="3", verdict="undetermined"))

    found = explore.ask(contains="bogota")
    assert found.equals(explore.ask(contains="BOGOTÁ")), "capitals and accents do not matter"
    assert found["statement"].str.contains("Bogotá").any()


def test_the_ledger_panel_lists_the_statements_that_match(processed):
    panel = explore.ledger_controls()
    claims = processed["claims"]
    assert f"{len(claims)} of {len(claims)} statements" in result_of(panel)
    control(panel, "Verdict").value = "contradicted"
    control(panel, "Words").value = "pairings"
    expected = explore.ask(verdict="contradicted", contains="pairings")
    head, *rows = table_cells(result_of(panel))
    assert head == ["Statement", "Place", "Verdict", "Evidence"]
    assert [row[0] for row in rows] == expected["statement"].tolist()
    control(panel, "Words").value = "<script>"
    assert "<script" not in result_of(panel)


@pytest.mark.parametrize(
    "call",
    [
        *(explore.table, explore.reread, explore.words, explore.ask),
        *(explore.exhibit_controls, explore.reading_controls, explore.ledger_controls),
        *(lambda: explore.table("pairings"), lambda: describe("swot"), lambda: explore.draw("figure-6")),
    ],
)
def test_without_a_report_one_line_names_the_command(no_report, call):
    with pytest.raises(InputError, match="Run `make report` first") as caught:
        call()
    assert "\n" not in str(caught.value)
