"""`make report SURVEY=file`: a separate build, marked, which opens with what the answers change."""

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


@pytest.mark.build
def test_the_page_opens_with_what_changed_and_is_marked(
    project: Project, raw: dict[str, pd.DataFrame], survey_model, tmp_path: Path
) -> None:
    # An export as a researcher would have it: nothing in it shows that it is synthetic.
    export = tmp_path / "true answers $(touch x) é.xlsx"
    given = draw_datasets(survey_model.questionnaire, 1, 4).build_answers(0)
    business = given.index[(given["question"] == "motivation") & (given["option"] == "business")][0]
    given.loc[business, "option"] = "sharing"
    write_workbook(export, given, read_mapping(paths.MAPPING, raw["questions"], raw["options"]), alias="IUC-LAC")
    done = project.run("make", "-o", ".venv/installed", "report", f"SURVEY={export}")
    assert done.returncode == 0, done.stdout + done.stderr
    build = project.root / "reports" / "builds" / "answers"
    pages = {path.name: path.read_text(encoding="utf-8") for path in [build / "index.html", *build.glob("html/*.html")]}
    assert len(pages) == len(read_order().needs) + 1
    assert all("Not for release" in text for text in pages.values())
    whole = pages["index.html"]
    assert "SYNTHETIC" not in whole
    # Prose that these answers contradict has a note; a published build would stop.
    note = "What this paragraph is based on does not hold in this configuration."
    assert note in pages["04_survey.html"]
    assert note not in pages["03_programme.html"]
    assert whole.index('id="changes"') < whole.index('id="overview"')
    first = re.search(
        r'<tbody>\s*<tr><th scope="row"><a href="html/06b_ledger[.]html#(claim-[^"]+)"',
        whole[whole.index('id="changes"') :],
    )
    assert first is not None
    assert first[1] == "claim-p17-business-motivation", "what the answers contradict comes first"
    assert f'id="{first[1]}"' in pages["06b_ledger.html"]
    figure = pd.read_csv(build / "figures" / "figure-6.csv").set_index(["label", "side"])
    assert figure.at[("New business opportunities", "all"), "feasible"] == 2
    assert (figure["least"] == figure["most"]).all()
    for text in [*pages.values(), *(p.read_text(encoding="utf-8") for p in build.glob("executed/*.ipynb"))]:
        assert str(export.parent) not in text
    assert not (project.root / "reports" / "index.html").exists()
    assert not (project.root / "data" / "processed").exists()
    assert not list(project.root.rglob("x")), "a file's name is text, never a command"
