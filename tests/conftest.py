"""Fixtures that several test modules share: the tables, and builds that are made once for all workers."""

import csv
import fcntl
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import hypothesis
import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from iucresearch.analysis import analyse
from iucresearch.clean import clean
from iucresearch.notebook import load_raw
from iucresearch.questionnaire import build_questionnaire
from reissue.build import pdf
from reissue.build.fingerprints import digest
from reissue.build.records import FOLDER
from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.errors import InputError
from reissue.core.language import languages
from reissue.core.vocabulary import ENGLISH
from reissue.review.checkout import link_environment
from reissue.survey.verdicts import SurveyModel

mpl.use("agg")
# Examples have no deadline, as machines differ, and are the same in every run.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True)
hypothesis.settings.load_profile("project")

#: `make test-faults` multiplies the number of trials.
TRIALS = int(os.environ.get("IUCRESEARCH_TRIALS", "1"))
#: Languages in which the whole report is built.
TRANSLATED = sorted(set(languages()) - {ENGLISH})[: None if TRIALS > 1 else 1]
#: Properties of tests: the kind of fault that one tries, and the same when it ended in the identical report.
FAULT, WHOLE = "fault", "whole"
#: What a build reads of a checkout.
PARTS = ("data/raw", "notebooks", "params", "src", "tools")
FILES = ("Makefile", "pyproject.toml", "requirements.lock")


#: Files that take longest. With `--dist loadfile` they start first, so that no worker has one left when the other ends;
#: neighbours use different builds, so that neither waits for the other's.
LONGEST = (
    "tests/test_browser.py",
    "tests/reissue/build/test_mending.py",
    "tests/test_untrusted_input_pages.py",
    "tests/reissue/build/test_make.py",
    "tests/reissue/lab/test_lab.py",
    "tests/reissue/build/test_briefs.py",
    "tests/reissue/survey/test_results.py",
    "tests/reissue/build/test_pdf.py",
    "tests/reissue/review/test_review.py",
    "tests/reissue/build/test_survey_file.py",
    "tests/reissue/survey/test_two_methods.py",
    "tests/iucresearch/figures/test_survey.py",
    "tests/reissue/core/test_language.py",
    "tests/test_tutorial.py",
    "tests/test_second_edition.py",
    "tests/test_environment.py",
    "tests/test_mutation.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files that take longest."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.location[0], len(LONGEST)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the trials of each kind of fault, and those after which a plain `make report` gave the identical report."""
    properties = [
        dict(report.user_properties)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    counts = {name: Counter(one[name] for one in properties if name in one) for name in (FAULT, WHOLE)}
    if counts[FAULT]:
        terminalreporter.section("faults, then a plain make report")
        terminalreporter.write_line(f"{'trials':>8}  {'identical report':>16}")
        for fault, number in sorted(counts[FAULT].items()):
            terminalreporter.write_line(f"{number:>8}  {counts[WHOLE][fault]:>16}  {fault}")


@pytest.fixture(scope="session")
def raw() -> dict[str, pd.DataFrame]:
    return load_raw()


@pytest.fixture(scope="session")
def processed(raw: dict[str, pd.DataFrame], shared: Path) -> dict[str, pd.DataFrame]:
    """The processed tables, analysed once for all workers."""
    kept = shared / "processed.pickle"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            cleaned = clean(raw)
            kept.write_bytes(pickle.dumps(cleaned | analyse(raw, cleaned)))
    found: dict[str, pd.DataFrame] = pickle.loads(kept.read_bytes())
    return found


@pytest.fixture(autouse=True)
def _receive_signals() -> None:
    """Restore the handling of signals: what a test starts would inherit those that this process ignores."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


class Project:
    """A copy of the project in a folder of its own, with this checkout's environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Compiled Python is copied, too: compiling takes a second.
        for part in PARTS:
            shutil.copytree(paths.ROOT / part, root / part)
        for name in FILES:
            shutil.copy(paths.ROOT / name, root / name)
        self.link_environment()

    def link_environment(self) -> None:
        """Make a `.venv` whose Python is this one, but imports the copy's source, with the programs of this one."""
        link_environment(self.root)
        for program in Path(sys.prefix, "bin").iterdir():
            if program.name != "python":
                (self.root / ".venv" / "bin" / program.name).symlink_to(program)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), **variables}
        # The tests may run under `make test`: the variables of that Make are not for this one.
        makes = ("PYTHONDONTWRITEBYTECODE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
        for name in (*makes, paths.OUTPUT_VARIABLE, paths.PROCESSED_VARIABLE):
            environment.pop(name, None)
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=600
        )

    def pipeline(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.command("report", *arguments, **variables)

    def command(self, verb: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "iucresearch", verb, *arguments, **variables)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        # Make must never install from within a test: `-o` says that the environment is up to date.
        return self.run("make", "-o", ".venv/installed", *arguments, **variables)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="session")
