"""Looking around: tables with their dictionaries, exhibits and their choices, other readings, the ledger."""

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
from reissue.exhibits.show import save_tables
from reissue.lab import explore as lab_explore
from reissue.lab import reinterpret
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import find_conflicts, list_scenarios, tabulate_counts
from tests.conftest import TRIALS
from tests.pages import table_cells

#: What a browser would load by itself; links that somebody clicks are none of it.
OUTSIDE = re.compile(r"""src=["']?https?:|<link|import\s[^;]*from\s*["']https?:|url\(\s*["']?https?:""")


@pytest.fixture(autouse=True, scope="module")
def processed_folder(tmp_path_factory, processed):
    folder = tmp_path_factory.mktemp("processed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(paths.OUTPUT_VARIABLE, raising=False)
        patch.setenv(paths.PROCESSED_VARIABLE, str(folder))
        save_tables(processed)
        yield folder


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
def read(raw):
    return build_questionnaire(raw)


def html(shown):
    return shown._repr_mimebundle_()["text/html"]


def control(panel, description):
    """Return the control of a panel by its words."""
    found = [w for w in walk(panel) if getattr(w, "description", None) == description]
    assert len(found) == 1, [getattr(w, "description", "") for w in walk(panel)]
    return found[0]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def shown_in(panel):
    return panel.children[-1].value


# Tables.


def test_the_list_has_every_table():
    assert explore.table().equals(tables())


def test_every_table_is_a_frame_that_is_shown_whole(started):
    sets = {"survey": ["allowed"], "survey_counts": ["feasible", "tables"]}
    for name in tables()["name"]:
        frame, raw = explore.table(name), load(name)
        assert type(frame) is pd.DataFrame
        assert frame.drop(columns=sets.get(name, [])).equals(raw.drop(columns=sets.get(name, []))), name
        text = lab_explore.to_html(frame)
        assert "downsampled" not in text, name
        assert not OUTSIDE.search(text), name
        # Where no script runs, the first rows are there, under the table's title.
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
    # What has the same name and is no set stays as it is: a dictionary, for one.
    assert reinterpret.with_sets(describe("pairings")).equals(describe("pairings"))


def _words(text):
    return BeautifulSoup(text, "html.parser").get_text(" ")


def test_two_runs_give_the_same_output_but_for_random_ids(started):
    one, other = (re.sub(r"itables_[0-9a-f_]{36}", "", lab_explore.to_html(explore.ask(section="3"))) for _ in range(2))
    assert one == other


# Exhibits.


def test_choices_are_those_that_functions_declare():
    declared = {item.id: explore.EXPLORER.choices(item) for item in EXHIBITS}
    assert set(declared["figure-6"]) == {"side", "reading"}
    assert set(declared["figure-4"]) == {"side"}
    assert declared["figure-3"] == declared["table-2"] == declared["box-1"] == {}


@pytest.mark.parametrize("item", EXHIBITS, ids=lambda item: item.id)
def test_every_exhibit_has_data_with_every_choice(item):
    for name, values in {**explore.EXPLORER.choices(item), "": ("",)}.items():
        for value in values:
            assert len(explore.EXPLORER.make_data(item, **({name: value} if name else {}))), (name, value)


@pytest.mark.parametrize("name", ["figure-1", "figure-3", "figure-4", "figure-6", "box-2", "table-1", "annex"])
def test_exhibits_are_drawn_as_their_notebooks_draw_them(name):
    item, maker = find_exhibit(EXHIBITS, name), explore.MAKERS[name]
    executed = nbformat.read(paths.NOTEBOOKS / f"{item.notebook}.ipynb", as_version=4)
    stored = [o.data["text/plain"] for c in executed.cells for o in c.get("outputs", []) if "data" in o]
    shown = show(name, maker.make, explore.EXPLORER.make_data(item), **maker.context())
    assert shown.text in stored
    if item.is_picture:
        axes = explore.draw(name)
        # The map has an enlargement and a matrix besides.
        assert [type(one) for one in (axes if name == "figure-3" else [axes])] == [Axes] * (
            3 if name == "figure-3" else 1
        )
        figure = (axes[0] if name == "figure-3" else axes).figure
        assert b64encode(style.svg(figure)).decode() in shown.html
        # pyplot knows it, so that a notebook shows it.
        assert figure is plt.gcf()


def test_drawing_returns_axes():
    assert explore.draw("figure-6", side="EU") is plt.gca()
    drawn = explore.exhibits().set_index("name")["drawn"]
    assert drawn.to_dict() == {item.id: item.is_picture for item in EXHIBITS}
    for name, words in (("table-2", "Table 2"), ("figure-4", "Figure 4"), ("annex", "Annex")):
        line = f"{words} is a table, not a figure. data_of('{name}') returns its rows"
        with pytest.raises(InputError, match=re.escape(line)):
            explore.draw(name)
        assert len(explore.data_of(name))


def test_what_cannot_be_chosen_is_named_with_what_can():
    with pytest.raises(InputError, match=r"Figure 6 cannot have side='south'\. expected side: all, EU, LAC; reading"):
        explore.draw("figure-6", side="south")
    with pytest.raises(InputError, match=r"Figure 1 cannot have side='EU'\. expected no choice at all"):
        explore.draw("figure-1", side="EU")
    with pytest.raises(InputError, match="there is no exhibit 'figure-99'"):
        explore.draw("figure-99")


def test_the_exhibits_panel_draws_what_is_chosen():
    panel = explore.exhibit_controls()
    assert "Figure 6" in shown_in(panel)
    control(panel, "Side").value = "EU"
    assert survey.counts_alt(survey.counts_data(load("survey_counts"), "motivation", side="EU")) in shown_in(panel)
    control(panel, "Exhibit").value = "table-2"
    assert "Strengths" in shown_in(panel)
    assert [getattr(w, "description", "") for w in walk(panel)].count("Side") == 0, "it has no choice"
    for item in EXHIBITS:
        assert item.id in {value for _, value in control(panel, "Exhibit").options}


# Other readings.


def test_the_published_reading_changes_nothing():
    found = explore.reread()
    assert found.changed.empty
    assert found.conflicts.empty
    published = load("survey_counts")
    published = published[published["reading"] == "literal"].reset_index(drop=True)
    assert found.counts.equals(reinterpret.with_sets(published)[found.counts.columns])
    assert "Nothing changes" in html(found)


@pytest.mark.faults
def test_every_other_reading_changes_what_the_engine_says(read):
    before = tabulate_counts(read, Interpretation())
    # `make test` takes every third.
    for name, reading in list(list_scenarios(read, Interpretation()))[:: 3 if TRIALS == 1 else 1]:
        words = {how: getattr(reading, how) for how in (reinterpret.WITHOUT, reinterpret.STRICT, reinterpret.USED)}
        found = explore.reread(rounding=reading.rounding, tight=reading.tight, **words)
        after = tabulate_counts(read, reading)
        possible = {(c.question, ";".join(c.options), c.group): sorted(values) for c, values in after.items() if values}
        told = found.counts.set_index(["question", "options", "side"])["feasible"].to_dict()
        assert told == {key: tuple(values) for key, values in possible.items()}, name
        moved = [
            (c.group, format_counts(sorted(before[c])), format_counts(sorted(v)))
            for c, v in after.items()
            if v and v != before[c]
        ]
        moved = [one for one in moved if one[1] != one[2]]
        assert list(found.changed[["side", "published", "then"]].itertuples(index=False, name=None)) == moved, name
        named = [rows["statement"].tolist() for _, rows in found.conflicts.groupby("conflict")]
        assert named == find_conflicts(read, reading), name


def test_readings_that_cannot_be_true_name_the_statements():
    found = explore.reread(strict="equally")
    assert set(found.conflicts["statement"]) == {"respondents", "motivation-business", "motivation-equally"}
    assert "cannot hold together" in html(found)
    cells = _words(html(found))
    assert "“equally”" in cells
    assert "section 3.1, page 17" in cells


def test_readings_can_be_combined():
    alone, both = explore.reread(tight=True), explore.reread(tight=True, without=["named", "plural"])
    assert len(both.changed) > len(alone.changed)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"rounding": "up"}, "there is no rounding 'up'. expected one of up_or_down"),
        ({"without": "nonsense"}, "'nonsense' cannot be without. expected words among"),
        ({"strict": "named"}, "'named' cannot be strict"),
        ({"used": ["most common"]}, "'most common' cannot be used"),
    ],
)
def test_readings_that_there_are_not_are_refused(chosen, words):
    with pytest.raises(InputError, match=re.escape(words)):
        explore.reread(**chosen)


