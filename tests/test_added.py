"""What a newcomer adds, as the README describes it: a raw table and exhibits of each kind that the report lacks.

One build of the second edition has all of it, in a variant and in another language.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from iucresearch.exhibits import EXHIBITS as REPORT
from reissue.build.ipynb import read_notebook
from reissue.exhibits.registry import exhibit_table
from tests.conftest import Project, once
from tests.second_edition import Second, second

__all__ = ["second"]

pytestmark = pytest.mark.build

TABLE = "volunteers"
CSV = "id,section,page,side,volunteers\nstaff,2,3,Staff,3\nguests,2,3,Guests,5\n"
MODULE = '''"""Volunteers by group."""

import matplotlib.pyplot as plt

from reissue.drawing.described import described_by


def figure_09_data(table):
    """Return one row per group: side, volunteers."""
    return table[["side", "volunteers"]]


def figure_09_alt(data):
    """Describe the bars."""
    return "Bars: " + ", ".join(f"{side} {n}" for side, n in zip(data["side"], data["volunteers"]))


@described_by(figure_09_alt)
def figure_09(data, *, ax=None):
    """Draw a bar per group."""
    ax = ax or plt.subplots()[1]
    ax.barh(data["side"], data["volunteers"])
    return ax
'''
#: Ids of the added exhibits, with title and whether each is a picture.
EXHIBITS = {
    "figure-9": ("Volunteers on a stage", True),
    "table-3": ("Volunteers in a table", False),
    "box-5": ("Volunteers in a box", False),
    "result-volunteers": ("Volunteers counted", True),
}
PROSE = "See {figure_9} of volunteers."
OWN = ("table-1", "figure-1", "result-places")
BUILD = "reports/builds/staff-es"
#: Publishes a build after another, and compares it with itself, as `make publish` and the review do.
PUBLISH = """
import sys
from pathlib import Path
from librarysurvey.edition import EDITION
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


def paste_entry(descriptor: Path, printed: str) -> None:
    """Paste the entry that an error has printed where it says: below the line that begins the list of resources."""
    entry = printed[printed.index("    {") : printed.rindex("},") + 2]
    text, first = descriptor.read_text(encoding="utf-8"), '  "resources": [\n'
    assert text.count(first) == 1
    descriptor.write_text(text.replace(first, f"{first}{entry}\n"), encoding="utf-8")


def add_exhibits(project: Project) -> None:
    """Pass the table on, draw it, register the exhibits and show them."""
    package = "src/librarysurvey"
    project.replace(f"{package}/clean.py", '"readings")', f'"readings", "{TABLE}")')
    (project.root / package / f"{TABLE}.py").write_text(MODULE, encoding="utf-8")
    lines = "".join(
        f'    Exhibit("{id_}", "{title}", "2", 3, "This edition", "2_results", ("{TABLE}",), "added",'
        f" is_picture={is_picture}),\n"
        for id_, (title, is_picture) in EXHIBITS.items()
    )
    project.replace(f"{package}/exhibits.py", "EXHIBITS = (\n", f"EXHIBITS = (\n{lines}")
    path = project.root / "notebooks" / "2_results.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = f"from librarysurvey.{TABLE} import figure_09, figure_09_data"
    shown = [
        f'show("{id_}", {"figure_09" if is_picture else "data_table"}, figure_09_data(load("{TABLE}")))'
        for id_, (_, is_picture) in EXHIBITS.items()
    ]
    for number, source in enumerate([code, *shown]):
        cell = {"cell_type": "code", "id": f"added-{number}", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].append({**cell, "source": source})
    notebook["cells"].append({"cell_type": "markdown", "id": "added-prose", "metadata": {}, "source": PROSE})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def add_variant(project: Project) -> None:
    """Let the third notebook have a parameter, and give a variant another value of it."""
    choices = '{"side": {"all": "All visitors", "Staff": "Staff"}}'
    project.replace("src/librarysurvey/edition.py", "exhibits=EXHIBITS,", f"exhibits=EXHIBITS, choices={choices},")
    (project.root / "params").mkdir()
    (project.root / "params" / "staff.yaml").write_text("side: Staff\n", encoding="utf-8")
    path = project.root / "notebooks" / "3_statements.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    tagged = {"cell_type": "code", "id": "side", "metadata": {"tags": ["parameters"]}, "outputs": []}
    notebook["cells"].insert(1, {**tagged, "execution_count": None, "source": 'side: str = "all"'})
    path.write_text(json.dumps(notebook), encoding="utf-8")


@dataclass
class Extended:
    """The edition with what was added, the folder of its build, and status and output of its commands."""

    project: Second
    folder: Path
    printed: dict[str, tuple[int, str]]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def extended(shared):
    """The second edition to which a newcomer has added a table and exhibits, built; made once for all workers."""
    kept = shared / "extended.json"

    def make(project: Second) -> None:
        printed = {}

        def command(name: str, *arguments: str) -> None:
            done = project.command(*arguments)
            printed[name] = done.returncode, done.stdout + done.stderr

        (project.root / "data" / "raw" / f"{TABLE}.csv").write_text(CSV, encoding="utf-8")
        command("refused", "report")
        command("checksums refused", "checksums")
        paste_entry(project.root / "data" / "raw" / "datapackage.json", printed["refused"][1])
        command("checksums", "checksums")
        add_exhibits(project)
        add_variant(project)
        command("report", "report", "--variant", "staff", "--locale", "es")
        kept.write_text(json.dumps(printed), encoding="utf-8")

    project = once(shared, "extended", make, Second, Second)
    return Extended(project, project.root / BUILD, json.loads(kept.read_text(encoding="utf-8")))


