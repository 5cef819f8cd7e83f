"""The page on what printed numbers allow: its code prints the results that the page shows."""

import doctest
import re

import reissue.survey as package
from reissue.core import paths

PAGE = paths.ROOT / "docs" / "survey.md"


def blocks():
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_code_prints_what_the_page_says():
    # Later blocks use names of earlier ones.
    example = doctest.DocTestParser().get_doctest("\n".join(blocks()), {}, PAGE.name, str(PAGE), 0)
    output = []
    found = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(example, out=output.append)
    assert not found.failed, "".join(output)
    assert found.attempted > 15


def test_the_page_shows_every_public_name():
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in package.__all__ if name not in text] == []
