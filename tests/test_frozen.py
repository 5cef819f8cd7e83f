"""The build leads to the recorded data: no change of code may change them unnoticed."""

from tests import frozen


def test_data_tables_verdicts_sets_and_facts_are_the_recorded_ones(built):
    reports, processed = built.root / "reports", built.root / "data" / "processed"
    found = frozen.hash_items([*frozen.list_files(reports, processed), *frozen.list_briefs(processed)])
    recorded = frozen.read_recorded()
    changed = sorted(name for name in found.keys() | recorded.keys() if found.get(name) != recorded.get(name))
    assert not changed, f"changed, new or gone: {', '.join(changed)}; see tests/frozen.py"


def test_a_changed_cell_or_verdict_changes_its_own_hash_alone(tmp_path):
    reports, processed = tmp_path / "reports", tmp_path / "processed"
    for name, text in (
        ("reports/figures/figure-6.csv", "label,n\na,17\n"),
        ("reports/claims.csv", "id,verdict,reading,evidence\na,consistent,,x\nb,stated-once,,y\n"),
        ("processed/swot.csv", "id\na\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = frozen.hash_items(frozen.list_files(reports, processed))
    for name, old, new in (("figures/figure-6.csv", "17", "16"), ("claims.csv", "stated-once", "consistent")):
        path = reports / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    after = frozen.hash_items(frozen.list_files(reports, processed))
    assert len(before) == 3
    assert {name for name in after if after[name] != before[name]} == {"figures/figure-6.csv", "verdicts"}
