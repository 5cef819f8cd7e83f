"""Every command in one place: `python -m PACKAGE VERB`, for the package of an edition.

Each verb imports its own part of the package, so that a command starts quickly.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reissue.build.command import Command, find_exit_code, parse_command, run_command
from reissue.core import language, paths
from reissue.core.errors import InputError
from reissue.core.language import languages
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.edition import Edition

if TYPE_CHECKING:
    from reissue.build.configuration import Build


def run(edition: Edition, arguments: Sequence[str]) -> int:
    """Run a command of an edition as its entry point does, and return the exit code."""
    return run_command(parse_command(commands, arguments, f"python -m {edition.package}", edition))


def call(edition: Edition, arguments: Sequence[str]) -> int:
    """Run a command within another program, which keeps its own signal handlers; return the exit code."""
    command = parse_command(commands, arguments, f"python -m {edition.package}", edition)
    return find_exit_code(command.work) if isinstance(command, Command) else command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def commands() -> None:
    """Build, check and explore this edition of the report. `make help` lists the same as targets."""


def _verb(
    interrupted: str = "run it again.",
    *,
    threaded: bool = False,
    ending: Callable[[], object] = lambda: None,
    options: Mapping[str, Any] | None = None,
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Add a function as a verb: parsing returns it as a `Command`, with the edition and what the user typed."""

    def add(work: Callable[..., int]) -> Callable[..., int]:
        @commands.command(context_settings={**(options or {})})
        @click.pass_obj
        @wraps(work)
        def prepare(edition: Edition, /, **given: Any) -> Command:
            return Command(partial(work, edition, **given), interrupted, threaded, ending)

        return work

    return add


def _with_build(work: Callable[..., int]) -> Callable[..., int]:
    """Give a verb the options that name a build: its function receives the build instead of them."""

    @wraps(work)
    def open_and_work(edition: Edition, variant: str, survey: str, locale: str, **others: Any) -> int:
        return work(_open_build(edition, variant, survey, locale), **others)

    for option in (
        click.option("--locale", default="", metavar="NAME", help=f"One of {', '.join(languages())}."),
        click.option("--survey", default="", metavar="FILE", help="True answers of the survey: XLSX, ODS or CSV."),
        click.option("--variant", default="", metavar="NAME", help="Reads params/NAME.yaml."),
    ):
        open_and_work = option(open_and_work)
    return open_and_work


def _open_build(edition: Edition, variant: str, survey: str, locale: str) -> Build:
    """Return the build that the user named; from here on this process has its language."""
    from reissue.build.configuration import Build

    locale = language.check_language(locale or ENGLISH)
    os.environ[language.VARIABLE] = locale
    paths.keep_to_own_cache()
    answers = None
    if survey:
        # Imports pandas and a reader of workbooks, which other builds need not wait for.
        from reissue.answers.counts import count_answers

        answers = count_answers(Path(survey), edition)
    build = Build(edition, variant, locale, answers)
    # Report a mistake in the parameters before anything else.
    _ = build.parameters
    return build


