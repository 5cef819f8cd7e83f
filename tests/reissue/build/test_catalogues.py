"""Catalogues match the sources, and every translation is complete."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import write_po

from iucresearch.edition import EDITION
from reissue.build import catalogues, translation_gaps
from reissue.core import language

LOCALES = [locale for locale in language.languages() if locale != "en"]


@pytest.fixture(scope="module")
def texts():
    """Every text, of either package."""
    return {
        text: place
        for texts in catalogues.collect_messages_by_folder(EDITION).values()
        for text, place in texts.items()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of a package's catalogues."""
    folder = tmp_path / "report" / "locale"
    folder.mkdir(parents=True)
    return folder


def forms(message):
    """Return a text, or both of one that a number decides."""
    return (message,) if isinstance(message, str) else tuple(message)


def slots(text):
    """Return the slots of a text, with their formats."""
    return {name + (f":{form}" if form else "") for _, name, form, _ in Formatter().parse(text) if name is not None}


def signs(text):
    """Return what Markdown reads in a text: headings, addresses of links, paragraphs, blanks at either end."""
    return (
        re.findall(r"^#+(?= )", text, re.MULTILINE),
        re.findall(r"\]\(([^)]*)\)", text),
        text.count("\n\n"),
        text[: len(text) - len(text.lstrip())],
        text[len(text.rstrip()) :],
    )


def test_catalogues_are_what_make_catalogues_writes():
    assert catalogues.find_outdated_catalogues(EDITION) == {}


def test_sources_of_every_kind_are_read(texts, raw):
    assert texts["Both ends of every contradiction"] == "src/reissue/ledger/present.py"
    assert "content hash" in texts, "within an f-string"
    assert ("{number} statement", "{number} statements") in texts
    assert texts["Skip to the text"] == "src/reissue/templates/page.html"
    assert texts["## All pairings"] == "notebooks/07_annex.ipynb"
    assert texts["Main themes of the pairings"] == "notebooks/03_programme.ipynb"
    assert {"SWOT analysis", "JRC analysis", "A rebuilt, checkable edition"} <= set(texts)
    assert {"Funding constraints", "one week", "sub-region", "Very familiar", "Annex"} <= set(texts)
    assert "Very familiar or broadly familiar" in texts, "answers taken together"
    # Countries are texts; regions and numbers are not.
    assert set(raw["countries"]["country"]) <= set(texts)
    assert not {*raw["pairings"]["lac_name"], *raw["pairings"]["eu_name"]} & set(texts)
    assert all(re.search("[A-Za-z]", text) for message in texts for text in forms(message))


def test_a_text_of_both_packages_is_in_the_machinerys_catalogue_alone():
    machinery, report = catalogues.collect_messages_by_folder(EDITION).values()
    assert "Country" in report
    assert "Question" in machinery
    assert not set(machinery) & set(report)


def test_a_text_alone_and_with_a_number_is_one_message():
    found = [("a.py", "{n} row"), ("b.py", ("{n} row", "{n} rows")), ("c.py", "{n} row"), ("d.py", "other")]
    assert catalogues.collect_messages(found) == {("{n} row", "{n} rows"): "a.py", "other": "d.py"}


LONG = "Every figure, table and box is made again from transcribed facts, {number} in all.\n\nIt says how far it was."
LARGO = "Cada figura, tabla y cuadro se hace de nuevo, {number} en total.\n\nDice hasta qué punto."


def update(folder, *texts):
    """Update the catalogues of a folder; return the Spanish translations, and which are in doubt."""
    for path, text in catalogues.build_catalogues(dict.fromkeys(texts, "a.py"), folder).items():
        path.write_text(text, encoding="utf-8")
    messages = catalogues.read_catalogue(folder / "es.po")
    return {forms(m.id)[0]: (m.string, m.fuzzy) for m in messages if m.id}


def written(folder, *texts, **translations):
    """Write the catalogues of some texts, and these translations into the Spanish one."""
    update(folder, *texts)
    spanish = catalogues.read_catalogue(folder / "es.po")
    for message in spanish:
        message.string = translations.get(forms(message.id)[0], message.string)
    with (folder / "es.po").open("wb") as file:
        write_po(file, spanish, width=110)


