"""`make bench`: time what readers wait for; medians of three rounds after a warm-up, ONLY=row for one."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

import pandas as pd

from iucresearch import paths
from iucresearch.claims import judge
from iucresearch.clean import clean
from iucresearch.data import load_raw
from iucresearch.files import write_text

ROUNDS = 3
#: Size of the generated ledgers: the second shows whether time grows with the number of claims.
SIZES = (10_000, 100_000)


def generated(claims: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return a ledger of `size` claims: copies of the real one, each leaning on its own copies."""
    copies = -(-size // len(claims))
    columns = ("id", "of", "claims")
    names = {column: claims[column].astype("object").fillna("") for column in columns}
    parts = []
    for copy in range(copies):
        renamed = {
            column: names[column].map(lambda text, c=copy: ";".join(f"{name}-{c}" for name in text.split(";") if name))
            for column in columns
        }
        parts.append(claims.assign(**renamed))
    return pd.concat(parts, ignore_index=True)


def timed(job: Callable[[], object]) -> float:
    """Return the median time of a job in seconds, after one round that does not count."""
    job()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def rows() -> dict[str, Callable[[], tuple[float, str]]]:
    """Return what can be timed, by name: each gives seconds and what was done."""
    raw = load_raw()
    tables = clean(raw)

    def ledger(size: int | None) -> tuple[float, str]:
        claims = generated(raw["claims"], size) if size else raw["claims"]
        return timed(lambda: judge(claims, tables, raw["readings"])), f"{len(claims)} claims judged"

    found: dict[str, Callable[[], tuple[float, str]]] = {"ledger": lambda: ledger(None)}
    for size in SIZES:
        found[f"ledger-{size}"] = lambda size=size: ledger(size)  # type: ignore[misc]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Time and print every row, or one; write `reports/bench.json`; return 2 for an unknown row."""
    parser = argparse.ArgumentParser(prog="python -m iucresearch.bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="ROW")
    only = parser.parse_args(arguments).only
    found = rows()
    if only and only not in found:
        print(f"iucresearch: there is no row {only!r}. expected one of {', '.join(found)}.", file=sys.stderr)
        return 2
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; medians of {ROUNDS} rounds after a warm-up")
    results = []
    for name in [only] if only else list(found):
        seconds, what = found[name]()
        results.append({"row": name, "seconds": round(seconds, 4), "what": what})
        print(f"  {name:<16} {seconds:8.3f} s  {what}", flush=True)
    write_text(
        paths.ROOT / "reports" / "bench.json", json.dumps({"machine": machine, "rows": results}, indent=2) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
