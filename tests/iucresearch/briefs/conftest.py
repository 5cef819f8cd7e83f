"""The real tables as briefs read them, and one subject each."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from iucresearch.briefs.subject import Subject, find_subject
from reissue.core import paths
from reissue.drawing.geo import Topology, read_topology


@pytest.fixture(scope="session")
def find(processed: dict[str, pd.DataFrame]) -> Callable[[str], Subject]:
    return lambda name: find_subject(name, processed)


@pytest.fixture(scope="session")
def topology() -> Topology:
    return read_topology(paths.RAW / "geography" / "countries-50m.json")
