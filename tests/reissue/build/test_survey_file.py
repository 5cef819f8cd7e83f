"""`make report SURVEY=file`: a build apart, marked, opening with what the answers change; bad files make nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from reissue.answers.draws import draw_datasets
from reissue.answers.mapping import read_mapping
from reissue.answers.workbook import write_workbook
from reissue.build.order import read_order
from reissue.core import paths
from tests.conftest import Project


@pytest.fixture
def export(raw: dict[str, pd.DataFrame], survey_model, tmp_path: Path) -> Path:
    """An export as somebody would have it: nothing in it says that it is drawn."""
    path = tmp_path / "true answers $(touch x) é.xlsx"
    given = draw_datasets(survey_model.questionnaire, 1, 4).build_answers(0)
    business = given.index[(given["question"] == "motivation") & (given["option"] == "business")][0]
    given.loc[business, "option"] = "sharing"
    write_workbook(path, given, read_mapping(paths.MAPPING, raw["questions"], raw["options"]), alias="IUC-LAC")
    return path


@pytest.mark.build
def test_the_page_opens_with_what_changed_and_is_marked(project: Project, export: Path) -> None:
    done = project.run("make", "-o", ".venv/installed", "report", f"SURVEY={export}")
    assert done.returncode == 0, done.stdout + done.stderr
    build = project.root / "reports" / "builds" / "answers"
    pages = {path.name: path.read_text(encoding="utf-8") for path in [build / "index.html", *build.glob("html/*.html")]}
    assert len(pages) == len(read_order().needs) + 1
    assert all("Not for release" in text for text in pages.values())
    whole = pages["index.html"]
    assert "SYNTHETIC" not in whole
    assert whole.index('id="changes"') < whole.index('id="overview"')
    first = re.search(r'<tbody>\s*<tr><th scope="row"><a href="#(claim-[^"]+)"', whole[whole.index('id="changes"') :])
    assert first is not None
    assert first[1] == "claim-p17-business-motivation", "what the answers contradict comes first"
    assert f'id="{first[1]}"' in whole
    figure = pd.read_csv(build / "figures" / "figure-6.csv").set_index(["label", "side"])
    assert figure.at[("New business opportunities", "all"), "feasible"] == 2
    assert (figure["least"] == figure["most"]).all()
    for text in [*pages.values(), *(p.read_text(encoding="utf-8") for p in build.glob("executed/*.ipynb"))]:
        assert str(export.parent) not in text
    assert not (project.root / "reports" / "index.html").exists()
    assert not (project.root / "data" / "processed").exists()
    assert not list(project.root.rglob("x")), "a file's name is text, never a command"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.csv", b"A,B\n1,2\n", "other.csv"),
    ],
)
def test_a_bad_file_is_one_line_and_nothing_is_made(
    project: Project, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = project.pipeline("--survey", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("iucresearch: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert not (project.root / "reports").exists()


def test_a_variant_cannot_pass_for_a_build_from_answers(project: Project) -> None:
    (project.root / "params" / "answers.yaml").write_text("side: EU\n")
    done = project.pipeline("--variant", "answers")
    assert done.returncode == 2
    assert "would be the name of another build" in done.stderr
    (project.root / "params" / "other.yaml").write_text("answers: file.xlsx\n")
    done = project.pipeline("--variant", "other")
    assert done.returncode == 2
    assert "type SURVEY=file" in done.stderr
