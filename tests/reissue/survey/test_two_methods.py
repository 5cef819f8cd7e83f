"""The same sets by two methods that share nothing: counting layer by layer, and a mixed-integer model in HiGHS."""

from hypothesis import HealthCheck, example, given, settings

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import feasible
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import list_counts
from tests.reissue.survey.highs import Model
from tests.reissue.survey.small import Small, small_systems

#: A form whose gaps no bounds of single cells show.
GAPS = Small({"c0": 3, "c1": 3}, {"t0": {"c0": 1, "c1": 1}}, [("", [[({"c0": 2, "c1": -1}, frozenset({-2, 0, 4}))]])])


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@example(small=GAPS)
@given(small=small_systems())
def test_small_systems(small):
    system = small.system()
    assert Model(system).feasible() == feasible(system)


def clusters(survey, reading=Interpretation()):  # noqa: B008
    """The systems of the survey by their shape: questions about steps of support are often alike."""
    found = {}
    for cluster in survey.clusters:
        system = survey.build_system(cluster, reading)
        for question in cluster:
            for one in list_counts(survey, question):
                if one.name not in system.cells:
                    system.total(one.name, dict(one.form))
        place = {name: number for number, name in enumerate(system.cells)}
        shape = (
            tuple(system.cells.values()),
            tuple(tuple((place[cell], factor) for cell, factor in form) for form in system.totals.values()),
            tuple(
                tuple(
                    tuple((tuple((place[cell], factor) for cell, factor in one.form), one.allowed) for one in pairs)
                    for pairs in said.alternatives
                )
                for said in system.statements
            ),
        )
        found.setdefault(shape, (cluster, system))
    return found


def test_the_survey(raw):
    survey = build_questionnaire(raw)
    literal = clusters(survey)
    assert len(literal) < len(survey.clusters)
    # Read tightly, most questions stay as they are: what differs is compared too.
    tight = {shape: one for shape, one in clusters(survey, Interpretation(tight=True)).items() if shape not in literal}
    assert tight
    for cluster, system in (*literal.values(), *tight.values()):
        assert Model(system).feasible() == feasible(system), cluster
