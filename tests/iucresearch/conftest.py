"""What tests of briefs and figures share: the subject of a brief, and the boundaries of countries."""

import pytest

from iucresearch.briefs.subject import find_subject
from reissue.core import paths
from reissue.drawing.geo import read_topology


@pytest.fixture(scope="session")
def find(processed):
    return lambda name: find_subject(name, processed)


@pytest.fixture(scope="session")
def topology():
    return read_topology(paths.RAW / "geography" / "countries-50m.json")
