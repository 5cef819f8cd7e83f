"""Every command in one place: `python -m PACKAGE VERB`, for the package of an edition.

Nothing slow is imported before it is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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


def _with_build(command: Callable[..., Command]) -> Callable[..., Command]:
    """Give a command the options that name a build: variant, answers, language."""
    for option in (
        click.option("--locale", default="", metavar="NAME", help=f"One of {', '.join(languages())}."),
        click.option("--survey", default="", metavar="FILE", help="True answers of the survey: XLSX, ODS or CSV."),
        click.option("--variant", default="", metavar="NAME", help="Reads params/NAME.yaml."),
    ):
        command = option(command)
    return command


def _open_build(edition: Edition, variant: str, survey: str, locale: str) -> Build:
    """Return the build that is asked for; from here on this process has its language."""
    from reissue.build.configuration import Build

    locale = language.check_language(locale or ENGLISH)
    os.environ[language.VARIABLE] = locale
    paths.keep_to_own_cache()
    answers = None
    if survey:
        # It takes pandas and a reader of workbooks: only a build from answers pays for them.
        from reissue.answers.counts import count_answers

        answers = count_answers(Path(survey), edition)
    build = Build(edition, variant, locale, answers)
    # A mistake in it is found before anything else is looked at.
    _ = build.parameters
    return build


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def commands() -> None:
    """Build, check and explore this edition of the report. `make help` lists the same as targets."""


@commands.command()
@click.argument("products", nargs=-1)
@_with_build
@click.option("--dry-run", is_flag=True, help="Says what would be run and why, and runs nothing.")
@click.pass_obj
def report(
    edition: Edition, products: tuple[str, ...], variant: str, survey: str, locale: str, dry_run: bool
) -> Command:
    """Build the report, or PRODUCTS of it: run what is stale. Example: report reports/figures/ID.svg."""

    def work() -> int:
        from reissue.build.products import make_products, print_plan

        build = _open_build(edition, variant, survey, locale)
        (print_plan if dry_run else make_products)(build, products)
        return 0

    return Command(work, "the last finished report is untouched.", threaded=True)


@commands.command()
@click.argument("stem", metavar="STEM")
@_with_build
@click.pass_obj
def why(edition: Edition, stem: str, variant: str, survey: str, locale: str) -> Command:
    """Show what a notebook was last made from, and what is stale; STEM can be pages, too. Example: why pages."""

    def work() -> int:
        from reissue.build.products import explain

        return explain(_open_build(edition, variant, survey, locale), stem)

    return Command(work)


@commands.command()
@_with_build
@click.pass_obj
def pdf(edition: Edition, variant: str, survey: str, locale: str) -> Command:
    """Write the PDF of a build, and the report before it. Example: pdf --locale es."""

    def work() -> int:
        from reissue.build.pdf import write_pdf

        return write_pdf(_open_build(edition, variant, survey, locale))

    return Command(work, "the last finished PDF is untouched.", threaded=True)


@commands.command()
@_with_build
@click.option("--only", default="", metavar="SLUGS", help="Briefs to make, separated by spaces; all unless given.")
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786.")
@click.pass_obj
def briefs(edition: Edition, variant: str, survey: str, locale: str, only: str, scheduler: str) -> Command:
    """Write a page for every subject of the report's briefs. Example: briefs --only SLUG."""

    def work() -> int:
        from reissue.build.briefs import write_briefs

        return write_briefs(_open_build(edition, variant, survey, locale), only.split(), scheduler)

    def discard() -> None:
        # What was not imported yet has started nothing.
        if "reissue.build.batch" in sys.modules:
            from reissue.build import batch

            batch.discard()

    return Command(work, "briefs that were written stay.", threaded=True, ending=discard)


@commands.command()
def record() -> Command:
    """Record the notebooks' reference outputs again. Example: record."""

    def work() -> int:
        from reissue.build.record import record_outputs

        return record_outputs()

    return Command(work, "nothing was recorded.", threaded=True)


@commands.command()
@click.option("--exhibit", default="", metavar="ID", help="Reviews one exhibit alone, by its id in the registry.")
@click.pass_obj
def review(edition: Edition, exhibit: str) -> Command:
    """Build everything twice in new folders and compare it with what was published. Example: review."""

    def work() -> int:
        from reissue.review.review import run_review

        return run_review(edition, exhibit)

    def end() -> None:
        from reissue.review import checkout, rerun

        checkout.end_all()
        rerun.sweep()

    return Command(work, "nothing was reviewed.", threaded=True, ending=end)


@commands.command()
@_with_build
@click.pass_obj
def publish(edition: Edition, variant: str, survey: str, locale: str) -> Command:
    """Let the report that is built here be what reruns are compared with. Example: publish."""

    def work() -> int:
        if variant or survey or locale not in ("", ENGLISH):
            raise InputError(
                "only the published configuration can be published", remedy="leave out VARIANT, SURVEY and LOCALE"
            )
        from reissue.review.publish import publish

        return publish(edition)

    return Command(work, threaded=True)


@commands.command()
@click.argument("source")
def trace(source: str) -> Command:
    """Find every printed string of the ledger in a copy of the report (PDF or text). Example: trace report.pdf."""

    def work() -> int:
        from reissue.ledger.trace import trace_source

        if not source:
            raise InputError(
                "no copy of the report is given", where="SOURCE", remedy="type make trace SOURCE=report.pdf (or .txt)"
            )
        return trace_source(Path(source))

    return Command(work)


@commands.command()
@click.option("--n", default="100", metavar="N", help="How many datasets; 100 unless given.")
@click.option("--seed", default="1", metavar="SEED", help="Seed of the draws; 1 unless given.")
@click.pass_obj
def draws(edition: Edition, n: str, seed: str) -> Command:
    """Write synthetic datasets that satisfy every statement about the survey. Example: draws --n 10 --seed 3."""

    def work() -> int:
        from reissue.answers.draws import write_datasets

        return write_datasets(edition, n, seed)

    return Command(work, "the datasets that were there stay.")


@commands.command()
@click.pass_obj
def checksums(edition: Edition) -> Command:
    """Renew the checksums of data/raw after a correction. Example: checksums."""

    def work() -> int:
        from reissue.core.checksums import renew_checksums

        return renew_checksums(edition.check)

    return Command(work)


@commands.command()
@click.pass_obj
def metadata(edition: Edition) -> Command:
    """Write CITATION.cff from the edition's metadata. Example: metadata."""

    def work() -> int:
        from reissue.publication.metadata import update_citation_cff

        return update_citation_cff(edition.metadata)

    return Command(work)


@commands.command()
@click.pass_obj
def catalogues(edition: Edition) -> Command:
    """Update the catalogues of translations from the sources. Example: catalogues."""

    def work() -> int:
        from reissue.build.catalogues import update_catalogues

        return update_catalogues(edition)

    return Command(work)


@commands.command()
def clean() -> Command:
    """Remove everything that builds make; data/raw, archives and what was published stay. Example: clean."""

    def work() -> int:
        from reissue.build.clean import remove_builds

        return remove_builds()

    return Command(work, "run it again.", threaded=True)


@commands.command()
def archive() -> Command:
    """Write the package with its wheels into one file, to build without a network. Example: archive."""

    def work() -> int:
        from reissue.review.archive import write_archive

        return write_archive()

    return Command(work, "no archive was written, and the last one is untouched.")


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(options: tuple[str, ...]) -> Command:
    """Open JupyterLab on copies of the notebooks; further options are JupyterLab's. Example: lab --no-browser."""

    def work() -> int:
        from reissue.lab.lab import open_lab

        return open_lab([*options])

    return Command(work)