def survey_model(raw: dict[str, pd.DataFrame]) -> SurveyModel:
    """The statements about the survey, each judged once."""
    return SurveyModel(build_questionnaire(raw))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


P = TypeVar("P", bound=Project)


def once(
    folder: Path, name: str, make: Callable[[P], None], start: Callable[[Path], P] = Project, kind: type[P] = Project
) -> P:
    """Return a project that is copied and built once for all workers."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / f"{name}.ok").exists():
            project = object.__new__(kind)
            project.root = folder / name
            return project
        shutil.rmtree(folder / name, ignore_errors=True)
        project = start(folder / name)
        make(project)
        (folder / f"{name}.ok").touch()
    return project


@pytest.fixture(scope="session")
def pdf_engine() -> None:
    """Skip tests that need WeasyPrint or its libraries where they are missing; the line names what is missing."""
    try:
        pdf._import_weasyprint()
    except InputError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def built(shared: Path) -> Project:
    """A project with its published configuration built; made once for all workers. Do not change it."""

    def make(project: Project) -> None:
        done = project.make("report")
        assert done.returncode == 0, done.stdout + done.stderr

    return once(shared, "built", make)


@pytest.fixture(scope="session")
def translated(shared: Path) -> Project:
    """A project with the report in Spanish, and in the other languages too for `make test-faults`.

    It is made once for all workers. Do not change it.
    """

    def make(project: Project) -> None:
        for locale in TRANSLATED:
            done = project.make("report", f"LOCALE={locale}")
            assert done.returncode == 0, done.stdout + done.stderr

    return once(shared, "translated", make)


@pytest.fixture(scope="session")
def with_briefs(built: Project, shared: Path) -> Project:
    """A copy of the built project that has three briefs; made once for all workers. Do not change it."""

    from tests.reissue.build.mini import copied

    def make(project: Project) -> None:
        accept(project, *shorten_programme(project.root / "data" / "processed", "peru"))
        done = project.make("briefs")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        assert done.stdout == "3 briefs are ready: reports/briefs/index.html\n"

    return once(shared, "with-briefs", make, lambda root: copied(built, root))


def accept(project: Project, *changed: Path) -> None:
    """Let a build take files that a test has changed for files that it made."""
    for path in (project.root / "reports" / FOLDER).glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        for file in changed:
            place = file.relative_to(project.root).as_posix()
            if place in record["products"]:
                record["products"][place] = digest(file.read_bytes())
        path.write_text(json.dumps(record), encoding="utf-8")


def shorten_programme(folder: Path, country: str) -> list[Path]:
    """Leave one pairing of a country in processed tables, its two countries, and no claims; return the files."""
    frames = {name: pd.read_csv(folder / f"{name}.csv", dtype="str") for name in ("pairings", "countries", "claims")}
    home = frames["countries"].set_index("slug").at[country, "country"]
    pairing = frames["pairings"][frames["pairings"]["lac_country"] == home].iloc[:1]
    partners = pairing[["lac_country", "eu_country"]].iloc[0].tolist()
    countries = frames["countries"][frames["countries"]["country"].isin(partners)]
    shortened = {"pairings": pairing, "countries": countries, "claims": frames["claims"].iloc[:0]}
    for name, frame in shortened.items():
        (folder / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")
    return [folder / f"{name}.csv" for name in shortened]


@dataclass
class Poisoned:
    """A build of data with the corpus: what was planted, what was written elsewhere, which warnings were printed."""

    project: Project
    planted: dict[str, list[str]]
    briefs: list[str]
    written: list[str]
    warnings: str


@pytest.fixture(scope="session")
def poisoned(shared: Path) -> Poisoned:
    """The report and two briefs from data with the whole corpus; made once for all workers. Do not change it."""
    from tests.poison import files_around, plant

    around = shared / "poisoned"
    for name in ("home", "tmp"):
        (around / name).mkdir(parents=True, exist_ok=True)
    kept = shared / "poisoned.json"

    def make(project: Project) -> None:
        planted = plant(project.root)
        before = files_around(project)
        own = {"HOME": str(around / "home"), "TMPDIR": str(around / "tmp"), "XDG_CACHE_HOME": ""}
        done = project.make("report", **own)
        assert done.returncode == 0, done.stdout + done.stderr
        with (project.root / "data" / "processed" / "pairings.csv").open(encoding="utf-8", newline="") as file:
            slugs = [row["slug"] for row in csv.DictReader(file) if row["slug"]]
        briefs = [slugs[2], "argentina"]
        brief = project.make("briefs", "ONLY=" + " ".join(briefs), **own)
        assert brief.returncode == 0, brief.stdout + brief.stderr
        after = files_around(project)
        written = sorted(name for name in before | after if before.get(name) != after.get(name))
        made = {"planted": planted, "briefs": briefs, "written": written, "warnings": done.stderr + brief.stderr}
        kept.write_text(json.dumps(made), encoding="utf-8")

    project = once(around, "project", make)
    return Poisoned(project, **json.loads(kept.read_text(encoding="utf-8")))
