"""Rows about briefs: against the stock command lines, many of a made-up programme, and Dask's workers."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.peers import nbconvert, papermill
from benchmarks.scratch import Scratch
from benchmarks.timing import ROUNDS, Group, Refused, Row, time_once
from iucresearch.edition import EDITION
from reissue.build.kernels import forking
from reissue.core import datapackage, paths
from reissue.review.compare import find_first_difference

#: Briefs of the stock way: the rest of them would take as long each.
MEASURED = 10
MANY, SENT = 1_000, 200
_REMEDY = "run make report"


def list_groups(built: Callable[[], Scratch]) -> list[Group]:
    """Return the rows, of a copy of the project."""
    return [
        Group.of_one("briefs-36", lambda: _few(built())),
        Group.of_one("briefs-1000", lambda: _many(built())),
        Group.of_one("briefs-dask", lambda: _dask(built())),
    ]


def _few(project: Scratch) -> Row:
    project.make("report")
    names = _list_names(project.processed)
    out = project.root / "briefs"

    def before() -> None:
        project.empty("briefs")
        project.empty("reports/briefs")

    def ours() -> None:
        project.python("-m", "iucresearch", "briefs")

    def theirs() -> None:
        for name in names[:MEASURED]:
            _make_stock(project, project.processed, out, name)

    before()
    ours()
    theirs()
    written = project.root / "reports" / "briefs"
    pages = {name: (written / f"{name}.html").read_bytes() for name in names[:MEASURED]}
    difference = find_first_difference(pages, {name: _render_stock(project, out / name) for name in pages})
    if difference:
        raise Refused(f"the two sides differ: {difference}")
    rounds = []
    for _ in range(ROUNDS):
        before()
        rounds.append(time_once(ours))
    others = (time_once(theirs) * len(names) / MEASURED,)
    what = f"{len(names)} briefs, against papermill and nbconvert one by one (measured on {MEASURED}, once)"
    return Row("briefs-36", what, tuple(rounds), others, 0.125)


def _make_stock(project: Scratch, processed: Path, out: Path, name: str) -> None:
    """Make one brief the stock way."""
    executed = f"{out.name}/{name}.ipynb"
    own = {paths.PROCESSED_VARIABLE: str(processed)}
    project.stock(out / "made", *papermill("notebooks/brief.ipynb", executed), "-p", "name", name, **own)
    project.stock(out / "made", *nbconvert(executed, f"{out.name}/html"))


def _render_stock(project: Scratch, executed: Path) -> bytes:
    """Return the page that ours would be of a notebook that was executed the stock way."""
    return project.python(
        "-m", "benchmarks.briefs", "--page", f"{executed}.ipynb", **_reads(project.processed)
    ).encode()


def _many(project: Scratch) -> Row:
    project.make("report")
    folder = project.empty("many")
    write_programme(project.processed, folder, MANY)
    made = _run(project, folder, MANY)
    out = project.empty("briefs")

    def stock() -> None:
        for name in _list_names(folder)[:MEASURED]:
            _make_stock(project, folder, out, name)

    what = f"{MANY} briefs of a made-up programme, once, against papermill and nbconvert (measured on {MEASURED})"
    return Row("briefs-1000", what, (made["seconds"],), (time_once(stock) / MEASURED * MANY,), 0.125)


def _dask(project: Scratch) -> Row:
    project.make("report")
    folder = project.empty("many")
    write_programme(project.processed, folder, SENT)
    # Starting workers is the cluster's matter: what counts is from the first brief that is asked for.
    there, here = _run(project, folder, SENT, "--workers", "2"), _run(project, folder, SENT)
    if here["pages"] != there["pages"]:
        raise Refused("the two sides differ: a page")
    what = f"{SENT} briefs by Dask with two workers, once, against the runner"
    return Row("briefs-dask", what, (there["seconds"],), (here["seconds"],), 1 / 0.85)


def _run(project: Scratch, folder: Path, count: int, *options: str) -> dict[str, Any]:
    """Make some briefs in a process of their own; return what `main` prints."""
    made: dict[str, Any] = json.loads(
        project.python("-m", "benchmarks.briefs", "--count", str(count), *options, **_reads(folder))
    )
    return made


def _reads(processed: Path) -> dict[str, str]:
    return {paths.PROCESSED_VARIABLE: str(processed)}


def _list_names(processed: Path) -> list[str]:
    """Return the slugs of all pairings and countries of a build."""
    descriptor = datapackage.read_descriptor(processed, _REMEDY)
    tables = [datapackage.find_resource(descriptor, name) for name in ("pairings", "countries")]
    return [row["slug"] for table in tables for row in datapackage.read_rows(processed, table, _REMEDY)]


def write_programme(processed: Path, folder: Path, pairings: int) -> None:
    """Write the processed tables of a programme of many pairings: the real ones over and over, under other names."""
    shutil.copytree(processed, folder, dirs_exist_ok=True)
    resource = datapackage.find_resource(datapackage.read_descriptor(processed, _REMEDY), "pairings")
    table = datapackage.read_table(processed, resource, _REMEDY)
    numbers = range(1, pairings + 1)
    frame = pd.concat([table] * -(-pairings // len(table)), ignore_index=True).head(pairings)
    # The first keep their ids, which claims name.
    ids = [*table["id"], *(f"P{number:05}" for number in numbers[len(table) :])]
    frame = frame.assign(id=ids, order=numbers, slug=[f"pairing-{number}" for number in numbers])
    (folder / "pairings.csv").write_text(datapackage.to_csv(frame), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Print the page of an executed brief; or make some briefs, and print how long it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.briefs", description=__doc__)
    parser.add_argument("--page", help="an executed notebook")
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=0, help="of Dask's; none: threads here")
    options = parser.parse_args(arguments)
    paths.keep_to_own_cache()
    processed = Path(os.environ[paths.PROCESSED_VARIABLE])
    sys.stdout.write(_render(options.page, processed) if options.page else _make_briefs(processed, options))
    return 0


def _render(executed: str, processed: Path) -> str:
    """Return our page of a notebook that papermill executed; the hash of what was used is the last build's."""
    from reissue.build import briefs, ipynb, pages, records, run
    from reissue.build.configuration import Build

    hash_ = pages.content_hash(records.read_record("", briefs.STEP))
    notebook = run.remove_volatile(ipynb.read_notebook(Path(executed)))
    inputs, name = briefs.Inputs.read(Build(EDITION), hash_), Path(executed).stem
    return briefs.build_brief_page(notebook, inputs, processed, name)


