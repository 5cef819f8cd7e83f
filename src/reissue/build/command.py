"""A command: what it does, what an interruption leaves, and how its end becomes an exit code.

Exit codes: 0, the command did what was asked; 1, its check failed; 2, it could not run, and one line says what to do;
130, it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from reissue.build import interruption
from reissue.core import paths
from reissue.core.errors import InputError, print_error
from reissue.core.files import describe_refusal

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


def run_program(program: click.Command, arguments: Sequence[str], name: str) -> int:
    """Run a program of its own, such as the benchmarks, as `run` does; `name` is what a user types."""
    return run_command(parse_command(program, arguments, name))


def run_command(command: Command | int) -> int:
    """Run a command and return its exit code; a signal ends it with 130 and one line."""
    if not isinstance(command, Command):
        return command
    if command.threaded:
        return interruption.run_in_thread(
            lambda: find_exit_code(command.work), interrupted=command.interrupted, ending=command.ending
        )
    return interruption.run_in_main_thread(lambda: find_exit_code(command.work), interrupted=command.interrupted)


def parse_command(program: click.Command, arguments: Sequence[str], name: str, obj: Any = None) -> Command | int:
    """Return the command that is typed; an exit code where there is none to run.

    Parameters
    ----------
    program
        Returns the command from the arguments.
    arguments
        What is typed after its name.
    name
        What a user types before.
    obj
        What the program's commands receive beside their arguments, such as an edition.
    """
    try:
        command: Command | int = program.main([*arguments], prog_name=name, standalone_mode=False, obj=obj)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return NOT_RUN
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else name
        print_error(f"{error.format_message()} `{where} --help` lists what it takes.")
        return NOT_RUN
    return command


def find_exit_code(work: Callable[[], int]) -> int:
    """Do the work; return its exit code, or 2 after one line, and its detail, where input or disk did not allow it."""
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