def test_translations_are_kept_new_texts_added_and_old_ones_dropped(folder):
    rows, filas = ("{n} row", "{n} rows"), ("{n} fila", "{n} filas")
    written(folder, "one", rows, "gone", one="uno", **{"{n} row": filas})
    assert sorted(path.name for path in folder.iterdir()) == ["es.po", "pt.po", "report.pot"]
    texts = ("new", "one", rows)
    assert update(folder, *texts) == {"new": ("", False), "one": ("uno", False), "{n} row": (filas, False)}
    text = (folder / "es.po").read_text(encoding="utf-8")
    assert "gone" not in text
    assert 'msgid "one"\nmsgstr "uno"\n' in text
    assert text.startswith('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: es\\n"\n')
    update(folder, *texts)
    assert (folder / "es.po").read_text(encoding="utf-8") == text, "the same sources, the same bytes"


def test_the_translation_of_a_changed_text_is_kept_and_in_doubt(folder):
    written(folder, LONG, "other", ("{n} old row", "{n} old rows"), **{LONG: LARGO, "{n} old row": ("a {n}", "b {n}")})
    changed = LONG.replace("transcribed", "published")
    texts = (changed, "other", ("{n} new row", "{n} new rows"))
    expected = {changed: (LARGO, True), "other": ("", False), "{n} new row": (("a {n}", "b {n}"), True)}
    assert [*update(folder, *texts).items()] == [*update(folder, *texts).items()] == [*expected.items()]
    # Once a person has checked it and removed the mark, it stays without one.
    text = (folder / "es.po").read_text(encoding="utf-8")
    (folder / "es.po").write_text(text.replace("#, fuzzy\n", ""), encoding="utf-8")
    assert update(folder, *texts) == {text: (string, False) for text, (string, _) in expected.items()}


def test_a_new_text_that_resembles_an_unchanged_one_has_no_translation(folder):
    written(folder, LONG, **{LONG: LARGO})
    changed = LONG.replace("transcribed", "published")
    assert update(folder, LONG, changed) == {LONG: (LARGO, False), changed: ("", False)}


def test_a_translation_in_doubt_is_not_shown_and_is_counted(folder, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(language, "catalogue_files", lambda locale: [folder / f"{locale}.po"])
    monkeypatch.setattr(translation_gaps.paths, "ROOT", tmp_path_factory.mktemp("project"))
    monkeypatch.setenv(language.VARIABLE, "es")
    language._catalogue.cache_clear()
    try:
        written(folder, "one", "two", "three", one="uno", two="dos", three="tres")
        assert (language._("two"), translation_gaps.describe_gaps("published-es")) == ("dos", "")
        update(folder, "one", "two", "three", ("{n} row", "{n} rows"))
        text = (folder / "es.po").read_text(encoding="utf-8").replace('msgid "two"', '#, fuzzy\nmsgid "two"')
        (folder / "es.po").write_text(text, encoding="utf-8")
        language._catalogue.cache_clear()
        assert [language._(text) for text in ("one", "two", "three")] == ["uno", "two", "tres"]
        assert language.ngettext("{n} row", "{n} rows", 2) == "{n} rows"
        line = "es: 2 of 4 texts are not translated (make catalogues lists them in es.po)"
        assert translation_gaps.describe_gaps("published-es") == line
        # A text that is missing from the file counts, too; one without letters needs no translation.
        assert [language._(text) for text in ("four", "2019")] == ["four", "2019"]
        assert translation_gaps.describe_gaps("published-es").startswith("es: 3 of 5 texts are not translated ")
    finally:
        language._catalogue.cache_clear()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_translation_is_complete_with_the_slots_and_marks_of_its_text(locale):
    files = language.catalogue_files(locale)
    messages = [m for file in files for m in catalogues.read_catalogue(file) if m.id]
    assert [m.id for m in messages if m.fuzzy or not all(forms(m.string))] == []
    assert {catalogues.read_catalogue(file).num_plurals for file in files} == {2}
    assert [m.id for m in messages if len(forms(m.id)) == 2 != len(forms(m.string))] == []
    pairs = [(forms(m.id)[-1], theirs) for m in messages for theirs in forms(m.string)]
    assert [(own, theirs) for own, theirs in pairs if slots(theirs) != slots(own) or signs(theirs) != signs(own)] == []


def test_the_checks_of_translations_notice_what_is_wrong():
    assert slots("a {b} and {c}") == {"b", "c"}
    assert slots("{b:g}") != slots("{b}")
    assert signs("# A\n\nb [c](#d)") != signs("A\n\nb [c](#d)")
    assert signs("# A\n\nb [c](#d)") != signs("# A\n\nb [c](#e)")
    assert signs("a ") != signs("a")
