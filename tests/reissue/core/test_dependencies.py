"""A process records what it reads of a project."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reissue.core import paths


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("data/a.csv", "data/b.csv", ".cache/c", "helper.py", "sub/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


def observe(root: Path, code: str) -> dict[str, Any]:
    """Run some code in a project's folder, in a process that observes itself; return its report."""
    program = (
        f"import sys; sys.path[:0] = ['.', {str(paths.ROOT / 'src')!r}]\n"
        f"from reissue.core import dependencies\ndependencies.observe({str(root)!r}, 'reissue')\n{code}\n"
        f"print(dependencies.report({str(root)!r}, 'reissue'))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("code", "files", "folders"),
    [
        ("open('data/a.csv')", ["data/a.csv"], []),
        ("import os; os.close(os.open(b'data/a.csv', os.O_RDONLY))", ["data/a.csv"], []),
        ("from pathlib import Path; Path('data/../data/a.csv').read_text()", ["data/a.csv"], []),
        ("try: open('data/none.csv')\nexcept OSError: pass", ["data/none.csv"], []),
        ("open('data/new.csv', 'w').write('x')", [], []),
        ("open('.cache/c'); open('/dev/null')", [], []),
        ("import os; os.chdir('data'); open('a.csv')", ["data/a.csv"], []),
        ("from pathlib import Path; sorted(Path('data').glob('*.csv'))", [], ["data"]),
        ("import os; os.listdir(); list(os.scandir('sub'))", [], [".", "sub"]),
        ("import pkgutil, importlib.metadata as m; [*pkgutil.iter_modules(['data'])], [*m.entry_points()]", [], []),
        ("with dependencies.pause(): open('data/a.csv')\nopen('data/b.csv')", ["data/b.csv"], []),
    ],
)
def test_files_and_folders_are_recorded(root: Path, code: str, files: list[str], folders: list[str]) -> None:
    found = observe(root, code)
    assert (found["files"], found["folders"]) == (files, folders)


def test_modules_tables_and_texts_are_recorded(root: Path) -> None:
    found = observe(root, "import helper, json; d = dependencies; d.tables.add('claims'); d.texts.add(('one', 'many'))")
    assert {"helper.py", "dependencies.py"} <= {Path(file).name for file in found["modules"]}
    assert not any("json" in file for file in found["modules"])
    assert (found["tables"], found["texts"]) == (["claims"], [["one", "many"]])


def test_files_of_packages_count_wherever_they_are_installed(root: Path) -> None:
    template = paths.ROOT / "src" / "reissue" / "templates" / "page.html"
    found = observe(root, f"open({str(template)!r}); open({str(paths.ROOT / 'pyproject.toml')!r})")
    assert found["files"] == [str(template)]
