"""What is released, and what is held back: the small tables that a release is made from, and from nothing else."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iucresearch import paths
from iucresearch.errors import InputError
from iucresearch.files import write_text
from iucresearch.language import N_, _
from iucresearch.package import csv_text, read_text
from iucresearch.paths import SYNTHETIC
from iucresearch.survey.small import SMALLEST

RELEASED, HELD_BACK, ABOUT = "released.csv", "held-back.csv", "release.json"
#: Columns of what is released: a row per count.
COUNTS = ("question", "options", "side", "count")
#: Columns of what is held back: a row per question and level.
HELD = ("question", "title", "level", "reason", "smallest", "why")

#: Why counts are held back, by reason.
WHY = {
    "small": N_(
        "With the report and what is released, a group of fewer than {smallest} respondents could be told from it"
    ),
    "always": N_(
        "Held back whatever the answers are: else its absence would tell of fewer than {smallest} respondents"
    ),
    "unclear": N_("What it would leave of the report's statements cannot be worked out, nor what could then be told"),
    "partly answered": N_("Not everybody answered it, which the report's arithmetic takes for granted"),
    "not asked": N_("The answers do not have it"),
}
LEVELS = {"all": N_("all respondents"), "sides": N_("by side")}
_REMEDY = "make the release again: make release SURVEY=file"


@dataclass(frozen=True)
class Released:
    """The counts that a release is made from, and what is said of those held back.

    Attributes
    ----------
    counts
        One row per count that is released: question, options (joined by `;`), side, count.
    held_back
        One row per question and level that is held back: question, title, level (all, sides), reason, smallest, why.
    smallest
        The size from which a group is not small.
    synthetic
        Whether nobody gave the answers.
    """

    counts: pd.DataFrame
    held_back: pd.DataFrame
    smallest: int = SMALLEST
    synthetic: bool = False

    @property
    def files(self) -> dict[str, str]:
        """The text of the files that it is, by name."""
        about = {"smallest": self.smallest, "synthetic": self.synthetic}
        return {RELEASED: csv_text(self.counts), HELD_BACK: csv_text(self.held_back), ABOUT: json.dumps(about) + "\n"}

    @property
    def notice(self) -> str:
        """What stands at the top of every page."""
        mark = _("{mark}: nobody gave these answers.").format(mark=SYNTHETIC) + " " if self.synthetic else ""
        told = _(
            "A release: made from the report and from counts of the survey's answers that, together, tell of no group"
            " of fewer than {smallest} respondents that the report does not tell. What is held back is listed."
        )
        return mark + told.format(smallest=self.smallest)

    def write(self, folder: Path) -> None:
        """Write the tables into a folder."""
        for name, text in self.files.items():
            write_text(folder / name, text)


def read_released(folder: Path) -> Released:
    """Return what a release is made from.

    Raises
    ------
    InputError
        If a file is missing, or does not hold what `Released.write` writes.
    """
    counts, held = (_read(folder / name, columns) for name, columns in ((RELEASED, COUNTS), (HELD_BACK, HELD)))
    text = read_text(folder / ABOUT, _REMEDY)
    try:
        about = json.loads(text)
        smallest, synthetic = int(about["smallest"]), bool(about["synthetic"])
        counts, held = counts.astype({"count": "int64"}), held.astype({"smallest": "int64"})
    except (ValueError, KeyError, TypeError):
        raise InputError("this is not what a release is made from", where=paths.shown(folder), remedy=_REMEDY) from None
    return Released(counts, held, smallest, synthetic)


def load_released() -> Released | None:
    """Return what this build is released from; None in all builds but a release, where the runner says where it lies.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    folder = os.environ.get(paths.RELEASED_VARIABLE)
    return read_released(Path(folder)) if folder else None


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = list(csv.DictReader(io.StringIO(read_text(path, _REMEDY), newline="")))
    wrong = [row for row in rows if set(row) != set(columns) or None in row.values()]
    if wrong:
        raise InputError(
            f"the columns are {', '.join(map(str, wrong[0]))}",
            where=paths.shown(path),
            expected=", ".join(columns),
            remedy=_REMEDY,
        )
    return pd.DataFrame(rows, columns=list(columns), dtype="str")
