"""What `import iucresearch` offers, and what it does not load for that."""

import json
import subprocess
import sys

import pytest

import iucresearch
from iucresearch.edition import EDITION

#: What a new Python has of the package once it is imported.
CODE = """
import json, sys
import iucresearch
public = [name for name in dir(iucresearch) if not name.startswith("_")]
slow = ("pandas", "numpy", "matplotlib", "IPython", "reissue.core.tables")
counts = iucresearch.survey.allowed_counts("22%", 32)
loaded = [name for name in slow if name in sys.modules]
tables = iucresearch.explore.table.__name__
print(json.dumps([public, iucresearch.__version__, counts, loaded, tables]))
"""


def test_public_names_are_listed_and_imported_late():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    public, version, counts, loaded, tables = json.loads(done.stdout)
    assert public == ["describe", "explore", "load", "survey", "tables"]
    assert version == EDITION.metadata["version"]
    assert counts == [7]
    assert loaded == []
    assert tables == "table"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'iucresearch' has no attribute 'lode'"):
        _ = iucresearch.lode
