import shutil
from pathlib import Path

import pytest

from reissue.core import paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/raw."""
    return Path(shutil.copytree(paths.RAW, tmp_path / "raw"))
