"""Processed tables as a build saves them."""

from pathlib import Path

import pandas as pd
import pytest

from reissue.core import paths
from reissue.exhibits.show import save_tables


@pytest.fixture(scope="session")
def saved(processed: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the saved tables. Do not change it."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(paths.OUTPUT_VARIABLE, raising=False)
        patch.setenv(paths.PROCESSED_VARIABLE, str(folder))
        save_tables(processed)
    return folder


@pytest.fixture
def processed_folder(saved: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, where this process reads it."""
    monkeypatch.delenv(paths.OUTPUT_VARIABLE, raising=False)
    monkeypatch.setenv(paths.PROCESSED_VARIABLE, str(saved))
    return saved
