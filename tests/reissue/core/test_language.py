"""Languages: readers see the build's language; data, names and codes are the same in all languages."""

import re
import string
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from iucresearch import exhibits
from iucresearch.briefs import answers, content, ledger, places
from iucresearch.briefs.subject import find_subject, slot_values
from iucresearch.edition import EDITION
from iucresearch.figures import key_figures, network, pairings_map, selection
from iucresearch.figures import survey as survey_figures
from iucresearch.notebook import show
from reissue import cli
from reissue.build import catalogues
from reissue.core import language, paths
from reissue.core.errors import InputError
from reissue.core.language import format_counts
from reissue.drawing import style
from reissue.drawing.geo import Topology, read_topology
from reissue.exhibits.show import Shown
from tests.conftest import Project
from tests.reissue.build.test_catalogues import forms

Tables = dict[str, pd.DataFrame]
#: Elements that are English or code in every language: the titles of references stay as they are.
ENGLISH = ':not(html)[lang="en"], code, pre, script, style, .references'
#: Texts that are the same in every language.
SAME = {"PDF", "©", "DOI", "IUC-LAC", "LAC", "Python", "no"}
#: Codes on the page: hashes, DOIs, versions.
TECHNICAL = re.compile(r"[0-9a-f]{16}$|doi:10\.|requirements\.lock, SHA-256|pandas [\d.]+, |reading: \w+, ")
#: Attributes that readers see or hear.
READ = ("alt", "aria-label", "data-label", "title")
ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
FILLER = " y desarrollo territorial con las regiones participantes de ambos continentes"


@pytest.fixture(scope="module")
def accented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogues in which every text has accents and is a quarter longer: text without accents was not translated."""
    folder = tmp_path_factory.mktemp("catalogues")
    for locale in ("es", "pt"):
        catalogue = Catalog(locale=locale)
        for message in chain.from_iterable(catalogues.collect_messages_by_folder(EDITION).values()):
            longer = tuple(lengthen(text) for text in forms(message))
            catalogue.add(message, longer[0] if isinstance(message, str) else longer)
        with (folder / f"{locale}.po").open("wb") as file:
            write_po(file, catalogue)
    return folder


@pytest.fixture
def in_accents(accented: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that changes to a language of such a catalogue."""
    monkeypatch.setattr(language, "catalogue_files", lambda locale: [accented / f"{locale}.po"])
    # Drawing checks that texts fit; PNG files would only take time.
    monkeypatch.setattr(style, "png", lambda figure: b"")
    language._catalogue.cache_clear()
    yield lambda locale: monkeypatch.setenv(language.VARIABLE, locale)
    language._catalogue.cache_clear()


@pytest.fixture(scope="module")
def topology() -> Topology:
    return read_topology(paths.RAW / "geography" / "countries-50m.json")


