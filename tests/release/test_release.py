"""`make release SURVEY=file`, once from beginning to end; what it says where it cannot be made; files tampered with."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from iucresearch.draws import drawn
from iucresearch.intake.export import read_columns
from iucresearch.intake.mapping import default_mapping
from iucresearch.intake.workbook import write_workbook
from iucresearch.package import csv_text
from iucresearch.release.allowed import Allowed
from iucresearch.release.audit import stated_wrongly
from iucresearch.release.bundle import contents
from iucresearch.release.counts import read_released
from tests.conftest import Project, once
from tests.pipeline.mini import copied

FREE_TEXT = "Our office in Bielsko was closed by the flood, so that I answered from home. Ask Maria Nowakowska!"
#: What the third respondent wrote, by column.
PLANTED = {
    "What would you change?": FREE_TEXT,
    "Contribution ID": "3f0c-77aa-9912",
    "User name": "maria.nowakowska@example.org",
    "Creation date": "2019-04-17 11:52:03",
}
Files = dict[str, bytes]
#: What is open about one answer, as files have it.
RANGE = ";".join(map(str, range(8)))
OPEN = f"Any other kind,EU,17,0,7,{RANGE}"


def with_identifiers(workbook: Path, path: Path) -> None:
    """Write an export as CSV, with cells in it that tell who somebody is."""
    columns = {one.header: list(map(str, one.cells)) for one in read_columns(workbook).columns}
    rows = len(columns["User name"])
    columns["Contribution ID"] = [f"3f0c-77aa-{number:04}" for number in range(rows)]
    order = [*list(columns)[:-6], "What would you change?", *list(columns)[-6:]]
    columns["What would you change?"] = [""] * rows
    for header, text in PLANTED.items():
        columns[header][2] = text
    path.write_text(csv_text(pd.DataFrame({header: columns[header] for header in order})), encoding="utf-8")


@pytest.fixture(scope="module")
def survey(shared: Path) -> Path:
    return shared / "answers of $(touch x) 1984.csv"


@pytest.fixture(scope="module")
def released(shared: Path, survey: Path, raw: dict[str, pd.DataFrame], survey_bench) -> Project:
    """A project with a release of answers that contradict the report; made once for all workers. Do not change it.

    It has one brief and no variant: how variants come into a release is tested with builds of a file each, and what
    the audit says of one below.
    """

    def make(project: Project) -> None:
        given = drawn(survey_bench.survey, 1, 4).answers(0)
        # Nobody names business: the report says that three do.
        given.loc[(given["question"] == "motivation") & (given["option"] == "business"), "option"] = "sharing"
        workbook = shared / "drawn.xlsx"
        write_workbook(workbook, given, default_mapping(raw["questions"], raw["options"]), alias="IUC-LAC")
        with_identifiers(workbook, survey)
        (project.root / "params" / "lac.yaml").unlink()
        project.replace("src/iucresearch/release/bundle.py", 'survey, "briefs", ', 'survey, "briefs", "--only=chile", ')
        done = project.make("release", f"SURVEY={survey}")
        assert done.returncode == 0, done.stdout + done.stderr

    return once(shared, "released", make)


@pytest.fixture
def bundle(released: Project) -> Files:
    return dict(contents(released.root / "reports" / "release"))


@pytest.fixture
def allowed(bundle: Files, released: Project) -> Allowed:
    path = released.root / "reports" / "release" / "processed" / "survey_counts.csv"
    return Allowed(pd.read_csv(path, dtype=dict.fromkeys(("options", "feasible", "tables", "fixed_by"), "str")))


@pytest.mark.build
def test_a_release_is_whole_and_nothing_else_is_left(released: Project, bundle: Files) -> None:
    wanted = {"index.html", "released.csv", "held-back.csv", "release.json", "claims.csv", "survey/feasible.csv"}
    assert wanted <= set(bundle)
    assert {"figures/figure-6.csv", "executed/04_survey.ipynb", "html/04_survey.html", "briefs/chile.html"} <= set(
        bundle
    )
    assert not [name for name in bundle if ".made" in name or name.endswith("build.json")]
    made = sorted(path.name for path in (released.root / "reports").iterdir())
    assert made in (["release"], ["builds", "release"])
    assert not list((released.root / "reports").glob("builds/*"))
    assert not (released.root / ".cache" / "release").exists()
    assert not list(released.root.rglob("x")), "a file's name is text, never a command"


@pytest.mark.build
def test_pages_say_what_they_are_and_what_is_held_back(bundle: Files) -> None:
    pages = {name: content.decode() for name, content in bundle.items() if name.endswith(".html")}
    inside = [text for name, text in pages.items() if "/tables/" not in f"/{name}"]
    assert all("no group of fewer than 5 respondents" in text and "Not for release" not in text for text in inside)
    whole = pages["index.html"]
    held = pd.read_csv(pd.io.common.BytesIO(bundle["held-back.csv"]))
    assert whole.count("could be told from it") == (held["reason"] == "small").sum() > 10
    assert whole.index('id="changes"') < whole.index('id="held-back"') < whole.index('id="overview"')


@pytest.mark.build
def test_released_counts_are_exact_and_all_others_are_the_reports(
    bundle: Files, released: Project, processed: dict[str, pd.DataFrame]
) -> None:
    told = read_released(released.root / "reports" / "release").counts.set_index(["question", "options", "side"])
    assert told.at[("motivation", "business", "all"), "count"] == 0
    counts = pd.read_csv(released.root / "reports" / "release" / "processed" / "survey_counts.csv", dtype="str")
    keys = ["question", "options", "side"]
    now = counts[counts["reading"] == "literal"].set_index(keys)["feasible"]
    before = processed["survey_counts"]
    before = before[before["reading"] == "literal"].set_index(keys)["feasible"]
    assert {key: now[key] for key in told.index} == told["count"].astype("str").to_dict()
    held = [key for key in now.index if key[0] == "organisation"]
    assert len(held) == 24
    assert now[held].to_dict() == before[held].to_dict()


@pytest.mark.build
def test_what_the_released_counts_contradict_is_marked(bundle: Files) -> None:
    claims = pd.read_csv(pd.io.common.BytesIO(bundle["claims.csv"])).set_index("id")
    claim = claims.loc["p17-business-motivation"]
    assert claim["verdict"] == "contradicted"
    assert "released-motivation-" in claim["evidence"]


@pytest.mark.build
def test_nothing_of_who_answered_is_in_any_file(bundle: Files, survey: Path) -> None:
    for text in (*PLANTED.values(), FREE_TEXT[:40], "Nowakowska", survey.name, str(survey.parent), "3f0c-77aa-0001"):
        assert [name for name, content in bundle.items() if text.encode() in content] == [], text


# Planted in finished files.


def changed(files: Files, name: str, old: str, new: str) -> Files:
    assert old in files[name].decode(), f"{old!r} is not in {name}"
    return {name: files[name].decode().replace(old, new).encode()}


@pytest.mark.build
def test_honest_files_pass(bundle: Files, allowed: Allowed) -> None:
    assert stated_wrongly(bundle, allowed, is_synthetic=False) == []


@pytest.mark.build
def test_honest_files_of_a_variant_pass(built: Project, processed: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """Of one side is what two notebooks show; all else is taken from the build of both."""
    project = copied(built, tmp_path / "project")
    build = project.root / "reports" / "builds" / "lac"
    shutil.move(project.root / "reports", tmp_path / "made")
    shutil.move(project.root / "data" / "processed", tmp_path / "made" / "processed")
    build.parent.mkdir(parents=True)
    shutil.move(tmp_path / "made", build)
    for listed in (build / ".made").glob("*.mk"):
        text = listed.read_text(encoding="utf-8").replace("reports/", "reports/builds/lac/")
        listed.write_text(text.replace("data/processed/", "reports/builds/lac/processed/"), encoding="utf-8")
    done = project.pipeline("--variant", "lac", "--run", "03_programme 04_survey")
    assert done.returncode == 0, done.stdout + done.stderr
    files = dict(contents(build))
    assert (b",LAC," in files["figures/figure-6.csv"], b",EU," in files["figures/figure-6.csv"]) == (True, False)
    assert stated_wrongly(files, Allowed(processed["survey_counts"]), is_synthetic=False) == []


@pytest.mark.build
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("figures/result-organisations.csv", OPEN, "Any other kind,EU,17,3,3,3"),
        ("survey/feasible.csv", f"organisation,other,EU,literal,{RANGE}", "organisation,other,EU,literal,3"),
        ("html/04_survey.html", "Any other kind: 0 to 7 of 32", "Any other kind: 3 of 32"),
        ("index.html", f"<td>{RANGE}</td>", "<td>3</td>"),
        ("executed/04_survey.ipynb", OPEN, "Any other kind,EU,17,3,3,3"),
        ("briefs/chile.html", "<td>0 to 2</td>", "<td>2, fixed</td>"),
        ("html/09_small_groups.html", "<td>2 to 4</td>", "<td>3</td>"),
    ],
)
def test_a_count_that_does_not_follow_is_found(bundle: Files, allowed: Allowed, name: str, old: str, new: str) -> None:
    (found, *_) = stated_wrongly(changed(bundle, name, old, new), allowed, is_synthetic=False)
    assert found.startswith(name)


@pytest.mark.build
def test_a_count_in_the_data_to_save_is_found(bundle: Files, allowed: Allowed) -> None:
    page = bundle["index.html"].decode()
    data = re.search(r'base64,([A-Za-z0-9+/=]+)" download="figure-7.csv"', page)
    assert data is not None
    text = base64.b64decode(data[1]).decode()
    assert "Very familiar,LAC,15," in text
    planted = re.sub(r"Very familiar,LAC,15,.*", "Very familiar,LAC,15,2,2,2", text)
    files = {"index.html": page.replace(data[1], base64.b64encode(planted.encode()).decode()).encode()}
    assert any("figure-7.csv" in line for line in stated_wrongly(files, allowed, is_synthetic=False))


def test_a_file_that_cannot_be_read_is_not_let_through(processed: dict[str, pd.DataFrame]) -> None:
    allowed = Allowed(processed["survey_counts"])
    assert stated_wrongly({"survey/0001.xlsx": b"PK"}, allowed, is_synthetic=False) == [
        "survey/0001.xlsx: a kind of file that the audit cannot read"
    ]


# Where it cannot be made.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "SURVEY: a file is missing. type make release SURVEY=file."),
        (["--survey=nothing.xlsx"], "nothing.xlsx: there is no such file"),
        (["--survey=odd.csv"], "there is no column of the respondents' side"),
        (["--survey=x", "--smallest=1"], "LIMIT: '1' is not allowed. expected a whole number of at least 2"),
        (["--survey=x", "--smallest=-3"], "LIMIT: '-3' is not allowed"),
        (["--survey=x", "--smallest=five"], "LIMIT: 'five' is not allowed"),
        (["--survey=x", "--locale=xx"], "LOCALE: there is no language 'xx'"),
    ],
)
def test_what_cannot_be_released_is_one_line_and_nothing_is_made(
    project: Project, arguments: list[str], said: str
) -> None:
    (project.root / "odd.csv").write_text("a\n1\n")
    done = project.command("release", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert not (project.root / "reports").exists()


def test_the_builds_of_a_release_have_names_of_their_own(project: Project) -> None:
    (project.root / "params" / "release.yaml").write_text("side: EU\n")
    done = project.pipeline("--variant", "release")
    assert done.returncode == 2
    assert "would be the name of another build" in done.stderr
