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
