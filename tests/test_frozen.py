"""The build leads to the same data as before: nothing that code changes may change them unnoticed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests import frozen
from tests.conftest import Project


def test_data_tables_verdicts_sets_and_facts_are_those_on_record(built: Project) -> None:
    found, recorded = frozen.hashes(built.root / "reports", built.root / "data" / "processed"), frozen.recorded()
    changed = sorted(name for name in found.keys() | recorded.keys() if found.get(name) != recorded.get(name))
    assert not changed, f"changed, new or gone: {', '.join(changed)}; see tests/frozen.py"


def test_a_changed_cell_or_verdict_changes_its_own_hash_alone(built: Project, tmp_path: Path) -> None:
    reports, processed = tmp_path / "reports", tmp_path / "processed"
    for folder in ("figures", "tables", "survey"):
        shutil.copytree(built.root / "reports" / folder, reports / folder)
    shutil.copy(built.root / "reports" / "claims.csv", reports)
    shutil.copytree(built.root / "data" / "processed", processed)
    before = frozen.hashes(reports, processed)
    figure, ledger = reports / "figures" / "figure-6.csv", reports / "claims.csv"
    figure.write_text(figure.read_text().replace("17,14,17", "17,13,17", 1))
    ledger.write_text(ledger.read_text().replace(",unverifiable,", ",consistent,", 1))
    after = frozen.hashes(reports, processed)
    assert {name for name in after if after[name] != before[name]} == {"figures/figure-6.csv", "verdicts"}
