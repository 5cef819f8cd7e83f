"""Build: run the stale notebooks, write the stale pages, and lock the build meanwhile."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import TypeVar

from reissue.build import provenance
from reissue.build.configuration import Build
from reissue.build.lock import TEMPORARY_PREFIX, lock_build, sweep_if_alone
from reissue.build.order import Order, read_order
from reissue.build.pages import find_page_reasons, write_pages
from reissue.build.records import Snapshot, read_record
from reissue.core import datapackage, paths
from reissue.core.errors import InputError
from reissue.core.files import write_text
from reissue.core.unlisted import PLACEHOLDER, check_listed

T = TypeVar("T")
#: The counts of true answers, for the kernels of a build; removed with other temporary files when the build has ended.
_COUNTS = paths.CACHE / f"{TEMPORARY_PREFIX}counts" / "cells.csv"


def find_stale(build: Build, stems: Sequence[str], snapshot: Snapshot | None = None) -> dict[str, list[str]]:
    """Return why each stale notebook is stale; notebooks that read what these make may become stale, too."""
    snapshot = snapshot or Snapshot(paths.processed_of(build.name))
    found = {}
    for stem in stems:
        record = read_record(build.name, stem)
        found[stem] = snapshot.differences(record, build.settings(stem)) if record else ["not run before"]
    return {stem: reasons for stem, reasons in found.items() if reasons}


def run_stale(build: Build, stems: list[str], order: Order) -> dict[str, float]:
    """Run the stale notebooks of a build, each after those that it needs; return the seconds that each took.

    It prints a line for each: its name, its seconds, and why it was run. The caller holds the lock.
    """
    if build.answers:
        os.environ[paths.COUNTS_VARIABLE] = str(_COUNTS)
        write_text(_COUNTS, build.answers.csv())
        if build.answers.synthetic:
            os.environ[paths.SYNTHETIC_VARIABLE] = paths.SYNTHETIC
    if stale := find_stale(build, stems):
        from reissue.build.export import prepare
        from reissue.build.run import warm_up

        # First, as the kernels' parent takes longer to start than the rest.
        warm_up()
        check_raw()
        _check_prose(build, stale, order)
        prepare(build.edition)

    def run(stem: str) -> tuple[float, list[str]]:
        # Only now: the tables that it reads may have come out as before.
        reasons = find_stale(build, [stem]).get(stem, [])
        return (_run(stem, build), reasons) if reasons else (0.0, reasons)

    seconds: dict[str, float] = {}
    for stem, (took, reasons) in run_in_order(stems, order, run):
        if reasons:
            seconds[stem] = took
            more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
            print(f"  {stem:<16} {took:5.1f} s  {reasons[0]}{more}", flush=True)
    return seconds


def write_report(build: Build) -> bool:
    """Run what is stale of a build and write its pages; return whether there was anything to do."""
    order = read_order()
    now = Snapshot(paths.processed_of(build.name))
    if not find_stale(build, [*order.needs], now) and not find_page_reasons(build, snapshot=now):
        sweep_if_alone(build.name)
        return False
    with lock_build(build.name):
        seconds = run_stale(build, [*order.needs], order)
        reasons = find_page_reasons(build)
        if reasons:
            write_pages(build)
            if not seconds:
                print(f"  pages: {reasons[0]}", flush=True)
        provenance.write_build_record(build.name, seconds)
    return True


def run_needed(build: Build, stems: list[str]) -> bool:
    """Run the stale ones of some notebooks and of those that they need; return whether there was anything to do."""
    order = read_order()
    stems = order.with_needs(stems)
    if not find_stale(build, stems):
        return False
    with lock_build(build.name):
        provenance.write_build_record(build.name, run_stale(build, stems, order))
    return True


def _check_prose(build: Build, stale: dict[str, list[str]], order: Order) -> None:
    """Stop for a misspelt slot or missing evidence before anything runs, where the named values are up to date."""
    from reissue.build.completion import ProcessedRows, check_evidence, fill_slots
    from reissue.build.ipynb import read_notebook

    processed = paths.processed_of(build.name)
    for stem in order.needs:
        record = read_record(build.name, stem)
        if record and paths.display_path(processed / "values.csv") in record.products:
            if stale.keys() & set(order.with_needs([stem])):
                return
            tables = ProcessedRows(processed)
            for other in stale:
                notebook = read_notebook(paths.NOTEBOOKS / f"{other}.ipynb")
                check_evidence(notebook, other, tables, is_published=build.is_published)
                fill_slots(notebook, tables.read_named_values(), other, build.edition.exhibits)


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


def run_in_order(stems: list[str], order: Order, job: Callable[[str], T]) -> Iterator[tuple[str, T]]:
    """Do a job for each notebook as soon as it is done for those that it needs; yield names and results.

    If a job fails, running jobs end, no other begins, and the error is raised.
    """
    graph = TopologicalSorter({stem: [need for need in order.needs[stem] if need in stems] for stem in stems})
    graph.prepare()
    with ThreadPoolExecutor(count_workers()) as pool:
        running: dict[Future[T], str] = {}
        try:
            while graph.is_active():
                running |= {pool.submit(job, stem): stem for stem in sorted(graph.get_ready())}
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    stem = running.pop(future)
                    yield stem, future.result()
                    graph.done(stem)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def count_workers() -> int:
    """Return how many kernels may run at once: one more than there are cores, as a kernel also waits."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


def check_raw() -> None:
    """Stop for a raw file that is not listed; warn of what is odd but allowed."""
    try:
        stale, formulas = datapackage.find_stale_checksums(paths.RAW), datapackage.find_formulas(paths.RAW)
        descriptor = datapackage.read_text(paths.RAW / datapackage.DESCRIPTOR, datapackage.RESTORE)
    except (InputError, OSError):  # the notebook that reads the file reports what is wrong with it
        return
    check_listed(paths.RAW)
    warnings = []
    if PLACEHOLDER in descriptor:
        what = f"replace what begins with {PLACEHOLDER.strip()}"
        warnings.append(f"data/raw/{datapackage.DESCRIPTOR} has texts that are still to be written: {what}")
    remedy = "if the change is meant, run make checksums."
    warnings += [f"data/raw/{name} is not the file that its checksum was taken of; {remedy}" for name in stale]
    if formulas:
        others = f" (and {len(formulas) - 1} more)" if len(formulas) > 1 else ""
        warnings.append(
            f"data/raw/{formulas[0]}{others} begins like a formula. It stays as it is, in every CSV file of the report "
            "too; spreadsheets calculate it unless columns are imported as text."
        )
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)
