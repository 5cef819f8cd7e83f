"""Languages: what readers see is in the build's; data, names and codes are the same in all."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from iucresearch import exhibits, listings, tabulation
from iucresearch.briefs import answers, content, ledger, places
from iucresearch.briefs.subject import Subject, find_subject, slot_values
from iucresearch.edition import EDITION
from iucresearch.figures import key_figures, network, pairings_map, selection
from iucresearch.figures import survey as survey_figures
from iucresearch.notebook import data_table, listing, show
from reissue import cli
from reissue.core import language, paths
from reissue.core.errors import InputError
from reissue.core.language import format_counts
from reissue.drawing.geo import Topology, land, read_topology
from reissue.exhibits.raw_rows import raw_rows
from reissue.exhibits.show import Shown, save_tables
from reissue.ledger import present as claims_present
from tests.conftest import Project
from tests.reissue.build.test_catalogues import SAME, catalogues, forms

Tables = dict[str, pd.DataFrame]
#: Elements whose text is code, and classes of what the report prints: names of works stay in their language.
CODE = {"code", "pre", "script", "style"}
WORKS = {"references"}
#: What the page says of its making and of works in codes.
TECHNICAL = re.compile(r"[0-9a-f]{16}$|doi:10\.|requirements\.lock, SHA-256|pandas [\d.]+, |reading: \w+, ")
#: Attributes that readers meet.
READ = ("alt", "aria-label", "data-label", "title")
BARRED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
FILLER = " y desarrollo territorial con las regiones participantes de ambos continentes"


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(language.VARIABLE, "es")
    yield
    language._catalogue.cache_clear()


@pytest.fixture(scope="module")
def barred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogues in which every text is itself with accents, and a quarter longer: what has none was not translated."""
    folder = tmp_path_factory.mktemp("catalogues")
    for locale in ("es", "pt"):
        catalogue = Catalog(locale=locale)
        for message in chain.from_iterable(catalogues.collect_messages_by_folder(EDITION).values()):
            told = tuple(longer(text) for text in forms(message))
            catalogue.add(message, told[0] if isinstance(message, str) else told)
        with (folder / f"{locale}.po").open("wb") as file:
            write_po(file, catalogue)
    return folder


