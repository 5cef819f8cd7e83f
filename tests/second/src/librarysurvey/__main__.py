"""`python -m librarysurvey VERB`: the entry point of every command."""

import sys

from reissue.build import environment, interruption


def main() -> None:
    """Run a command and exit with its code."""
    interruption.exit_on_signal()
    environment.set_variables(__package__)
    from librarysurvey.edition import EDITION
    from reissue import cli

    sys.exit(cli.run(EDITION, sys.argv[1:]))


if __name__ == "__main__":
    main()
