"""What a newcomer adds, in one build: a table, exhibits of each kind, in a variant and a language of their own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iucresearch.exhibits import EXHIBITS
from reissue.build.ipynb import read_notebook
from reissue.exhibits.registry import KINDS
from tests import added
from tests.conftest import TRANSLATED, Project, once

pytestmark = pytest.mark.build
#: How the build is made: everything of this module in one, beside the published build.
BUILD, LOCALE, VARIANT = "lac-es", "es", "lac"
#: Publishes a build after another, and compares it with itself, as `make publish` and the review do.
PUBLISH = """
import sys
from pathlib import Path
from typing import Any
from iucresearch.edition import EDITION
from reissue.review.publish import list_changes
from reissue.review import review, verdicts
from reissue.review.baseline import read_baseline, read_build, write_baseline
before, build, folder = (Path(word) for word in sys.argv[1:])
old = read_build(EDITION.exhibits, before / "reports", before / "data" / "processed", {})
new = read_build(EDITION.exhibits, build, build / "processed", {})
print("\\n".join(list_changes(EDITION.exhibits, old, new)))
write_baseline(new, folder)
found = verdicts.judge_exhibits(EDITION.exhibits, read_baseline(folder), [new])
print("verdicts:", sorted({one.verdict for one in found}), len(found))
print("names:", [one.name for one in found if "added" in one.name])
print("summary:", review.summarise(EDITION.exhibits, found, [], []))
"""


@dataclass
class Extended:
    """The project with what was added, and what its programs said."""

    project: Project
    told: dict[str, list[Any]]

    @property
    def folder(self) -> Path:
        return self.project.root / "reports" / "builds" / BUILD

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def extended(shared: Path) -> Extended:
    """A project to which a newcomer has added a table and exhibits, built; made once for all workers."""
    kept = shared / "extended.json"

    def make(project: Project) -> None:
        told = {}
        added.write_table(project)
        for name, *command in (["refused", "report"], ["checksums refused", "checksums"]):
            done = project.make(*command)
            told[name] = done.returncode, done.stdout + done.stderr
        added.paste(project.root / "data" / "raw" / "datapackage.json", told["refused"][1])
        done = project.make("checksums")
        told["checksums"] = done.returncode, done.stdout + done.stderr
        added.add_exhibits(project)
        done = project.make("report", f"VARIANT={VARIANT}", f"LOCALE={LOCALE}")
        told["report"] = done.returncode, done.stdout + done.stderr
        kept.write_text(json.dumps(told), encoding="utf-8")

    project = once(shared, "extended", make)
    return Extended(project, json.loads(kept.read_text(encoding="utf-8")))


def sections(page: str) -> dict[str, str]:
    """Return the exhibits of a page by their ids."""
    found = re.findall(r'<section class="exhibit" id="([\w-]+)">(.*?)</section>', page, re.DOTALL)
    assert found
    return dict(found)


def lists(page: str) -> list[tuple[str, list[str], str]]:
    """Return the lists of exhibits: heading, ids, and the list itself."""
    overview = page[(start := page.index('class="overview"')) : page.index("</section>", start)]
    tables = re.findall(r"<caption>(.*?)</caption>(.*?)</table>", overview, re.DOTALL)
    return [(head, re.findall(r'<th scope="row"><a href="#([\w-]+)"', rows), rows) for head, rows in tables]


class TestTable:
    """A CSV in `data/raw` that the descriptor does not list is an error, with the entry to paste."""

    @pytest.mark.parametrize("program", ["refused", "checksums refused"])
    def test_a_table_that_is_not_listed_stops_a_build_in_one_line_that_blames_no_notebook(
        self, extended: Extended, program: str
    ) -> None:
        status, told = extended.told[program]
        line, *entry = told.splitlines()
        assert status == 2
        assert line.startswith("iucresearch: data/raw/volunteers.csv: the descriptor does not list this file. ")
        assert (entry[0], entry[-2]) == ("    {", "    },")
        assert entry[-1].startswith("make: ")

    def test_the_entry_is_whole_and_checksums_and_build_take_it(self, extended: Extended) -> None:
        assert extended.told["checksums"] == [0, "All checksums are up to date.\n"]
        status, told = extended.told["report"]
        assert status == 0, told
        assert "Warning: data/raw/datapackage.json has texts that are still to be written" in told


class TestExhibits:
    """What this edition adds puts no blame on the report, stands apart and has no badge."""

    def test_no_verdict_of_the_ledger_changes(self, extended: Extended, built: Project) -> None:
        for name in ("claims.csv", "exhibits.csv"):
            assert (extended.folder / "processed" / name).read_bytes() == (
                built.root / "data" / "processed" / name
            ).read_bytes()

    def test_its_list_is_apart_and_those_of_the_report_are_as_before(self, extended: Extended) -> None:
        *reports, (heading, ids, rows) = lists(extended.text("index.html"))
        assert [name for _head, names, _rows in reports for name in names] == [
            item.id for kind in KINDS for item in EXHIBITS if item.kind == kind
        ]
        assert (heading, ids) == ("Añadido por esta edición", list(added.EXHIBITS))
        assert "badge" not in rows
        assert "Datos de la página" in rows

    def test_it_has_no_badge_but_says_whose_it_is(self, extended: Extended) -> None:
        for page in ("index.html", "html/03_programme.html"):
            for name in added.EXHIBITS:
                own = sections(extended.text(page))[name]
                assert "badge" not in own, name
                assert "<strong>Añadido por esta edición.</strong> El informe no tiene este elemento." in own
                assert '#row-volunteers-eu">' in own

    def test_what_counts_exhibits_counts_those_of_the_report(self, extended: Extended) -> None:
        number = len(EXHIBITS)
        assert f"<li>{number} de {number} " in extended.text("index.html")

    def test_the_crate_has_its_files_and_says_whose_they_are(self, extended: Extended) -> None:
        crate = json.loads(extended.text("ro-crate-metadata.json"))["@graph"]
        about = {one["@id"]: one for one in crate}
        for name in ("figures/figure-9.csv", "tables/table-3.csv", "tables/box-5.csv", "figures/result-volunteers.svg"):
            assert about[name]["description"] == "Añadido por esta edición. El informe no tiene este elemento"
            assert about[name]["isBasedOn"] == {"@id": "#data/raw/volunteers.csv"}

    def test_publishing_and_reviewing_take_it(self, extended: Extended, built: Project, tmp_path: Path) -> None:
        folders = (built.root, extended.folder, tmp_path / "published")
        # The registry of that project is another than ours.
        python = str(extended.project.root / ".venv" / "bin" / "python")
        done = extended.project.run(python, "-c", PUBLISH, *map(str, folders))
        assert done.returncode == 0, done.stderr
        told = done.stdout
        assert "Figure 9 (added by this edition), how far it is reproduced: nothing → added" in told
        number, ours = len(EXHIBITS), len(added.EXHIBITS)
        assert f"verdicts: ['identical'] {number + ours}" in told
        assert "names: ['Figure 9 (added by this edition)', 'Table 3 (added by this edition)', " in told
        assert f"summary: {number} of {number} exhibits and {ours} of {ours} that this edition adds rebuilt" in told


class TestVariant:
    """The cover names the variant, in words of the page's language."""

    NAME = (
        '<p class="variant"><strong>Variante lac:</strong> '
        "solo personas encuestadas y territorios de América Latina</p>"
    )

    def test_the_cover_and_every_page_name_it(self, extended: Extended, built: Project) -> None:
        page = extended.text("index.html")
        cover = page[page.index("<header>") : page.index("</header>")]
        assert self.NAME in cover
        assert page.count('class="variant"') == 1
        assert re.search(r"<title>Smart Specialisation, [^<]+ \(variante lac\)</title>", page)
        for path in sorted((extended.folder / "html").glob("*.html")):
            text = path.read_text(encoding="utf-8")
            assert text.count(self.NAME) == 1
            assert re.search(r"<title>[^<]+ \(variante lac\)</title>", text)
        for path in (built.root / "reports").rglob("*.html"):
            assert 'class="variant"' not in path.read_text(encoding="utf-8"), path.name


class TestLanguage:
    """A build in another language says how many texts it leaves in English, those that no catalogue has among them."""

    def test_one_line_counts_them(self, extended: Extended) -> None:
        (line,) = [line for line in extended.told["report"][1].splitlines() if "not translated" in line]
        missing = int(re.match(r"es: (\d+) of \d+ texts are not translated \(make catalogues lists them in ", line)[1])
        kept = read_notebook(extended.folder / "executed" / "03_programme.ipynb").metadata["reissue"]["untranslated"]
        # Four titles, their source, and a cell of prose; figures speak of what is in the table, too.
        assert {"Volunteers on a stage", "Volunteers told", "This edition", "See {figure_9} of volunteers."} <= set(
            kept
        )
        assert missing == len(kept)

    def test_nothing_is_said_where_none_is_missing(self, translated: Project) -> None:
        for name in (f"published-{locale}" for locale in TRANSLATED):
            folder = translated.root / "reports" / "builds" / name / "executed"
            notebooks = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ipynb"))]
            assert notebooks
            assert not [text for text in notebooks if '"untranslated"' in text]
