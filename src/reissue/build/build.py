"""Build: run the notebooks that are named, write their pages, and let nobody else do so meanwhile."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from importlib import import_module
from typing import Any, TypeVar

from reissue.build import provenance
from reissue.build.banner import write as keep_notice
from reissue.build.lock import APART, alone
from reissue.build.order import Order, read_order
from reissue.build.params import ANSWERS, read_variant
from reissue.build.run import NotebookFailed, run_notebook
from reissue.build.translation_gaps import describe_gaps
from reissue.core import datapackage, paths
from reissue.core.datapackage import formulas, stale_checksums
from reissue.core.errors import InputError
from reissue.core.files import write_text
from reissue.core.language import ENGLISH
from reissue.core.paths import SYNTHETIC
from reissue.core.unlisted import PLACEHOLDER, check_listed
from reissue.exhibits.edition import Edition
from reissue.survey.answer_counts import AnswerCounts

T = TypeVar("T")
#: The counts of true answers, for the kernels of a build; the lock's sweep removes it when the build has ended.
_COUNTS = paths.CACHE / f"{APART}counts" / "cells.csv"
#: What is said of builds that are made from the answers themselves.
_NOT_FOR_RELEASE = "Not for release."


def build(
    edition: Edition,
    variant: str,
    run: list[str] | None,
    pages: list[str] | None,
    answers: AnswerCounts | None = None,
    locale: str = ENGLISH,
) -> None:
    """Run the named notebooks in order, then write the named pages; without any name, all of them.

    Where notebooks are named but no pages, those of all notebooks that were ever run are written. The page
    of the whole report is written where those of all notebooks are.

    Parameters
    ----------
    edition
        Of which report.
    variant
        Whose parameters are read.
    run, pages
        Stems of notebooks.
    answers
        What is known of true answers: then the build is one apart from all others.
    locale
        The language of the build; kernels and pages take it from the environment.

    Raises
    ------
    InputError
        If a parameter, a file or a cell's input is wrong, or a cell failed.
    """
    parameters = read_variant(edition, variant)
    name = paths.build_name(variant, answers is not None, locale)
    notice = ""
    if answers:
        notice = _notice(answers)
        parameters |= {ANSWERS: answers.file}
        os.environ[paths.COUNTS_VARIABLE] = str(_COUNTS)
        if answers.synthetic:
            os.environ[paths.SYNTHETIC_VARIABLE] = SYNTHETIC
    order = read_order()
    executed = paths.build_folder(name) / "executed"
    runs = order.sorted(list(order.needs) if run is None and pages is None else run or [])
    written = order.sorted(pages or [])
    with alone(name):
        keep_notice(name, notice)
        if answers:
            write_text(_COUNTS, answers.csv())
        _check_raw()
        seconds: dict[str, float] = {}
        for stem, took in side_by_side(
            runs, order, lambda stem: _run(edition, stem, name, parameters), meanwhile=lambda: _load_export(edition)
        ):
            seconds[stem] = took
            print(f"  {stem:<14} {took:5.1f} s", flush=True)
        if pages is None:
            written = [stem for stem in order.needs if (executed / f"{stem}.ipynb").exists()]
        if written:
            from reissue.build.crate import write as write_crate
            from reissue.build.export import export

            whole = len(written) == len(order.needs)
            export(edition, written, name, order.page if whole else (), notice)
            if whole:
                write_crate(edition, name, notice, answers.file if answers else "")
        provenance.write(name, seconds)
        if locale != ENGLISH and (gaps := describe_gaps(name)):
            print(gaps, flush=True)


def _notice(answers: AnswerCounts) -> str:
    """Return what pages say of a build from answers."""
    if answers.synthetic:
        return f"{SYNTHETIC}: nobody gave these answers, and links between them are artefacts. {_NOT_FOR_RELEASE}"
    return f"Made from the survey's answers, it may tell who said what. {_NOT_FOR_RELEASE}"


def _run(edition: Edition, stem: str, variant: str, parameters: Mapping[str, Any]) -> float:
    """Run a notebook; return the seconds that it took."""
    started = time.monotonic()
    try:
        run_notebook(edition, stem, variant, parameters)
    except InputError as error:
        raise InputError(str(error), where=stem) from None
    except NotebookFailed as error:
        raise InputError(
            str(error), remedy=f"run a copy cell by cell with make lab; mend notebooks/{stem}.ipynb"
        ) from None
    return time.monotonic() - started


def _load_export(edition: Edition) -> None:
    """Import what pages and crate are made with while the first kernel works: it takes most of a second."""
    from reissue.build.export import prepare

    prepare(edition)
    import_module("rocrate.rocrate")


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


def _check_raw() -> None:
    """Stop for a raw file that is not listed, before anything runs; warn of what is odd and stops nobody."""
    try:
        stale, calculated = stale_checksums(paths.RAW), formulas(paths.RAW)
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
