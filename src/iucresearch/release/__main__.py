"""The entry of `make release`: `python -m iucresearch.release`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from iucresearch import language, paths
from iucresearch.errors import InputError
from iucresearch.pipeline import program
from iucresearch.survey.small import SMALLEST


def main(arguments: list[str] | None = None) -> int:
    """Make a release; return 0, 1 where its audit failed, or 2 with one line where it could not be made."""
    return program.told(lambda: _release(_options(arguments)))


def _release(options: argparse.Namespace) -> int:
    os.environ[language.VARIABLE] = language.checked(options.locale)
    if not options.survey:
        raise InputError("a file is missing", where="SURVEY", remedy="type make release SURVEY=file")
    text = options.smallest
    if not (text.isascii() and text.isdigit() and int(text[:9]) >= 2 and len(text) < 9):
        raise InputError(
            f"{text!r} is not allowed", where="LIMIT", expected="a whole number of at least 2", remedy="choose one"
        )
    paths.keep_to_own_cache()
    # It takes a second to import: who mistyped need not wait.
    from iucresearch.release.bundle import BuildFailed, release

    try:
        return release(Path(options.survey), int(text), options.locale)
    except BuildFailed as error:
        print("iucresearch: nothing is released.", file=sys.stderr)
        return int(error.args[0])


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m iucresearch.release", description=__doc__)
    parser.add_argument("--survey", default="", metavar="FILE", help="a respondent-level export of the survey")
    parser.add_argument(
        "--smallest", default=str(SMALLEST), metavar="N", help="the size from which a group is not small"
    )
    parser.add_argument("--locale", default=language.ENGLISH, metavar="NAME", help="en, es or pt")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    program.run_here(main, interrupted="nothing is released.")
