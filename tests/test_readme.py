"""The README: short, its Python prints what it shows, its commands and links exist."""

import re
import sys
from pathlib import Path

from tests.conftest import Project

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_python_prints_what_it_shows(built: Project, tmp_path: Path):
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert block.count(">>> ") >= 5
    (tmp_path / "block.txt").write_text(block, encoding="utf-8")
    done = built.run(sys.executable, "-m", "doctest", str(tmp_path / "block.txt"))
    assert (done.returncode, done.stdout) == (0, "")


def test_its_commands_are_targets_and_its_links_are_files():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z-]+)(?=[`\s])", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / link).exists(), link


def test_it_is_short():
    assert len(README.splitlines()) <= 130
