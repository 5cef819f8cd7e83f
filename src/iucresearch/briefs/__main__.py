"""The entry of `make briefs`: `python -m iucresearch.briefs`."""

from __future__ import annotations

from iucresearch.pipeline import program


def main() -> int:
    """Write briefs, as `writing.main` does."""
    # It imports for a while, in which somebody may think better of it.
    from iucresearch.briefs import writing

    return writing.main()


if __name__ == "__main__":
    program.run(main, interrupted="briefs that were written stay.")