def _make_briefs(processed: Path, options: argparse.Namespace) -> str:
    """Make some briefs; return as JSON how long it took, and a hash of all pages."""
    from reissue.build.briefs import Inputs, render_briefs
    from reissue.build.build import count_workers
    from reissue.build.configuration import Build

    names = _list_names(processed)[: options.count]
    inputs = Inputs.read(Build(EDITION), "")
    pages: dict[str, str | Exception] = {}

    def time_all(executor: Executor, sent: Any, warm: int) -> float:
        # Both sides start warm.
        list(render_briefs(sent, names[:warm], executor))
        return time_once(lambda: pages.update(render_briefs(sent, names, executor)))

    if options.workers:
        from distributed import Client, LocalCluster

        threads = max(1, -(-count_workers() // options.workers))
        settings = {"threads_per_worker": threads, "dashboard_address": None, "silence_logs": 100}
        with LocalCluster(options.workers, **settings) as cluster, Client(cluster, set_as_default=False) as client:
            executor, sent = client.get_executor(pure=False), client.scatter(inputs, broadcast=True)
            seconds = time_all(executor, sent, 4 * len(os.sched_getaffinity(0)))
    else:
        forking.warm_up()
        with ThreadPoolExecutor(count_workers()) as pool:
            seconds = time_all(pool, inputs, 4)
    for page in pages.values():
        if isinstance(page, Exception):
            raise page
    digest = datapackage.digest(json.dumps(pages, sort_keys=True).encode())
    return json.dumps({"seconds": seconds, "pages": digest})


if __name__ == "__main__":
    sys.exit(main())
