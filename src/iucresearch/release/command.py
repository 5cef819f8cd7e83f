"""`make release`: check what is typed, then make a release."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from iucresearch import language, paths
from iucresearch.errors import InputError


def make_release(survey: str, text: str, locale: str) -> int:
    """Make a release from a file of answers, `text` being the size limit; return 0, or 1 where its audit failed.

    Raises
    ------
    InputError
        If the file, the limit or the language is not in order.
    """
    os.environ[language.VARIABLE] = language.checked(locale)
    if not survey:
        raise InputError("a file is missing", where="SURVEY", remedy="type make release SURVEY=file")
    if not (text.isascii() and text.isdigit() and int(text[:9]) >= 2 and len(text) < 9):
        raise InputError(
            f"{text!r} is not allowed", where="LIMIT", expected="a whole number of at least 2", remedy="choose one"
        )
    paths.keep_to_own_cache()
    # It takes a second to import: who mistyped need not wait.
    from iucresearch.release.bundle import BuildFailed, release

    try:
        return release(Path(survey), int(text), locale)
    except BuildFailed as error:
        print("iucresearch: nothing is released.", file=sys.stderr)
        return int(error.args[0])
