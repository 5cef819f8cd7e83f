"""A copy of the second edition, `tests/second`, to build: a small report of three quick notebooks."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reissue
from tests.conftest import Project, once

SECOND = Path(__file__).with_name("second")
MACHINERY = Path(reissue.__file__).parent
#: The build of each language.
BUILDS = {"en": "reports", "es": "reports/builds/published-es"}


class Second(Project):
    """A copy of the second edition; it uses this checkout's machinery."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(SECOND, root)

    def python(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        places = f"{self.root / 'src'}:{MACHINERY.parent}"
        return self.run(sys.executable, *arguments, PYTHONPATH=places, **variables)

    def command(self, verb: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "librarysurvey", verb, *arguments, **variables)

    def page(self, locale: str) -> str:
        return (self.root / BUILDS[locale] / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def second(shared: Path) -> Second:
    """The second edition, built in both languages; made once for all workers."""

    def make(project: Second) -> None:
        for locale in BUILDS:
            done = project.pipeline("--locale", locale)
            assert done.returncode == 0, done.stdout + done.stderr
            assert "not translated" not in done.stdout

    return once(shared, "second", make, Second, Second)
