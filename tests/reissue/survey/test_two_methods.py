"""The same sets by two methods that share nothing: counting layer by layer, and a mixed-integer model in HiGHS."""

from hypothesis import HealthCheck, example, given, settings

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import feasible
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import list_counts
from tests.reissue.survey.highs import Model
from tests.reissue.survey.small import Small, small_systems

#: A form with gaps that the bounds of single cells do not show.
GAPS = Small({"c0": 3, "c1": 3}, {"t0": {"c0": 1, "c1": 1}}, [("", [[({"c0": 2, "c1": -1}, frozenset({-2, 0, 4}))]])])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@example(small=GAPS)
@given(small=small_systems())
def test_small_systems(small):
    system = small.system()
    assert Model(system).feasible() == feasible(system)


def find_shape(system):
    """What makes a system another one, whatever its names: many questions are alike."""
    place = {name: number for number, name in enumerate(system.cells)}

    def rename(form):
        return tuple((place[cell], factor) for cell, factor in form)

    statements = (
        tuple(tuple((rename(one.form), one.allowed) for one in pairs) for pairs in statement.alternatives)
        for statement in system.statements
    )
    return tuple(system.cells.values()), tuple(map(rename, system.totals.values())), tuple(statements)


def test_the_report(raw):
    survey = build_questionnaire(raw)
    shapes = set()
    for interpretation in (Interpretation(), Interpretation(tight=True)):
        known = len(shapes)
        for cluster in survey.clusters:
            system = survey.build_system(cluster, interpretation)
            for one in (one for question in cluster for one in list_counts(survey, question)):
                if one.name not in system.cells:
                    system.total(one.name, dict(one.form))
            if find_shape(system) not in shapes:
                shapes.add(find_shape(system))
                # The largest system has many cells that are alike.
                found, expected = feasible(system), Model(system).feasible(step=1 + len(system.cells) // 50)
                assert {name: found[name] for name in expected} == expected, cluster
        assert known < len(shapes) < known + len(survey.clusters)
