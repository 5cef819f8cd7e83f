"""Rows about briefs: against the stock command lines, many of a made-up programme, and Dask's workers."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.peers import nbconvert, papermill
from benchmarks.scratch import Scratch
from benchmarks.timing import ROUNDS, NotRun, Refused, Row, Rows, seconds
from iucresearch.edition import EDITION
from reissue.build.kernels import forking
from reissue.core import datapackage, paths
from reissue.review.compare import find_first_difference

#: Briefs of the stock way: the rest of them would take as long each.
MEASURED = 10
FEW, MANY, SENT = 36, 1_000, 200
#: The part of many briefs that is timed at the beginning and at the end.
_PART = 300

Told = dict[str, Any]


def rows(built: Callable[[], Scratch]) -> Rows:
    """Return the rows, of a copy of the project."""

    @cache
    def many() -> Told | NotRun:
        try:
            return _many(built())
        except NotRun as reason:
            return reason

    def told() -> Told:
        found = many()
        if isinstance(found, NotRun):  # the other rows need not find out again
            raise found
        return found

    return {
        "briefs-36": lambda: _few(built()),
        "briefs-1000": lambda: _rate(told()),
        "briefs-flat": lambda: _flat(told()),
        "briefs-memory": lambda: _memory(told()),
        "briefs-dask": lambda: _dask(built()),
    }


def _few(project: Scratch) -> Row:
    project.make("report")
    names = _names(project.processed)
    out = project.root / "briefs"

    def ours() -> None:
        project.python("-m", "iucresearch", "briefs")

    def theirs() -> None:
        for name in names[:MEASURED]:
            _stock(project, project.processed, out, name)

    _emptied(project)
    ours()
    theirs()
    written = project.root / "reports" / "briefs"
    pages = {name: (written / f"{name}.html").read_bytes() for name in names[:MEASURED]}
    difference = find_first_difference(pages, {name: _page(project, out / name) for name in pages})
    if difference:
        raise Refused(f"the two sides differ: {difference}")
    own = []
    for _ in range(ROUNDS):
        _emptied(project)
        own.append(seconds(ours))
    others = (seconds(theirs) * len(names) / MEASURED,)
    what = f"{len(names)} briefs, against papermill and nbconvert one by one (measured on {MEASURED}, once)"
    return Row("briefs-36", what, tuple(own), others, 0.125)


def _emptied(project: Scratch) -> None:
    project.emptied("briefs")
    project.emptied("reports/briefs")


def _stock(project: Scratch, processed: Path, out: Path, name: str) -> None:
    """Make one brief the stock way."""
    executed = f"{out.name}/{name}.ipynb"
    own = {paths.PROCESSED_VARIABLE: str(processed)}
    project.stock(out / "made", *papermill("notebooks/brief.ipynb", executed), "-p", "name", name, **own)
    project.stock(out / "made", *nbconvert(executed, f"{out.name}/html"))


def _page(project: Scratch, executed: Path) -> bytes:
    """Return the page that ours would be of a notebook that was executed the stock way."""
    code = (
        "import sys, nbformat; from pathlib import Path; from reissue.build import briefs, run;"
        "book = nbformat.read(sys.argv[1], 4);"
        "sys.stdout.write(briefs.page_of(run.stable(book), briefs.Inputs.read(), Path(sys.argv[2])))"
    )
    return project.python("-c", code, f"{executed}.ipynb", str(project.processed)).encode()


def _many(project: Scratch) -> Told:
    """Make many briefs of a made-up programme once; return when each was done and how large the runner was."""
    project.make("report")
    folder = project.emptied("many")
    programme(project.processed, folder, MANY)
    told = _run(project, folder, MANY)
    out = project.emptied("briefs")

    def stock() -> None:
        for name in _names(folder)[:MEASURED]:
            _stock(project, folder, out, name)

    return {**told, "stock": seconds(stock) / MEASURED * MANY}


def _rate(told: Told) -> Row:
    what = f"{MANY} briefs of a made-up programme, once, against papermill and nbconvert (measured on {MEASURED})"
    return Row("briefs-1000", what, (told["times"][-1],), (told["stock"],), 0.125)


def _flat(told: Told) -> Row:
    times = told["times"]
    first, last = times[FEW + _PART - 1] - times[FEW - 1], times[-1] - times[-_PART - 1]
    what = f"the last {_PART} of these, against the {_PART} after the first {FEW}"
    return Row("briefs-flat", what, (last,), (first,), 1.15)


def _memory(told: Told) -> Row:
    what = f"memory of the runner after {MANY} briefs, against after {FEW}"
    return Row("briefs-memory", what, (told["memory"][-1],), (told["memory"][FEW - 1],), 1.15, unit="MB")


def _dask(project: Scratch) -> Row:
    project.make("report")
    folder = project.emptied("many")
    programme(project.processed, folder, SENT)
    found: dict[str, Told] = {}

    def run(way: str, *options: str) -> None:
        found[way] = _run(project, folder, SENT, *options)

    # Starting workers is the cluster's matter: what counts is from the first brief that is asked for.
    run("there", "--workers", "2")
    run("here")
    if found["here"]["pages"] != found["there"]["pages"]:
        raise Refused("the two sides differ: a page")
    what = f"{SENT} briefs by Dask with two workers, once, against the runner"
    return Row("briefs-dask", what, (found["there"]["times"][-1],), (found["here"]["times"][-1],), 1 / 0.85)


def _run(project: Scratch, folder: Path, count: int, *options: str) -> Told:
    variables = {paths.PROCESSED_VARIABLE: str(folder)}
    told: Told = json.loads(project.python("-m", "benchmarks.briefs", str(count), *options, **variables))
    return told


def _names(processed: Path) -> list[str]:
    """Return the slugs of all pairings and countries of a build."""
    descriptor = datapackage.read_descriptor(processed, "run make report")
    tables = [datapackage.find_resource(descriptor, name) for name in ("pairings", "countries")]
    return [row["slug"] for table in tables for row in datapackage.read_rows(processed, table, "run make report")]


def programme(processed: Path, folder: Path, pairings: int) -> None:
    """Write the processed tables of a programme of many pairings: the real ones over and over, under other names."""
    descriptor = datapackage.read_descriptor(processed, "run make report")
    described = [table["path"] for table in datapackage.read_resources(processed, "run make report")]
    for name in (*described, *(place.name for place in datapackage.find_descriptors(processed))):
        (folder / name).write_bytes((processed / name).read_bytes())
    table = datapackage.read_table(processed, datapackage.find_resource(descriptor, "pairings"), "run make report")
    copies = []
    for number in range(pairings):
        row = table.iloc[number % len(table)].copy()
        row["order"], row["slug"] = number + 1, f"pairing-{number + 1}"
        # The first are the real ones: claims name them.
        if number >= len(table):
            row["id"] = f"P{number + 1:05}"
        copies.append(row)
    frame = type(table)(copies).astype(table.dtypes)
    (folder / "pairings.csv").write_text(datapackage.to_csv(frame), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Make some briefs; print as JSON when each was done, the runner's memory then, and a hash of all pages."""
    from reissue.build.briefs import Inputs, render_briefs
    from reissue.build.build import count_workers
    from reissue.build.configuration import Build

    parser = argparse.ArgumentParser(prog="python -m benchmarks.briefs", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--workers", type=int, default=0, help="of Dask's; none: threads here")
    options = parser.parse_args(arguments)
    paths.keep_to_own_cache()
    processed = Path(os.environ[paths.PROCESSED_VARIABLE])
    names = _names(processed)[: options.count]
    inputs = Inputs.read(Build(EDITION), "")
    times: list[float] = []
    memory: list[float] = []
    pages: dict[str, str] = {}

    def all_of(executor: Any, sent: Any) -> None:
        started = time.perf_counter()
        for name, page in render_briefs(sent, names, executor):
            if isinstance(page, Exception):
                raise page
            times.append(time.perf_counter() - started)
            memory.append(_resident())
            pages[name] = _digest(page)

    if options.workers:
        from distributed import Client, LocalCluster

        cores = len(os.sched_getaffinity(0))
        with (
            LocalCluster(
                n_workers=options.workers,
                threads_per_worker=max(1, -(-count_workers() // options.workers)),
                dashboard_address=None,
                silence_logs=100,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            # Both sides start warm: one brief a core before the clock runs.
            executor, sent = client.get_executor(pure=False), client.scatter(inputs, broadcast=True)
            list(render_briefs(sent, names[: 4 * cores], executor))
            all_of(executor, sent)
    else:
        forking.warm_up()
        with ThreadPoolExecutor(count_workers()) as pool:
            try:
                list(render_briefs(inputs, names[:4], pool))
                all_of(pool, inputs)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    digest = _digest(json.dumps(pages, sort_keys=True))
    print(json.dumps({"times": times, "memory": memory, "pages": digest}))
    return 0


def _resident() -> float:
    """Return the memory that this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _digest(text: str) -> str:
    return datapackage.digest(text.encode())


if __name__ == "__main__":
    sys.exit(main())
