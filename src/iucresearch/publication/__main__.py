"""`make metadata`: renew the files outside this package that repeat its metadata."""

from __future__ import annotations

from iucresearch import paths
from iucresearch.paths import shown
from iucresearch.pipeline import program
from iucresearch.publication.repeated import renew


def main() -> int:
    """Renew the files and say which; return 2 with one line if that was not possible."""
    return program.told(_main)


def _main() -> int:
    renewed = renew(paths.ROOT)
    print(
        "\n".join(f"Renewed: {shown(path)}" for path in renewed) or "CITATION.cff and the data package are up to date."
    )
    return 0


if __name__ == "__main__":
    program.run_here(main)
