"""What is timed is the real thing: a generated ledger has the real one's verdicts, copy by copy."""

from benchmarks import survey
from reissue.ledger import judge


def test_a_generated_ledger_has_the_verdicts_of_the_real_one(raw, processed, survey_model):
    claims = raw["claims"]
    many = survey.generated(claims, 2 * len(claims))
    assert len(many) == 2 * len(claims)
    assert many["id"].is_unique
    verdicts = judge(many, processed, raw["readings"], survey_model)["verdict"].tolist()
    assert verdicts == 2 * processed["claims"]["verdict"].tolist()
