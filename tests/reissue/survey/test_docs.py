"""The page on what printed numbers allow: its code prints the results that the page shows."""

import doctest
import re

import reissue.survey as package
from reissue.core import paths

PAGE = paths.ROOT / "docs" / "survey.md"


def test_the_code_prints_what_the_page_says_and_uses_every_public_name():
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in package.__all__ if name not in text] == []
    # Later blocks use names of earlier ones.
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(code, {}, PAGE.name, str(PAGE), 0)
    output = []
    found = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(example, out=output.append)
    assert not found.failed, "".join(output)
    assert found.attempted > 15