def test_the_readings_panel_moves_with_every_control():
    panel = explore.reading_controls()
    assert "Nothing changes" in shown_in(panel)
    assert shown_in(panel).count("<img") == 1, "one picture until a reading changes it"
    control(panel, "Rounding").value = "trunc"
    assert "salience-label-1" in shown_in(panel)
    control(panel, "Figure").value = "figure-8"
    assert "no count is possible" in shown_in(panel)
    control(panel, "Rounding").value = "up_or_down"
    control(panel, "“more than” and its like read tightly").value = True
    assert shown_in(panel).count("<img") == 2
    assert "7 or 21 to 23 of 32" in shown_in(panel), "as published"
    assert "7 or 21 of 32" in shown_in(panel), "as read"
    control(panel, "“more than” and its like read tightly").value = False
    control(panel, "equally").value = "strict"
    assert "motivation-equally" in shown_in(panel)
    control(panel, "equally").value = "published"
    assert "Nothing changes" in shown_in(panel)
    assert [w.value for w in walk(panel) if isinstance(w, ipywidgets.Label)] == [""], "nothing is being computed"


def test_every_soft_word_has_a_control():
    panel = explore.reading_controls()
    for word, otherwise in explore.words()[["word", "otherwise"]].itertuples(index=False):
        assert [value for _, value in control(panel, word).options] == ["published", *otherwise.split(", ")]


