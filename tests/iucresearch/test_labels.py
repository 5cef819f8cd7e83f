"""The names of questions and counts distinguish them, in every language."""

import pytest

from iucresearch.exhibits import EXHIBITS
from iucresearch.labels import BY_QUESTION, count_names, question_title
from reissue.core.language import languages, use_language


@pytest.mark.parametrize("locale", languages())
def test_no_two_questions_and_no_two_counts_of_a_side_have_one_name(processed, locale):
    rows, counts = processed["questions"].to_dict("records"), processed["survey_counts"]
    with use_language(locale):
        titles = [question_title(row["group"], row["title"]) for row in rows]
        names = counts.assign(name=count_names(counts))
    assert len(set(titles)) == len(titles) > 20
    assert not names.duplicated(["name", "side", "reading"]).any()


def test_a_short_title_begins_with_its_exhibits():
    assert question_title("phases", "Governance") == "Relevance of each phase of Smart Specialisation, Governance"
    with use_language("es"):
        assert (
            question_title("phases", "Governance")
            == "Relevancia de cada fase de la Especialización Inteligente, Gobernanza"
        )


def test_groups_of_several_questions_have_an_exhibit(processed):
    size = processed["questions"].groupby("group").size()
    assert set(size[size > 1].index) == set(BY_QUESTION) <= {item.about for item in EXHIBITS}
