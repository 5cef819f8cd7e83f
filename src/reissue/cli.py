"""Every command in one place: `python -m PACKAGE VERB`, for the package of an edition.

A command says what it does and what an interruption leaves. Nothing slow is imported before it is asked for.

Exit codes: 0, the command did what was asked; 1, its check failed; 2, it could not run, and one line says what to do;
130, it was interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from reissue.build import interruption
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.files import refusal
from reissue.core.language import ENGLISH, LANGUAGES
from reissue.exhibits.edition import Edition

NOT_RUN = 2


@dataclass(frozen=True)
class Command:
    """A command with its arguments, ready to be run.

    Attributes
    ----------
    work
        Does it and returns the exit code.
    interrupted
        What an interruption leaves, for the line that reports it.
    threaded
        Whether the work runs beside the main thread: work that starts kernels has threads of its own, and what it has
        started is ended for it. Other work is interrupted where it is, and cleans up itself.
    ending
        Ends what the work has started besides kernels.
    """

    work: Callable[[], int]
    interrupted: str = "run it again."
    threaded: bool = False
    ending: Callable[[], object] = lambda: None


def run(edition: Edition, arguments: Sequence[str]) -> int:
    """Run a command of an edition as its entry point does, and return the exit code."""
    return run_command(_parse(commands, arguments, f"python -m {edition.package}", edition))


def run_program(program: click.Command, arguments: Sequence[str], name: str) -> int:
    """Run a program of its own, such as the benchmarks, as `run` does; `name` is what a user types."""
    return run_command(_parse(program, arguments, name))


def run_command(command: Command | int) -> int:
    """Run a command and return its exit code; a signal ends it with 130 and one line."""
    if not isinstance(command, Command):
        return command
    if command.threaded:
        return interruption.run_in_thread(
            lambda: _exit_code(command.work), interrupted=command.interrupted, ending=command.ending
        )
    return interruption.run_in_main_thread(lambda: _exit_code(command.work), interrupted=command.interrupted)


def call(edition: Edition, arguments: Sequence[str]) -> int:
    """Run a command within another program, which keeps its own signal handlers; return the exit code."""
    command = _parse(commands, arguments, f"python -m {edition.package}", edition)
    return _exit_code(command.work) if isinstance(command, Command) else command


def _parse(
    program: click.Command, arguments: Sequence[str], name: str, edition: Edition | None = None
) -> Command | int:
    """Return the command that is typed; an exit code where there is none to run."""
    try:
        command: Command | int = program.main([*arguments], prog_name=name, standalone_mode=False, obj=edition)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return NOT_RUN
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else name
        print(f"iucresearch: {error.format_message()} `{where} --help` lists what it takes.", file=sys.stderr)
        return NOT_RUN
    return command


def _exit_code(work: Callable[[], int]) -> int:
    """Do the work; return its exit code, or 2 after one line, and its detail, where input or disk did not allow it."""
    try:
        paths.check_project()
        return work()
    except InputError as error:
        lines = [str(error), *error.detail.splitlines()]
    except OSError as error:
        lines = [refusal(error)]
    if not interruption.is_interrupted():
        print("iucresearch: " + "\n".join(lines), file=sys.stderr)
    return NOT_RUN


_build = click.option("--build", default="", metavar="NAME", help="Name of the build; the published one unless given.")
_locale = click.option("--locale", default=ENGLISH, metavar="NAME", help=f"Language: {', '.join(LANGUAGES)}.")
_survey = click.option("--survey", default="", metavar="FILE", help="A respondent-level export of the survey.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def commands() -> None:
    """Build, check and explore this edition of the report. `make help` lists the same as targets."""


@commands.command()
@click.option("--variant", default="", metavar="NAME", help="Reads params/NAME.yaml.")
@_survey
@_locale
@click.option("--run", metavar="STEMS", help="Notebooks to run, separated by spaces; all unless given.")
@click.option("--export", metavar="STEMS", help="Notebooks whose pages to write; all that were run unless given.")
@click.pass_obj
def report(edition: Edition, variant: str, survey: str, locale: str, run: str | None, export: str | None) -> Command:
    """Run notebooks and write their pages. Example: report --variant lac --run "01_clean 04_survey"."""

    def work() -> int:
        from reissue.core import language

        os.environ[language.VARIABLE] = language.checked(locale)
        paths.keep_to_own_cache()
        stems, pages = (None if given is None else given.split() for given in (run, export))
        if stems or (stems is None and pages is None):
            from reissue.build.kernels import forking

            # The kernels' parent imports while this process does.
            forking.warm_up()
        from reissue.build.build import build

        answers = None
        if survey:
            # It takes pandas and a reader of workbooks: only a build from answers pays for them.
            from reissue.answers.counts import count_answers

            answers = count_answers(Path(survey), edition)
        build(edition, variant, stems, pages, answers, locale)
        return 0

    return Command(work, "the last finished report is untouched.", threaded=True)


@commands.command()
@_build
@_locale
@click.pass_obj
def pdf(edition: Edition, build: str, locale: str) -> Command:
    """Write the PDF of a build. Example: pdf --build lac."""

    def work() -> int:
        from reissue.build.pdf import write_pdf

        return write_pdf(edition, build, locale)

    return Command(work, "the last finished PDF is untouched.", threaded=True)


@commands.command()
@_build
@_locale
@click.option("--only", default="", metavar="SLUGS", help="Briefs to make, separated by spaces; all unless given.")
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786.")
@click.pass_obj
def briefs(edition: Edition, build: str, locale: str, only: str, scheduler: str) -> Command:
    """Write a page for every pairing and country. Example: briefs --only argentina."""

    def work() -> int:
        from reissue.build.briefs import write_briefs

        return write_briefs(edition, build, locale, only.split(), scheduler)

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
@click.option("--exhibit", default="", metavar="ID", help="Reviews one exhibit alone, such as figure-6.")
@click.pass_obj
def review(edition: Edition, exhibit: str) -> Command:
    """Build everything twice in new folders and compare it with what was published. Example: review."""

    def work() -> int:
        from reissue.review.review import review

        return review(edition, exhibit)

    def end() -> None:
        from reissue.review import checkout, rerun

        checkout.end_all()
        rerun.sweep()

    return Command(work, "nothing was reviewed.", threaded=True, ending=end)


@commands.command()
@click.pass_obj
def publish(edition: Edition) -> Command:
    """Let the report that is built here be what reruns are compared with. Example: publish."""

    def work() -> int:
        from reissue.review.publish import publish

        return publish(edition)

    return Command(work)


@commands.command()
@click.argument("source", type=click.Path(path_type=Path))
def trace(source: Path) -> Command:
    """Find every printed string of the ledger in a copy of the report (PDF or text). Example: trace report.pdf."""

    def work() -> int:
        from reissue.ledger.trace import trace_source

        return trace_source(source)

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
    """Renew CITATION.cff and the data package from the edition's metadata. Example: metadata."""

    def work() -> int:
        from reissue.publication.sync import renew_metadata

        return renew_metadata(edition.metadata)

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
