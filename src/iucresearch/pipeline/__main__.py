"""The one entry of the pipeline: `python -m iucresearch.pipeline`.

Make says which notebooks are stale; without any named, all are run.
"""

from __future__ import annotations

import argparse
import signal
import sys

from iucresearch import paths
from iucresearch.errors import InputError, of_disk

NOT_RUN, INTERRUPTED = 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run and export notebooks; return 0, or 2 with one line where that was not possible."""
    options = _options(arguments)
    try:
        # Both take a while, in which somebody may think better of it: the kernels' parent imports meanwhile.
        paths.keep_to_own_cache()
        if options.run or (options.run is None and options.export is None):
            from iucresearch.pipeline import forking

            forking.warm_up()
        from iucresearch.pipeline.build import build

        build(options.variant, options.run, options.export, options.survey)
    except InputError as error:
        print(f"iucresearch: {error}", file=sys.stderr)
        return NOT_RUN
    except OSError as error:
        print(f"iucresearch: {of_disk(error)}", file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("iucresearch: interrupted; the last finished report is untouched.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m iucresearch.pipeline", description=__doc__)
    parser.add_argument("--variant", default="", metavar="NAME", help="reads params/NAME.yaml")
    parser.add_argument("--survey", default="", metavar="FILE", help="a respondent-level export of the survey")
    parser.add_argument("--run", nargs="*", metavar="STEM", help="notebooks to run; all, unless named")
    parser.add_argument("--export", nargs="*", metavar="STEM", help="notebooks whose pages to write; all that were run")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    # Ended by somebody else, it still stops its kernel and takes its folder away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
