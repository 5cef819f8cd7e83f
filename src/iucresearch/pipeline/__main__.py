"""The one entry of the pipeline: `python -m iucresearch.pipeline`.

Make says which notebooks are stale; without any named, all are run.
"""

from __future__ import annotations

import argparse
import os

from iucresearch import language, paths
from iucresearch.pipeline import program


def main(arguments: list[str] | None = None) -> int:
    """Run and export notebooks; return 0, or 2 with one line where that was not possible."""
    return program.told(lambda: _build(_options(arguments)))


def _build(options: argparse.Namespace) -> int:
    os.environ[language.VARIABLE] = language.checked(options.locale)
    paths.keep_to_own_cache()
    if options.run or (options.run is None and options.export is None):
        from iucresearch.pipeline import forking

        # The kernels' parent imports while this process does.
        forking.warm_up()
    from iucresearch.pipeline.build import build

    build(options.variant, options.run, options.export, options.survey, options.locale, options.released)
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m iucresearch.pipeline", description=__doc__)
    parser.add_argument("--variant", default="", metavar="NAME", help="reads params/NAME.yaml")
    parser.add_argument("--survey", default="", metavar="FILE", help="a respondent-level export of the survey")
    parser.add_argument("--released", default="", metavar="FOLDER", help="the counts that a release is made from")
    parser.add_argument("--locale", default=language.ENGLISH, metavar="NAME", help="en, es or pt")
    parser.add_argument("--run", nargs="*", metavar="STEM", help="notebooks to run; all, unless named")
    parser.add_argument("--export", nargs="*", metavar="STEM", help="notebooks whose pages to write; all that were run")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    program.run(main, interrupted="the last finished report is untouched.")
