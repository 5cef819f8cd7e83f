"""`make metadata`: renew the files outside this package that repeat its metadata."""

from __future__ import annotations

import sys

from iucresearch import paths
from iucresearch.errors import InputError
from iucresearch.paths import shown
from iucresearch.publication.repeated import renew


def main() -> int:
    """Renew the files and say which; return 2 with one line if that was not possible."""
    try:
        renewed = renew(paths.ROOT)
    except InputError as error:
        print(f"iucresearch: {error}", file=sys.stderr)
        return 2
    print(
        "\n".join(f"Renewed: {shown(path)}" for path in renewed) or "CITATION.cff and the data package are up to date."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
