"""The machinery knows no report: it builds a second edition, `tests/second`, and names nothing of the first."""

import re
from io import StringIO

import pandas as pd
import pytest

from reissue.build.links import find_broken_links
from reissue.build.order import read_order
from tests.second_edition import BUILDS, MACHINERY, SECOND, Second, second

__all__ = ["second"]

GROUPS = ("all", "Students", "Staff", "Guests")
#: Texts of the page in each language.
TEXTS = {
    "en": ("Reading habits in a school library", "Table 1. Books by shelf", "Figure 1. How often visitors borrow"),
    "es": ("Un informe inventado, como ejemplo", "Tabla 1. Libros por estante", "Figura 1. Con qué frecuencia toman"),
}
#: The verdict on each statement of the ledger.
VERDICTS = {
    "visitors": "consistent",
    "shelves": "consistent",
    "weekly": "consistent",
    "guests": "undetermined",
    "books": "contradicted",
    "opened": "stated-once",
}
#: Names of the first report and its partners, of its exhibits and of its tables.
NAMES = (
    *("iucresearch", r"\bIUC", r"\bLAC\b", r"\bEU\b", "European Union", "Latin America", "Joint Research", "Argentina"),
    *("Smart Specialisation", "pairing", r"\bpilots?\b", r"\buptake\b", r"\bswot\b", r"\bterritor(y|ies)\b"),
    *(r"\bfigure[-_ ]0?[2-9]\b", r"\btable[-_ ]0?[2-9]\b", r"\bbox[-_ ]\d"),
)


def test_the_machinery_names_nothing_of_the_first_report():
    found = []
    for path in sorted(path for path in MACHINERY.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        # Comments of catalogues say where a text is from.
        kept = "#" if path.suffix in (".po", ".pot") else "\0"
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(kept)]
        patterns = re.compile("|".join((*NAMES, *map(re.escape, read_order().needs))), re.IGNORECASE)
        place = path.relative_to(MACHINERY).as_posix()
        found += [f"{place}: {line.strip()[:120]}" for line in (place, *lines) if patterns.search(line)]
    assert found == []


@pytest.mark.build
@pytest.mark.parametrize("locale", BUILDS)
def test_the_page_has_exhibits_verdicts_and_counts_in_its_language(second, locale):
    page = second.page(locale)
    assert f'<html lang="{locale}">' in page
    assert [text for text in TEXTS[locale] if text not in page] == []
    exhibits = dict(re.findall(r'<section class="exhibit" id="([\w-]+)">(.*?)</section>', page, re.DOTALL))
    assert exhibits.keys() == {"table-1", "figure-1", "result-places"}
    assert len(pd.read_html(StringIO(exhibits["result-places"]))[0]) == 2 * len(GROUPS)
    assert dict(re.findall(r'<tr id="claim-([\w-]+)" class="[^"]*">.*?<span class="badge ([\w-]+)">', page)) == VERDICTS
    assert not re.search("|".join(NAMES), re.sub(r"base64,[\w+/=]+", "", page))
    table = pd.read_csv(second.root / BUILDS[locale] / "figures" / "figure-1.csv")
    weekly = table[table["label"] == "Every week"]
    assert tuple(weekly["side"]) == GROUPS
    assert list(zip(weekly["n"], weekly["feasible"], strict=True)) == [(20, "8"), (12, "6"), (5, "1;2"), (3, "0;1")]


@pytest.mark.build
def test_a_report_needs_neither_survey_nor_ledger_nor_named_values(tmp_path):
    project = Second(tmp_path / "second")
    package, notebook = "src/librarysurvey", "notebooks/1_data.ipynb"
    project.replace(f"{package}/edition.py", 'questionnaire="librarysurvey.questionnaire:build_questionnaire",', "")
    project.replace(f"{package}/exhibits.py", "EXHIBITS = (", "EXHIBITS = REPORT = (")
    with (project.root / package / "exhibits.py").open("a", encoding="utf-8") as file:
        file.write("EXHIBITS = REPORT[:1]\n")
    project.replace(notebook, "from librarysurvey.analysis import analyse", "from librarysurvey.notebook import *")
    project.replace(notebook, "{**cleaned, **analyse(raw, cleaned)}", "{name: cleaned[name] for name in ['shelves']}")
    project.replace(notebook, "raw_rows(raw)", "show('table-1', data_table, cleaned['shelves'])")
    (project.root / "notebooks" / "order.toml").write_text(
        'page = ["1_data"]\n[needs]\n1_data = []\n', encoding="utf-8"
    )
    done = project.pipeline()
    assert done.returncode == 0, done.stderr
    page = project.page("en")
    assert re.findall(r'<section class="exhibit" id="([\w-]+)">', page) == ["table-1"]
    assert "the statements about the survey" not in page


@pytest.mark.build
class TestCommands:
    def test_a_second_run_does_nothing(self, second):
        done = second.pipeline("--locale", "es")
        assert (done.returncode, done.stdout) == (0, f"Nothing to do: {BUILDS['es']}/index.html is up to date.\n")

    def test_publishing_asks_for_no_known_answers_and_there_are_no_briefs(self, second):
        done = second.command("publish")
        assert done.returncode == 0, done.stdout + done.stderr
        assert (second.root / "reports" / "published" / "claims.csv").is_file()
        done = second.command("briefs")
        assert (done.returncode, done.stderr.partition(". ")[0]) == (2, "librarysurvey: this report has no briefs")

    @pytest.mark.usefixtures("pdf_engine")
    def test_a_site_has_every_language_data_and_links_that_lead_somewhere(self, second):
        done = second.command("site")
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"^The site is ready: reports/site/index\.html \(\d+ files, ", done.stdout, re.MULTILINE)
        site = second.root / "reports" / "site"
        files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        assert find_broken_links(files) == []
        for folder in BUILDS.values():
            assert {f"{folder}/{name}" for name in ("index.html", "making.html", "report.pdf", "claims.csv")} <= {
                *files
            }
            assert files[f"{folder}/index.html"] == (second.root / folder / "index.html").read_bytes()
        assert {"data/raw/datapackage.json", "data/processed/shelves.csv"} <= {*files}
        assert [name for name in files if ".made" in name or name.endswith("build.json")] == []
        assert not re.search(
            rb"<script(?! type=.application/ld)|https?:(?!//(doi|schema|creativecommons))", files["index.html"]
        )

        (second.root / "reports" / "index.html").unlink()
        (site / "left.txt").write_text("")
        assert second.command("site").returncode == 0
        assert not (site / "left.txt").exists()

    def test_the_files_of_the_repository_are_those_that_the_commands_write(self, tmp_path):
        project = Second(tmp_path / "second")
        for verb in ("checksums", "catalogues", "metadata"):
            done = project.command(verb)
            assert done.returncode == 0, done.stderr
        for path in sorted(path for path in SECOND.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            place = path.relative_to(SECOND)
            assert (project.root / place).read_bytes() == path.read_bytes(), place


@pytest.mark.browser
@pytest.mark.build
def test_axe_finds_nothing_and_the_page_requests_nothing(second):
    chromium = pytest.importorskip("tests.chromium", reason="needs Chromium")
    with chromium.started() as browser:
        for locale, look in zip(BUILDS, ("light wide", "dark narrow"), strict=True):
            visit = browser.open(second.root / BUILDS[locale] / "index.html")
            visit.show(*chromium.LOOKS[look])
            assert visit.violations() == []
            assert visit.outside_requests() == []
            assert visit.complaints() == []
