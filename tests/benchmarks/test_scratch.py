"""A copy to build, and the first difference between what two ways made."""

import os

import pytest

from benchmarks import peers, timing
from benchmarks.report import WAYS, WholeWay, read_made, time_whole
from benchmarks.scratch import Scratch
from reissue.build.order import Order
from reissue.review.compare import find_first_difference
from tests.reissue.build.mini import Mini


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A copy of the small project, not built."""
    folder = tmp_path_factory.mktemp("bench")
    return Scratch(folder / "scratch", Mini(folder / "mini").root)


def test_both_sides_have_the_same_variables(scratch):
    assert scratch.variables["PYTHONHASHSEED"] == "0"
    assert scratch.variables["JUPYTER_DATA_DIR"] == str(scratch.root / ".cache" / "jupyter" / "data")
    assert scratch.variables["PYTHONPATH"] == str(scratch.root / "src")
    assert not any(name.startswith("MAKE") for name in scratch.variables)
    assert scratch.python("-c", "import iucresearch; print(iucresearch.__file__)").startswith(str(scratch.root))


def test_a_program_that_fails_is_one_line(scratch):
    with pytest.raises(timing.Refused, match=r"^python\S* -c .* ended with 1: ValueError: no$"):
        scratch.python("-c", "raise ValueError('no')")


def test_the_limit_makes_what_the_build_makes(scratch, monkeypatch):
    monkeypatch.setattr(timing, "ROUNDS", 0)  # both sides run, and are compared
    other = WholeWay("nothing", 1, lambda project, out: lambda: (out / "html" / "01_clean.html").touch())
    limit, nothing = time_whole(scratch, {"report-limit": WAYS["report-limit"], "nothing": other})
    assert (limit.goal, limit.not_run) == (1.3, "")
    assert nothing.is_refused
    assert nothing.not_run == "the two sides differ: only ours has html/04_survey.html"

    made = read_made(scratch.root / "report-limit")
    assert {"index.html", "html/04_survey.html", "tables/table-2.csv", "processed/values.csv"} < set(made)
    assert b"all\n" in made["html/04_survey.html"], "what a cell prints"
    spoilt = made | {"tables/table-2.csv": made["tables/table-2.csv"].replace(b"20", b"21")}
    found = find_first_difference(scratch.saved() | scratch.pages(), spoilt)
    assert found.startswith("tables/table-2.csv, line ")

    out = scratch.empty("only")
    scratch.python("-m", "benchmarks.limit", str(out), "--only", "05_outlook")
    made = read_made(out)
    assert {name.split("/")[0] for name in made} == {"html", "index.html", "making.html", "tables"}
    assert made.items() < (scratch.saved() | scratch.pages()).items()


# The peers


def test_snakemake_has_a_rule_for_each_notebook_with_what_it_needs():
    text = peers.write_snakefile(Order({"a": (), "b": ("a",)}, ("b", "a")), "../notebooks")
    assert text.startswith("rule all:\n    input: ['html/a.html', 'html/b.html']\n")
    assert text.count("\nrule notebook_") == 2
    assert "    input: ['../notebooks/b.ipynb', 'executed/a.ipynb']\n" in text
    assert " --cwd ../notebooks ../notebooks/b.ipynb executed/b.ipynb && " in text


def test_peers_that_cannot_be_installed_say_why(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "PACKAGES", tmp_path / "bench-packages")
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(timing.NotRun, match=r"No matching distribution found for "):
        peers.install_packages()