def test_the_table_of_exhibits_leaves_out_what_is_added():
    item = replace(REPORT[0], id="figure-9", reproduction="added")
    assert exhibit_table([*REPORT, item]).equals(exhibit_table(REPORT))


def test_an_unlisted_table_is_an_error_with_the_entry_that_lists_it(extended):
    for command in ("refused", "checksums refused"):
        status, printed = extended.printed[command]
        line, *entry = printed.splitlines()
        assert status == 2
        assert line.startswith("librarysurvey: data/raw/volunteers.csv: the descriptor does not list this file. ")
        assert (entry[0], entry[-1]) == ("    {", "    },")
    assert extended.printed["checksums"] == [0, "All checksums are up to date.\n"]
    status, printed = extended.printed["report"]
    assert status == 0, printed
    assert "Warning: data/raw/datapackage.json has texts that are still to be written" in printed


class TestExhibits:
    """What this edition adds puts no blame on the report, is listed by itself and has no badge."""

    def test_no_verdict_of_the_ledger_changes(self, extended, second):
        own = (second.root / "data" / "processed" / "claims.csv").read_bytes()
        assert (extended.folder / "processed" / "claims.csv").read_bytes() == own

    def test_it_is_listed_by_itself_and_the_lists_of_the_report_are_as_before(self, extended):
        overview = extended.text("index.html").partition('class="overview"')[2].partition("</section>")[0]
        *reports, (heading, rows) = re.findall(r"<caption>(.*?)</caption>(.*?)</table>", overview, re.S)
        listed = r'<th scope="row"><a href="#([\w-]+)"'
        assert sorted(name for _, own in reports for name in re.findall(listed, own)) == sorted(OWN)
        assert (heading, re.findall(listed, rows)) == ("Añadido por esta edición", list(EXHIBITS))
        assert "badge" not in rows
        assert "Datos de la página" in rows
        assert f"<li>{len(OWN)} de {len(OWN)} " in extended.text("making.html"), "counts are those of the report"

    def test_it_has_no_badge_but_its_origin_on_the_pages_and_in_the_crate(self, extended):
        for page in ("index.html", "html/2_results.html"):
            sections = re.findall(r'<section class="exhibit" id="([\w-]+)">(.*?)</section>', extended.text(page), re.S)
            for name in EXHIBITS:
                shown = dict(sections)[name]
                assert "badge" not in shown, name
                assert "<strong>Añadido por esta edición.</strong> El informe no tiene este elemento." in shown
                assert '#row-volunteers-staff">' in shown
        about = {one["@id"]: one for one in json.loads(extended.text("ro-crate-metadata.json"))["@graph"]}
        for name in ("figures/figure-9.csv", "tables/table-3.csv", "tables/box-5.csv", "figures/result-volunteers.svg"):
            assert about[name]["description"] == "Añadido por esta edición. El informe no tiene este elemento"
            assert about[name]["isBasedOn"] == {"@id": "#data/raw/volunteers.csv"}

    def test_publishing_and_reviewing_take_it(self, extended, second, tmp_path):
        folders = (second.root, extended.folder, tmp_path / "published")
        done = extended.project.python("-c", PUBLISH, *map(str, folders))
        assert done.returncode == 0, done.stderr
        assert "Figure 9 (added by this edition), how far it is reproduced: nothing → added" in done.stdout
        number, ours = len(OWN), len(EXHIBITS)
        assert f"verdicts: ['identical'] {number + ours}" in done.stdout
        assert "names: ['Figure 9 (added by this edition)', 'Table 3 (added by this edition)', " in done.stdout
        summary = f"summary: {number} of {number} exhibits and {ours} of {ours} that this edition adds rebuilt"
        assert summary in done.stdout


def test_the_cover_and_every_page_name_the_variant_in_their_language(extended, second):
    name = '<p class="variant"><strong>Variante staff:</strong> Personal</p>'
    page = extended.text("index.html")
    assert name in page[page.index("<header>") : page.index("</header>")]
    for path in (extended.folder / "index.html", *sorted((extended.folder / "html").glob("*.html"))):
        text = path.read_text(encoding="utf-8")
        assert text.count(name) == text.count('class="variant"') == 1
        assert re.search(r"<title>[^<]+ \(variante staff\)</title>", text)
    for path in (second.root / "reports").rglob("*.html"):
        assert 'class="variant"' not in path.read_text(encoding="utf-8"), path.name


def test_one_line_counts_the_texts_that_are_still_english(extended):
    (line,) = [line for line in extended.printed["report"][1].splitlines() if "not translated" in line]
    missing = int(re.match(r"es: (\d+) of \d+ texts are not translated \(make catalogues lists them in ", line)[1])
    kept = read_notebook(extended.folder / "executed" / "2_results.ipynb").metadata["reissue"]["untranslated"]
    # Four titles, their source, and a cell of prose; figures name what is in the table, too.
    assert {"Volunteers on a stage", "Volunteers counted", "This edition", PROSE} <= set(kept)
    # Pages name the table, too.
    assert missing == len(kept) + 1
