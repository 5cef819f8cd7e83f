"""The reviewer's rerun: `python -m iucresearch.review`, under `make review`."""

from __future__ import annotations

import argparse

from iucresearch.pipeline import program


def main(arguments: list[str] | None = None) -> int:
    """Review; return 0 where all came out again, 1 where not, 2 with one line where that could not be found out."""
    parser = argparse.ArgumentParser(prog="python -m iucresearch.review", description=__doc__)
    parser.add_argument("--exhibit", default="", metavar="ID", help="one exhibit alone, such as figure-6")
    options = parser.parse_args(arguments)

    def work() -> int:
        from iucresearch.review.reviewing import review

        return review(options.exhibit)

    return program.told(work)


def _end() -> None:
    from iucresearch import copies
    from iucresearch.review import rerun

    copies.end_all()
    rerun.sweep()


if __name__ == "__main__":
    program.run(main, interrupted="nothing was reviewed.", ending=_end)
