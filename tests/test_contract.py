"""`make lint` checks who may import whom, by the contracts of `pyproject.toml`."""

import sys
from pathlib import Path

LINTER = str(Path(sys.prefix, "bin", "lint-imports"))
#: A forbidden import in a module, and the contract that it breaks.
FORBIDDEN = (
    ("reissue/core/paths.py", "from iucresearch import exhibits", "The machinery knows no report"),
    ("reissue/core/files.py", "from reissue.ledger import judge", "A lower part of the machinery"),
    ("iucresearch/clean.py", "from reissue.survey import verdicts", "Cleaning and showing judge nothing"),
    ("reissue/build/build.py", "from reissue.answers import counts", "Only the entry point reads answers"),
    ("iucresearch/notebook.py", "from iucresearch import edition", "Only the entry point knows the edition"),
)


def test_contracts_hold_and_each_names_a_forbidden_import(project):
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(FORBIDDEN)} kept, 0 broken." in done.stdout
    for module, planted, _ in FORBIDDEN:
        path = project.root / "src" / module
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{planted}\n", encoding="utf-8")
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 1, done.stdout + done.stderr
    for module, planted, contract in FORBIDDEN:
        assert any(contract in line for line in done.stdout.splitlines() if "BROKEN" in line), done.stdout
        importer, imported = module.removesuffix(".py").replace("/", "."), planted.split()[1]
        assert f"{importer} -> {imported}" in done.stdout


def test_a_new_part_of_the_machinery_needs_a_place_in_the_layers(project):
    part = project.root / "src" / "reissue" / "somewhere"
    part.mkdir()
    (part / "__init__.py").write_text("", encoding="utf-8")
    done = project.run(LINTER, "--no-cache")
    assert done.returncode == 1
    assert "reissue.somewhere" in done.stdout
