"""Named values: computed from the tables, one name once."""

from iucresearch import values


def test_names_are_unique_identifiers_known_without_data(processed):
    names = values.names()
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    assert processed["values"]["name"].tolist() == list(names)


def test_values_follow_the_tables(processed):
    shorter = {**processed, "pairings": processed["pairings"].iloc[:-1], "swot": processed["swot"].iloc[:-1]}
    before = processed["values"].set_index("name")["value"]
    after = values.named_values(shorter).set_index("name")["value"]
    changed = set(before.index[before != after])
    assert changed == {"pairings", "partners", "threats"}


def test_values_that_the_report_prints(processed):
    known = {"pairings": "20", "lac_countries": "6", "eu_countries": "10", "themes": "7", "pilots": "10"}
    known |= {"respondents": "32", "respondents_eu": "17", "respondents_lac": "15", "business": "3"}
    known["familiar_eu"] = "13"
    found = processed["values"].set_index("name")["value"]
    assert found[list(known)].to_dict() == known