@_verb("the last finished report is untouched.", threaded=True)
@_with_build
@click.argument("products", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Says what would be run and why, and runs nothing.")
def report(build: Build, products: tuple[str, ...], dry_run: bool) -> int:
    """Build the report, or PRODUCTS of it: run what is stale. Example: report reports/figures/ID.svg."""
    from reissue.build.products import make_products, print_plan

    (print_plan if dry_run else make_products)(build, products)
    return 0


@_verb()
@_with_build
@click.argument("stem", metavar="STEM")
def why(build: Build, stem: str) -> int:
    """Show what a notebook was last made from, and what is stale; STEM can be pages, too. Example: why pages."""
    from reissue.build.products import explain

    return explain(build, stem)


@_verb("the last finished PDF is untouched.", threaded=True)
@_with_build
def pdf(build: Build) -> int:
    """Write the PDF of a build, and the report before it. Example: pdf --locale es."""
    from reissue.build.pdf import write_pdf

    return write_pdf(build)


@_verb("briefs that were written stay.", threaded=True)
@_with_build
@click.option("--only", default="", metavar="SLUGS", help="Briefs to make, separated by spaces; all unless given.")
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786.")
def briefs(build: Build, only: str, scheduler: str) -> int:
    """Write a page for every subject of the report's briefs. Example: briefs --only SLUG."""
    from reissue.build.briefs import write_briefs

    return write_briefs(build, only.split(), scheduler)


@_verb("the last finished site is untouched.", threaded=True)
def site(edition: Edition) -> int:
    """Build the report in every language, with PDF and briefs, and write one folder for a host. Example: site."""
    paths.keep_to_own_cache()
    from reissue.build.site import write_site

    return write_site(edition)


@_verb("nothing was recorded.", threaded=True)
def record(edition: Edition) -> int:
    """Record the notebooks' reference outputs again. Example: record."""
    from reissue.build.record import record_outputs

    return record_outputs()


def _end_review() -> None:
    from reissue.review import checkout, rerun

    checkout.end_all()
    rerun.sweep()


@_verb("nothing was reviewed.", threaded=True, ending=_end_review)
@click.option("--exhibit", default="", metavar="ID", help="Reviews one exhibit alone, by its id in the registry.")
def review(edition: Edition, exhibit: str) -> int:
    """Build everything twice in new folders and compare it with what was published. Example: review."""
    from reissue.review.review import run_review

    return run_review(edition, exhibit)


@_verb(threaded=True)
@_with_build
def publish(build: Build) -> int:
    """Let the report that is built here be what reruns are compared with. Example: publish."""
    if build.name:
        raise InputError(
            "only the published configuration can be published", remedy="leave out VARIANT, SURVEY and LOCALE"
        )
    from reissue.review.publish import publish

    return publish(build.edition)


@_verb()
@click.argument("source")
def trace(edition: Edition, source: str) -> int:
    """Find every printed string of the ledger in a copy of the report (PDF or text). Example: trace report.pdf."""
    if not source:
        raise InputError(
            "no copy of the report is given", where="SOURCE", remedy="type make trace SOURCE=report.pdf (or .txt)"
        )
    from reissue.ledger.trace import trace_source

    return trace_source(Path(source))


@_verb("the datasets that were there stay.")
@click.option("--n", default="100", metavar="N", help="How many datasets; 100 unless given.")
@click.option("--seed", default="1", metavar="SEED", help="Seed of the draws; 1 unless given.")
def draws(edition: Edition, n: str, seed: str) -> int:
    """Write synthetic datasets that satisfy every statement about the survey. Example: draws --n 10 --seed 3."""
    from reissue.answers.draws import write_datasets

    return write_datasets(edition, n, seed)


@_verb()
def checksums(edition: Edition) -> int:
    """Update the checksums of data/raw after a correction. Example: checksums."""
    from reissue.core.checksums import renew_checksums

    return renew_checksums(edition.check)


@_verb()
def metadata(edition: Edition) -> int:
    """Write CITATION.cff from the edition's metadata. Example: metadata."""
    from reissue.publication.metadata import update_citation_cff

    return update_citation_cff(edition.metadata)


@_verb()
def catalogues(edition: Edition) -> int:
    """Update the catalogues of translations from the sources. Example: catalogues."""
    from reissue.build.catalogues import update_catalogues

    return update_catalogues(edition)


@_verb(threaded=True)
def clean(edition: Edition) -> int:
    """Remove everything that builds make; data/raw, archives and what was published stay. Example: clean."""
    from reissue.build.lock import remove_builds

    return remove_builds()


@_verb("no archive was written, and the last one is untouched.")
def archive(edition: Edition) -> int:
    """Write the package with its wheels into one file, to build without a network. Example: archive."""
    from reissue.review.archive import write_archive

    return write_archive()


@_verb(options={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(edition: Edition, options: tuple[str, ...]) -> int:
    """Open JupyterLab on copies of the notebooks; further options are JupyterLab's. Example: lab --no-browser."""
    from reissue.lab.lab import open_lab

    return open_lab([*options])
