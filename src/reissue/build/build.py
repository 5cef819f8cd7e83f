"""Build: run the notebooks that are stale, write the pages that are, and let nobody else do so meanwhile."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from importlib import import_module
from typing import TypeVar

from reissue.build import provenance
from reissue.build.configuration import Build
from reissue.build.lock import APART, lock_build, sweep_if_alone
from reissue.build.order import Order, read_order
from reissue.build.pages import find_page_reasons, write_pages
from reissue.build.records import Snapshot, read_record
from reissue.core import datapackage, paths
from reissue.core.datapackage import find_formulas, find_stale_checksums
from reissue.core.errors import InputError
from reissue.core.files import write_text
from reissue.core.paths import SYNTHETIC
from reissue.core.unlisted import PLACEHOLDER, check_listed
from reissue.exhibits.edition import Edition

T = TypeVar("T")
#: The counts of true answers, for the kernels of a build; the lock's sweep removes it when the build has ended.
_COUNTS = paths.CACHE / f"{APART}counts" / "cells.csv"


def find_reasons(build: Build, stem: str, snapshot: Snapshot | None = None) -> list[str]:
    """Return why a notebook of a build is to be run; nothing where it is up to date."""
    record = read_record(build.name, stem)
    if record is None:
        return ["not run before"]
    snapshot = snapshot or Snapshot(paths.processed_of(build.name))
    return snapshot.differences(record, build.settings(stem))


def find_stale(build: Build, stems: Sequence[str], snapshot: Snapshot | None = None) -> dict[str, list[str]]:
    """Return why each notebook is to be run that is; those that read what these make may follow."""
    snapshot = snapshot or Snapshot(paths.processed_of(build.name))
    found = {stem: find_reasons(build, stem, snapshot) for stem in stems}
    return {stem: reasons for stem, reasons in found.items() if reasons}


def run_stale(
    build: Build, stems: list[str], order: Order, *, meanwhile: Callable[[], None] | None = None
) -> dict[str, float]:
    """Run the notebooks of a build that are stale, each after those that it needs; return the seconds that each took.

    It prints a line for each: its name, its seconds, and why it was run. The caller holds the lock. As for
    `side_by_side`, `meanwhile` is called once the first are under way.

    Raises
    ------
    InputError
        If a parameter, a file or a cell's input is wrong, or a cell failed.
    """
    if build.answers:
        os.environ[paths.COUNTS_VARIABLE] = str(_COUNTS)
        write_text(_COUNTS, build.answers.csv())
        if build.answers.synthetic:
            os.environ[paths.SYNTHETIC_VARIABLE] = SYNTHETIC
    if find_stale(build, stems):
        from reissue.build.run import warm_up

        check_raw()
        warm_up()

    def run(stem: str) -> tuple[float, list[str]]:
        # Asked when its turn comes: what it reads may have come out as before.
        reasons = find_reasons(build, stem)
        return (_run(stem, build), reasons) if reasons else (0.0, reasons)

    seconds: dict[str, float] = {}
    for stem, (took, reasons) in side_by_side(stems, order, run, meanwhile=meanwhile):
        if reasons:
            seconds[stem] = took
            more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
            print(f"  {stem:<16} {took:5.1f} s  {reasons[0]}{more}", flush=True)
    return seconds


def write_report(build: Build) -> bool:
    """Run what is stale of a build and write its pages; return whether there was anything to do.

    Raises
    ------
    InputError
        If a parameter, a file or a cell's input is wrong, or a cell failed.
    """
    order = read_order()
    now = Snapshot(paths.processed_of(build.name))
    if not find_stale(build, [*order.needs], now) and not find_page_reasons(build, snapshot=now):
        sweep_if_alone(build.name)
        return False
    with lock_build(build.name):
        seconds = run_stale(build, [*order.needs], order, meanwhile=lambda: _load_export(build.edition))
        reasons = find_page_reasons(build)
        if reasons:
            write_pages(build)
            if not seconds:
                print(f"  pages: {reasons[0]}", flush=True)
        provenance.write_build_record(build.name, seconds)
    return True


def run_needed(build: Build, stems: list[str]) -> bool:
    """Run notebooks of a build that are stale, and those that they need; return whether there was anything to do."""
    order = read_order()
    stems = order.with_needs(stems)
    if not find_stale(build, stems):
        return False
    with lock_build(build.name):
        provenance.write_build_record(build.name, run_stale(build, stems, order))
    return True


def _load_export(edition: Edition) -> None:
    """Import what pages and crate are made with while the first kernel works: it takes most of a second."""
    from reissue.build.export import prepare

    prepare(edition)
    import_module("rocrate.rocrate")


def _run(stem: str, build: Build) -> float:
    """Run a notebook; return the seconds that it took."""
    from reissue.build.run import NotebookFailed, run_notebook

    started = time.monotonic()
    try:
        run_notebook(stem, build.name, build.parameters, build.settings(stem))
    except InputError as error:
        raise InputError(str(error), where=stem) from None
    except NotebookFailed as error:
        raise InputError(
            str(error), remedy=f"run a copy cell by cell with make lab; correct notebooks/{stem}.ipynb"
        ) from None
    return time.monotonic() - started


def side_by_side(
    stems: list[str], order: Order, job: Callable[[str], T], *, meanwhile: Callable[[], None] | None = None
) -> Iterator[tuple[str, T]]:
    """Do a job for each notebook, as soon as it is done for those that it needs; yield names and results.

    `meanwhile` is called once the first are under way.

    Where one fails, those under way are ended well, no other is begun, and the error is raised.
    """
    graph = TopologicalSorter({stem: [need for need in order.needs[stem] if need in stems] for stem in stems})
    graph.prepare()
    begun: dict[str, Future[T]] = {}
    with ThreadPoolExecutor(workers()) as pool:
        running: dict[Future[T], str] = {}
        try:
            while graph.is_active():
                ready = {stem: pool.submit(job, stem) for stem in sorted(graph.get_ready())}
                begun |= ready
                running |= {future: stem for stem, future in ready.items()}
                if meanwhile is not None:
                    meanwhile()
                    meanwhile = None
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    stem = running.pop(future)
                    yield stem, future.result()
                    graph.done(stem)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            # Of several that failed, the first in the order is told: which of them failed first is chance.
            for future in (begun[stem] for stem in order.needs if stem in begun):
                if not future.cancelled():
                    future.result()
            raise


def workers() -> int:
    """Return how many kernels may run at once: one more than there are cores, for the time that a kernel waits."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


def check_raw() -> None:
    """Stop for a raw file that is not listed, before anything runs; warn of what is odd and stops nobody."""
    try:
        stale, calculated = find_stale_checksums(paths.RAW), find_formulas(paths.RAW)
        descriptor = datapackage.read_text(paths.RAW / datapackage.DESCRIPTOR, datapackage.RESTORE)
    except (InputError, OSError):  # the notebook that reads the file tells what is wrong with it
        return
    check_listed(paths.RAW)
    if PLACEHOLDER in descriptor:
        print(
            f"Warning: data/raw/{datapackage.DESCRIPTOR} has texts that are still to be written: "
            f"replace what begins with {PLACEHOLDER.strip()}",
            file=sys.stderr,
        )
    for name in stale:
        print(
            f"Warning: data/raw/{name} is not the file that its checksum was taken of; "
            "if the change is meant, run make checksums.",
            file=sys.stderr,
        )
    if calculated:
        others = f" (and {len(calculated) - 1} more)" if len(calculated) > 1 else ""
        print(
            f"Warning: data/raw/{calculated[0]}{others} begins like a formula. It stays as it is, in every CSV file of "
            "the report too; spreadsheets calculate it unless columns are imported as text.",
            file=sys.stderr,
        )