# The ledger.


def test_statements_are_asked_for_by_verdict_section_exhibit_and_words(processed):
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


def test_capitals_and_accents_do_not_matter():
    found = explore.ask(contains="bogota")
    assert found.equals(explore.ask(contains="BOGOTÁ"))
    assert found["statement"].str.contains("Bogotá").any()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"verdict": "wrong"}, "there is no verdict 'wrong'. expected one of contradicted"),
        ({"section": "9.9"}, "no statement of section '9.9'"),
        ({"exhibit": "figure-99"}, "there is no exhibit 'figure-99'"),
    ],
)
def test_questions_about_what_there_is_not_are_refused(question, words):
    with pytest.raises(InputError, match=re.escape(words)):
        explore.ask(**question)


def test_the_ledger_panel_answers_as_one_types(processed):
    panel = explore.ledger_controls()
    claims = processed["claims"]
    assert f"{len(claims)} of {len(claims)} statements" in shown_in(panel)
    control(panel, "Verdict").value = "contradicted"
    control(panel, "Words").value = "pairings"
    expected = explore.ask(verdict="contradicted", contains="pairings")
    head, *rows = table_cells(shown_in(panel))
    assert head == ["Statement", "Place", "Verdict", "Evidence"]
    assert [row[0] for row in rows] == expected["statement"].tolist()
    control(panel, "Words").value = "<script>"
    assert "<script" not in shown_in(panel)


# Before any report.


@pytest.mark.parametrize(
    "call",
    [
        explore.table,
        lambda: explore.table("pairings"),
        lambda: explore.draw("figure-6"),
        explore.reread,
        explore.words,
        explore.ask,
        explore.exhibit_controls,
        explore.reading_controls,
        explore.ledger_controls,
    ],
)
def test_without_a_report_one_line_says_what_to_run(no_report, call):
    with pytest.raises(InputError, match="run `make report` first") as caught:
        call()
    assert "\n" not in str(caught.value)