@pytest.fixture
def in_accents(barred: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Change to a language of such a catalogue."""
    monkeypatch.setattr(language, "catalogue_files", lambda locale: [barred / f"{locale}.po"])
    language._catalogue.cache_clear()
    yield lambda locale: monkeypatch.setenv(language.VARIABLE, locale)
    language._catalogue.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def processed_folder(tmp_path_factory: pytest.TempPathFactory, processed: Tables) -> Iterator[None]:
    """Exhibits read the judged claims and the raw rows behind them."""
    folder = tmp_path_factory.mktemp("processed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(paths.OUTPUT_VARIABLE, raising=False)
        patch.setenv(paths.PROCESSED_VARIABLE, str(folder))
        save_tables(processed)
        yield


@pytest.fixture(scope="module")
def topology() -> Topology:
    return read_topology(paths.RAW / "geography" / "countries-50m.json")


def longer(text: str) -> str:
    """Return a text with accents; one of a single paragraph a quarter longer, as translations are."""
    parts = re.split(r"(\{[^}]*\})", text)
    told = "".join(part if part.startswith("{") else part.translate(BARRED) for part in parts)
    letters = len("".join(parts[::2]))
    if letters < 9 or "\n" in text:
        return told
    end = told[-1] if told[-1] in ".:" else ""
    return told.removesuffix(end) + FILLER[: letters // 4].rstrip().translate(BARRED) + end


class Reader(HTMLParser):
    """What readers of a page read outside of what is marked as English: texts, and those of attributes."""

    VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.stays = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        own = about.get("lang") == "en" and tag != "html"
        stays = self.stays[-1] or own or tag in CODE or bool(WORKS & set(about.get("class", "").split()))
        if not stays:
            self.texts += [about[name] for name in READ if about.get(name)]
        if tag not in self.VOID:
            self.stays.append(stays)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.stays.pop()

    def handle_data(self, data: str) -> None:
        if not self.stays[-1] and data.strip():
            self.texts.append(" ".join(data.split()))


def read_by(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.stays == [False], "an element is not closed"
    return reader.texts


def names_of(tables: Tables, raw: Tables) -> set[str]:
    """Return the names and codes of the data: what may be the same in every language."""
    found = {EDITION.metadata["title"], *language.languages().values(), *EDITION.metadata["creators"][0].values()}
    for side in ("lac", "eu"):
        for what in ("region", "country", "seat", "code"):
            found |= set(tables["pairings"][f"{side}_{what}"])
    found |= set(tables["countries"]["country"]) | set(raw["corrections"]["source"]) | set(raw["corrections"]["column"])
    found |= {", ".join(row) for row in tables["countries"][["alpha2", "alpha3", "numeric"]].to_numpy().tolist()}
    for name, table in {**raw, **tables}.items():
        ids = set(table["id"]) if "id" in table else set()
        found |= {name, *ids} | {f"{name} {id_}" for id_ in ids}
    return found | {f"{item.id}.csv" for item in exhibits.EXHIBITS}


def untranslated(theirs: str, english: str, names: set[str]) -> list[str]:
    """Return the texts of a page that are those of the English one, but for names, codes, numbers and shared words."""
    ours, same = set(read_by(english)), names | SAME
    return sorted(
        {text for text in read_by(theirs) if text in ours and re.search("[A-Za-z]{2}", text)}
        - {text for text in ours if TECHNICAL.match(text)}
        - {text for text in ours if set(text.split(", ")) <= same or text in same}
    )


def test_a_language_that_there_is_not_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match=r"^LOCALE: there is no language 'fr'\. expected one of en, es, pt\. .*\.$"):
        language.check_language("fr")
    assert cli.call(EDITION, ["report", "--locale", "fr"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("iucresearch: LOCALE: there is no language 'fr'")
    assert told.count("\n") == 1


def test_make_refuses_what_is_no_name_of_a_language(project: Project) -> None:
    done = project.make("report", "LOCALE=e$(x)")
    assert done.returncode == 2
    assert "LOCALE: there is no language 'e$(x)'. expected one of en, es, pt." in done.stderr


def test_english_returns_its_input(processed: Tables) -> None:
    frame = processed["key_figures"]
    assert language.translate_words(frame) is frame
    assert language._("Exact") == "Exact"
    assert language.ngettext("one", "many", 1) == "one"
    assert language.ngettext("one", "many", 2) == "many"


def test_words_are_translated_and_codes_stay(processed: Tables, raw: Tables, in_accents: Callable[[str], None]) -> None:
    in_accents("es")
    for name in ("key_figures", "swot", "criteria", "pairings", "survey_counts", "components", "corrections"):
        frame, before = processed[name], processed[name].copy()
        told = language.translate_words(frame)
        pd.testing.assert_frame_equal(frame, before)
        for column in frame:
            assert told[column].equals(frame[column]) == (column not in language.word_columns()), f"{name}.{column}"
    compared = {"side", "verdict", "quadrant", "level", "kind", "lac_kind", "qualifier", "direction", "option", "id"}
    assert not compared & language.word_columns()


def test_drawings_tell_codes_from_words(processed: Tables, in_accents: Callable[[str], None]) -> None:
    in_accents("pt")
    told = key_figures.figure_05_alt(language.translate_words(key_figures.figure_05_data(processed["key_figures"])))
    assert "20 Jóínt Áctíón" in told, "an exact number needs no word"
    assert "óvér 300" in told
    head = survey_figures.counts_data(processed["survey_counts"], "respondents", side="EU")
    assert head["label"].tolist() == ["European Union"]


@given(st.integers(-9_999_999, 9_999_999))
def test_whole_numbers_have_signs_between_thousands(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert language.format_thousands(number) == f"{number:,}"
        patch.setenv(language.VARIABLE, "pt")
        told = language.format_thousands(number)
    assert int(told.replace("\N{NO-BREAK SPACE}", "")) == number
    assert ("\N{NO-BREAK SPACE}" in told) == (abs(number) >= 10_000)


@pytest.mark.parametrize(("locale", "told"), [("en", "1.5"), ("es", "1,5"), ("pt", "1,5")])
def test_numbers_have_the_sign_of_the_language(monkeypatch: pytest.MonkeyPatch, locale: str, told: str) -> None:
    monkeypatch.setenv(language.VARIABLE, locale)
    assert language.format_number(1.5) == told
    assert language.format_number(12.0) == "12"


@pytest.mark.parametrize(
    ("parts", "last", "told"),
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
def test_spanish_lists_by_sound(monkeypatch: pytest.MonkeyPatch, parts: list[str], last: str, told: str) -> None:
    monkeypatch.setenv(language.VARIABLE, "es")
    monkeypatch.setattr(language, "_", {"and": "y", "or": "o"}.get)
    assert language.join_words(parts, last=last) == told


@given(st.lists(st.text(string.ascii_letters, min_size=1), min_size=2), st.sampled_from(["and", "or"]))
def test_english_lists_with_its_words(parts: list[str], last: str) -> None:
    assert language.join_words(parts, last=last) == f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def test_evidence_is_data_and_stays_english(in_accents: Callable[[str], None]) -> None:
    in_accents("es")
    assert format_counts([7, 21, 22, 23], english=True) == "7 or 21 to 23"
    assert format_counts([], english=True) == "none"
    assert format_counts([7, 21, 22, 23]) == "7 ór 21 tó 23"


def drawn(tables: Tables, topology: Topology) -> Iterator[Shown]:
    """Show exhibits of every kind."""
    s, counts = survey_figures, tables["survey_counts"]
    yield show("table-1", tabulation.table_01, tabulation.table_01_data(tables["pilots"], tables["uptake"]))
    yield show("figure-1", network.figure_01, network.figure_01_data(tables["actions"]))
    yield show("figure-2", selection.figure_02, selection.figure_02_data(tables["criteria"]))
    yield show("figure-3", pairings_map.figure_03, pairings_map.figure_03_data(tables["pairings"]), land=land(topology))
    yield show("figure-4", data_table, tabulation.roster_data(tables["pairings"]))
    yield show("figure-5", key_figures.figure_05, key_figures.figure_05_data(tables["key_figures"]))
    yield show("figure-8", s.draw_counts, s.counts_data(counts, "salience"))
    yield show("result-phases", s.draw_counts, s.counts_data(counts, "phases", side="LAC"))
    yield show("box-2", data_table, tabulation.box_data(tables["boxes"], tables["pairings"], 2))
    yield show("table-2", tabulation.table_02, tabulation.table_02_data(tables["swot"]))
    yield show("annex", data_table, tabulation.annex_data(tables["pairings"]))


def test_an_exhibit_is_translated_fits_and_has_the_same_data(
    processed: Tables,
    raw: Tables,
    topology: Topology,
    in_accents: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = {}
    for locale in ("en", "es"):
        in_accents(locale)
        monkeypatch.setenv(paths.OUTPUT_VARIABLE, str(tmp_path / locale))
        shown[locale] = list(drawn(processed, topology))
    names = names_of(processed, raw)
    for english, theirs in zip(shown["en"], shown["es"], strict=True):
        assert untranslated(theirs.html, english.html, names) == []
        assert english.about["exhibit"] == theirs.about["exhibit"]
    files = sorted((tmp_path / "en").rglob("*.csv"))
    assert len(files) >= len(shown["en"])
    for file in files:
        assert (tmp_path / "es" / file.relative_to(tmp_path / "en")).read_bytes() == file.read_bytes(), file.name
    page = (tmp_path / "es" / "tables" / "table-2.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page


def listed(tables: Tables, raw: Tables) -> Iterator[Shown]:
    """Show what is no exhibit: listings, the survey's tables, the ledger and the raw rows."""
    yield listing(tables["components"][["order", "level", "objective"]], "Components of the programme")
    yield listing(tables["themes"][["order", "theme"]], "Main themes of the pairings")
    yield listing(tables["corrections"][["printed", "cleaned", "reason"]], "Names that cleaning changed")
    yield listing(tables["abbreviations"][["abbreviation", "meaning", "listed"]], "Abbreviations", english=True)
    yield listing(claims_present.verdict_counts(tables["claims"]), "Statements by verdict")
    yield listings.list_fixed_counts(tables["survey_counts"])
    yield listings.list_claims(tables["claims"], "contradicted")
    yield listings.list_all_claims(tables["claims"])
    yield raw_rows(raw)


def test_listings_and_the_ledger_are_translated(
    processed: Tables, raw: Tables, in_accents: Callable[[str], None]
) -> None:
    shown = {}
    for locale in ("en", "es"):
        in_accents(locale)
        shown[locale] = list(listed(processed, raw))
    names = names_of(processed, raw)
    for english, theirs in zip(shown["en"], shown["es"], strict=True):
        assert untranslated(theirs.html, english.html, names) == []
        assert ' lang="' not in english.html
    statement = BeautifulSoup(shown["es"][-2].html, "html.parser").find(string=re.compile("^The IUC Programme has"))
    assert statement is not None
    assert statement.find_parent(lang="en") is not None
    ids = [re.findall(r'\bid="([^"]+)"', one[-2].html) for one in shown.values()]
    assert ids[0] == ids[1], "an address is the same in every language"


def brief(found: Subject, tables: Tables, topology: Topology) -> Iterator[Shown]:
    claims = ledger.find_claims(found, tables)
    yield content.describe_subject(found)
    yield places.draw_place_map(found, tables, topology)
    yield from (show_(found, tables) for show_ in (content.list_pilots, content.list_boxes))
    yield ledger.list_claims(found, claims)
    yield from (show_(found, tables) for show_ in (answers.list_ranges, answers.list_fixed, answers.describe_origin))
    yield content.list_sources(found, tables, claims)


@pytest.mark.parametrize("name", ["cioeste-bielsko-biala", "mexico"])
def test_briefs_are_translated(
    processed: Tables, raw: Tables, topology: Topology, in_accents: Callable[[str], None], name: str
) -> None:
    shown, slots = {}, {}
    for locale in ("en", "es"):
        in_accents(locale)
        found = find_subject(name, processed)
        shown[locale], slots[locale] = list(brief(found, processed, topology)), slot_values(found)
    names = names_of(processed, raw)
    for english, theirs in zip(shown["en"], shown["es"], strict=True):
        assert untranslated(theirs.html, english.html, names) == []
    same = {key for key, value in slots["en"].items() if slots["es"][key] == value}
    assert same <= {"brief_pairings", "brief_title"}


@pytest.mark.build
def test_a_spanish_report_is_spanish(built: Project, translated: Project, processed: Tables, raw: Tables) -> None:
    folder = translated.root / "reports" / "builds" / "published-es"
    names = names_of(processed, raw)
    for page in ("index.html", "html/01_clean.html"):
        theirs = (folder / page).read_text(encoding="utf-8")
        english = (built.root / "reports" / page).read_text(encoding="utf-8")
        assert '<html lang="es">' in theirs
        assert untranslated(theirs, english, names) == [], page
    for file in sorted((built.root / "reports").rglob("*.csv")):
        own = folder / file.relative_to(built.root / "reports")
        assert own.read_bytes() == file.read_bytes(), own.name
    for file in sorted((built.root / "data" / "processed").glob("*.csv")):
        assert (folder / "processed" / file.name).read_bytes() == file.read_bytes(), file.name