def lengthen(text: str) -> str:
    """Return a text with accents; one of a single paragraph a quarter longer, as translations are."""
    parts = re.split(r"(\{[^}]*\})", text)
    accented = "".join(part if part.startswith("{") else part.translate(ACCENTED) for part in parts)
    letters = len("".join(parts[::2]))
    if letters < 9 or "\n" in text:
        return accented
    end = accented[-1] if accented[-1] in ".:" else ""
    return accented.removesuffix(end) + FILLER[: letters // 4].rstrip().translate(ACCENTED) + end


def read_texts(html: str) -> list[str]:
    """Return the texts of a page, in elements and attributes, that are not marked as English."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(ENGLISH):
        element.decompose()
    attributes = [str(element[name]) for element in page.find_all(True) for name in READ if element.get(name)]
    return attributes + [" ".join(text.split()) for text in page.stripped_strings]


def collect_names(tables: Tables, raw: Tables) -> set[str]:
    """Return the names and codes of the data, which may be the same in every language."""
    found = {EDITION.metadata["title"], *language.languages().values(), *EDITION.metadata["creators"][0].values()}
    for side in ("lac", "eu"):
        for what in ("region", "country", "seat", "code"):
            found |= set(tables["pairings"][f"{side}_{what}"])
        # As Figure 3 names a territory: the country has one name in both languages, or the text differs.
        places = tables["pairings"][[f"{side}_region", f"{side}_country"]].itertuples(index=False, name=None)
        found |= {f"{region} ({country})" for region, country in places}
    found |= set(tables["countries"]["country"]) | set(raw["corrections"]["source"]) | set(raw["corrections"]["column"])
    found |= {", ".join(row) for row in tables["countries"][["alpha2", "alpha3", "numeric"]].to_numpy().tolist()}
    for name, table in {**raw, **tables}.items():
        ids = set(table["id"]) if "id" in table else set()
        found |= {name, *ids} | {f"{name} {id_}" for id_ in ids}
    # A drawing breaks a long name into lines.
    parts = [name.split(" ") for name in {*tables["pairings"]["lac_region"], *tables["pairings"]["eu_region"]}]
    found |= {" ".join(words[:end]) for words in parts for end in range(1, len(words))}
    return found | {f"{item.id}.csv" for item in exhibits.EXHIBITS}


def find_untranslated(translated: str, english: str, names: set[str]) -> list[str]:
    """Return the texts of a page that are also on the English one, except names, codes, numbers and shared words."""
    ours, same = set(read_texts(english)), names | SAME
    return sorted(
        {text for text in read_texts(translated) if text in ours and re.search("[A-Za-z]{2}", text)}
        - {text for text in ours if TECHNICAL.match(text)}
        - {text for text in ours if set(text.split(", ")) <= same or text in same}
    )


def test_an_unknown_language_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    message = r"^LOCALE: unknown language 'fr'\. Expected one of en, es, pt\. .*\.$"
    with pytest.raises(InputError, match=message):
        language.check_language("fr")
    assert cli.call(EDITION, ["report", "--locale", "fr"]) == 2
    assert re.match(message, capsys.readouterr().err.removeprefix("iucresearch: "))


def test_words_are_translated_and_codes_stay(processed: Tables, raw: Tables, in_accents: Callable[[str], None]) -> None:
    assert language.translate_words(processed["key_figures"]) is processed["key_figures"]
    assert language._("Exact") == "Exact"
    assert [language.ngettext("one", "many", number) for number in (1, 2)] == ["one", "many"]
    in_accents("es")
    for name in ("key_figures", "swot", "criteria", "pairings", "survey_counts", "components", "corrections"):
        frame, before = processed[name], processed[name].copy()
        translated = language.translate_words(frame)
        pd.testing.assert_frame_equal(frame, before)
        for column in frame:
            is_same = translated[column].equals(frame[column])
            assert is_same == (column not in language.word_columns()), f"{name}.{column}"
    compared = {"side", "verdict", "quadrant", "level", "kind", "lac_kind", "qualifier", "direction", "option", "id"}
    assert not compared & language.word_columns()


def test_drawings_translate_words_and_not_codes(processed: Tables, in_accents: Callable[[str], None]) -> None:
    in_accents("pt")
    alt = key_figures.figure_05_alt(language.translate_words(key_figures.figure_05_data(processed["key_figures"])))
    assert "20 Jóínt Áctíón" in alt, "an exact number needs no word"
    assert "óvér 300" in alt
    header = survey_figures.counts_data(processed["survey_counts"], "respondents", side="EU")
    assert header["label"].tolist() == ["European Union"]


@given(st.integers(-9_999_999, 9_999_999))
def test_whole_numbers_have_thousands_separators(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert language.format_thousands(number) == f"{number:,}"
        patch.setenv(language.VARIABLE, "pt")
        text = language.format_thousands(number)
    assert int(text.replace("\N{NO-BREAK SPACE}", "")) == number
    assert ("\N{NO-BREAK SPACE}" in text) == (abs(number) >= 10_000)


@pytest.mark.parametrize(("locale", "text"), [("en", "1.5"), ("es", "1,5"), ("pt", "1,5")])
def test_numbers_have_the_decimal_sign_of_the_language(monkeypatch: pytest.MonkeyPatch, locale: str, text: str) -> None:
    monkeypatch.setenv(language.VARIABLE, locale)
    assert language.format_number(1.5) == text
    assert language.format_number(12.0) == "12"


@pytest.mark.parametrize(
    ("parts", "last", "text"),
    [
        ([], "and", ""),
        (["Chile"], "and", "Chile"),
        (["Chile", "Perú"], "and", "Chile y Perú"),
        (["Perú", "Italia"], "and", "Perú e Italia"),
        (["Perú", "Hidalgo"], "and", "Perú e Hidalgo"),
        (["agua", "hielo"], "and", "agua y hielo"),
        (["Chile", "Perú", "Índia"], "and", "Chile, Perú e Índia"),
        (["7", "9"], "or", "7 o 9"),
        (["7", "8"], "or", "7 u 8"),
        (["7", "80 a 82"], "or", "7 u 80 a 82"),
        (["7", "11"], "or", "7 u 11"),
        (["7", "110"], "or", "7 o 110"),
        (["Perú", "Honduras"], "or", "Perú u Honduras"),
        (["Perú", "Hidalgo"], "or", "Perú o Hidalgo"),
    ],
)
def test_spanish_lists_by_sound(monkeypatch: pytest.MonkeyPatch, parts: list[str], last: str, text: str) -> None:
    monkeypatch.setenv(language.VARIABLE, "es")
    monkeypatch.setattr(language, "_", {"and": "y", "or": "o"}.get)
    assert language.join_words(parts, last=last) == text


@given(st.lists(st.text(string.ascii_letters, min_size=1), min_size=2), st.sampled_from(["and", "or"]))
def test_english_lists_with_its_words(parts: list[str], last: str) -> None:
    assert language.join_words(parts, last=last) == f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def test_evidence_is_data_and_stays_english(in_accents: Callable[[str], None]) -> None:
    in_accents("es")
    words = ["none", "3", "3 or 4", "3 or 5", "28 to 30", "1, 3 or 5 to 7"]
    sets = [[], [3], [3, 4], [3, 5], [28, 29, 30], [1, 3, 5, 6, 7]]
    assert [format_counts(values, english=True) for values in sets] == words
    assert format_counts([7, 21, 22, 23]) == "7 ór 21 tó 23"


def show_pictures(tables: Tables, topology: Topology) -> Iterator[Shown]:
    """Show pictures of every kind, which fail if a text does not fit."""
    s, counts = survey_figures, tables["survey_counts"]
    yield show("figure-1", network.figure_01, network.figure_01_data(tables["actions"]))
    yield show("figure-2", selection.figure_02, selection.figure_02_data(tables["criteria"]))
    yield show("figure-3", pairings_map.figure_03, pairings_map.figure_03_data(tables["pairings"]), topology=topology)
    yield show("figure-5", key_figures.figure_05, key_figures.figure_05_data(tables["key_figures"]))
    yield show("figure-8", s.draw_counts, s.counts_data(counts, "salience"))
    yield show("result-phases", s.draw_counts, s.counts_data(counts, "phases", side="LAC"))


def show_brief(name: str, tables: Tables, topology: Topology) -> Iterator[Shown]:
    found = find_subject(name, tables)
    claims = ledger.find_claims(found, tables)
    yield content.describe_subject(found)
    yield places.draw_place_map(found, tables, topology)
    for show_part in (content.list_pilots, content.list_boxes):
        yield show_part(found, tables)
    yield ledger.list_claims(found, claims)
    for show_part in (answers.list_ranges, answers.list_fixed, answers.describe_origin):
        yield show_part(found, tables)
    yield content.list_sources(found, tables, claims)


@pytest.mark.usefixtures("processed_folder")
@pytest.mark.parametrize("what", ["pictures", "cioeste-bielsko-biala", "mexico"])
def test_pictures_and_briefs_are_translated_and_longer_texts_fit(
    processed: Tables, raw: Tables, topology: Topology, in_accents: Callable[[str], None], what: str
) -> None:
    shown, slots = [], []
    for locale in ("en", "es"):
        in_accents(locale)
        if what == "pictures":
            shown.append(list(show_pictures(processed, topology)))
        else:
            shown.append(list(show_brief(what, processed, topology)))
            slots.append(slot_values(find_subject(what, processed)))
    names = collect_names(processed, raw)
    for english, spanish in zip(*shown, strict=True):
        assert find_untranslated(spanish.html, english.html, names) == []
    if slots:
        same = {key for key, value in slots[0].items() if slots[1][key] == value}
        assert same <= {"brief_pairings", "brief_title"}


@pytest.mark.build
def test_a_spanish_report_is_spanish(built: Project, translated: Project, processed: Tables, raw: Tables) -> None:
    folder = translated.root / "reports" / "builds" / "published-es"
    names = collect_names(processed, raw)
    for page in ("index.html", "html/01_clean.html"):
        spanish = (folder / page).read_text(encoding="utf-8")
        english = (built.root / "reports" / page).read_text(encoding="utf-8")
        assert '<html lang="es">' in spanish
        assert find_untranslated(spanish, english, names) == [], page
        rows = [sorted(re.findall(r'<t[dhr] [^>]*\bid="([^"]+)"', text)) for text in (english, spanish)]
        assert rows[0] == rows[1], "the address of a row is the same in every language"
    table = (folder / "tables" / "table-2.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in table
    ledger_page = BeautifulSoup((folder / "html" / "06b_ledger.html").read_text(encoding="utf-8"), "html.parser")
    statement = ledger_page.find(string=re.compile("^The IUC Programme has"))
    assert statement is not None
    assert statement.find_parent(lang="en") is not None
    for file in sorted((built.root / "reports").rglob("*.csv")):
        own = folder / file.relative_to(built.root / "reports")
        assert own.read_bytes() == file.read_bytes(), own.name
    for file in sorted((built.root / "data" / "processed").glob("*.csv")):
        assert (folder / "processed" / file.name).read_bytes() == file.read_bytes(), file.name
