"""The entry of `make briefs`: `python -m iucresearch.briefs`."""

from __future__ import annotations

import sys

from iucresearch.pipeline import program


def main() -> int:
    """Write briefs, as `writing.main` does."""
    # It imports for a while, in which somebody may think better of it.
    from iucresearch.briefs import writing

    return writing.main()


def _end() -> None:
    # What was not imported yet has left nothing.
    if "iucresearch.pipeline.briefs" in sys.modules:
        from iucresearch.pipeline import briefs

        briefs.discard()


if __name__ == "__main__":
    program.run(main, interrupted="briefs that were written stay.", ending=_end)
