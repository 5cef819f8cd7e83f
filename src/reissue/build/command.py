"""A command: its work, what an interruption leaves, and its exit code.

Exit codes: 0, the command did what was asked; 1, its check failed; 2, it could not run, and one line says what to do;
130, it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from reissue.build import interruption
from reissue.core import paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import describe_refusal

NOT_RUN = 2


@dataclass(frozen=True)
class Command:
    """A command with its arguments, ready to run."""

    #: Does the work and returns the exit code.
    work: Callable[[], int]
    #: What an interruption leaves, for the line that reports it.
    interrupted: str = "run it again."
    #: Whether the work runs beside the main thread, as work that starts kernels must: an interruption ends its kernels.
    #: Other work is interrupted where it is, and cleans up itself.
    threaded: bool = False
    #: Ends the other processes that the work has started; kernels are ended anyway.
    ending: Callable[[], object] = lambda: None


def run_program(program: click.Command, arguments: Sequence[str], name: str) -> int:
    """Run a separate program, such as the benchmarks, and return its exit code; `name` is what a user types."""
    return run_command(parse_command(program, arguments, name))


def run_command(command: Command | int) -> int:
    """Run a command and return its exit code; a signal ends it with 130 and one line."""
    if not isinstance(command, Command):
        return command
    work = partial(find_exit_code, command.work)
    if command.threaded:
        return interruption.run_in_thread(work, interrupted=command.interrupted, ending=command.ending)
    return interruption.run_in_main_thread(work, interrupted=command.interrupted)


def parse_command(program: click.Command, arguments: Sequence[str], name: str, obj: Any = None) -> Command | int:
    """Return the command that a user typed, or an exit code if there is none to run.

    The program returns the command from its arguments and `obj`, such as an edition; the user types `name` first.
    """
    try:
        return program.main([*arguments], prog_name=name, standalone_mode=False, obj=obj)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return NOT_RUN
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else name
        print_error(f"{error.format_message()} `{where} --help` lists what it takes.")
        return NOT_RUN


def find_exit_code(work: Callable[[], int]) -> int:
    """Do the work and return its exit code, or print one line and return 2 if input or disk did not allow it."""
    try:
        paths.check_project()
        return work()
    except InputError as error:
        lines = [str(error), *error.detail.splitlines()]
    except OSError as error:
        lines = [describe_refusal(error)]
    if not interruption.is_interrupted():
        print_error("\n".join(lines))
    return NOT_RUN
