"""The mapping: the question of each header of an export, and the option of each label."""

from __future__ import annotations

import difflib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from reissue.answers.columns import normalise, strip_id
from reissue.core import datapackage
from reissue.core.errors import InputError
from reissue.core.paths import display_path

COLUMNS = ("header", "question", "label", "option")
#: Separates options that were chosen together and share a cell.
SEPARATOR = "; "
#: An error lists so many problems and counts the rest.
MAX_PROBLEMS_LISTED = 10

_LEADING = re.compile(r"([0-9]+)(?:\.0+)?(?![0-9.,])")


def read_mapping(path: Path, questions: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Return one row per label, from a CSV with the columns header, question, label and option.

    A question may have several headers, and an option several labels: an export is in one of many languages.

    Raises
    ------
    InputError
        If the file is missing, empty, not UTF-8 or not of these columns, or if `check_mapping` finds a mistake.
    """
    where = display_path(path)
    text = datapackage.read_text(path, "write one with the columns " + ", ".join(COLUMNS))
    try:
        frame = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, skip_blank_lines=False)
    except pd.errors.ParserError as error:
        remedy = "put cells that contain commas in double quotes"
        raise InputError(f"not CSV: {error}", where=where, remedy=remedy) from None
    if tuple(frame.columns) != COLUMNS:
        raise InputError(
            f"the columns are {', '.join(map(str, frame.columns))}",
            where=f"{where}, row 1",
            expected=", ".join(COLUMNS),
            remedy="correct the header",
        )
    check_mapping(frame, questions, options, where)
    return frame


def check_mapping(
    mapping: pd.DataFrame, questions: pd.DataFrame, options: pd.DataFrame, where: str = "the mapping"
) -> None:
    """Check that each header has one question of the questionnaire, and each label one option.

    Raises
    ------
    InputError
        Listing the rows with an empty cell; an unknown question or option; a header of two questions; a label of
        two options; a label of a multiple choice that contains the separator of labels.
    """
    choice = dict(zip(questions["id"], questions["choice"], strict=True))
    known = options.groupby("question")["option"].agg(list).to_dict()
    asked: dict[str, str] = {}
    meant: dict[tuple[str, str], str] = {}
    problems = []
    cells = (mapping[name] for name in COLUMNS)
    for row, (header, question, label, option) in enumerate(zip(*cells, strict=True), start=2):
        if not all(isinstance(cell, str) and cell.strip() for cell in (header, question, label, option)):
            problems.append(f"row {row} has an empty cell")
        elif question not in choice:
            problems.append(f"row {row}: unknown question {question!r}{suggest(question, choice)}")
        elif option not in known.get(question, []):
            near = suggest(option, known.get(question, []))
            problems.append(f"row {row}: {option!r} is not an option of question {question!r}{near}")
        elif asked.setdefault(normalise(header), question) != question:
            problems.append(f"row {row}: header {header!r} leads to {asked[normalise(header)]!r} and to {question!r}")
        elif meant.setdefault((question, normalise(label)), option) != option:
            other = meant[question, normalise(label)]
            problems.append(f"row {row}: label {label!r} of question {question!r} leads to {other!r} and to {option!r}")
        elif choice[question] == "multiple" and SEPARATOR in normalise(label):
            problems.append(f"row {row}: label {label!r} of question {question!r} contains {SEPARATOR!r}, a separator")
    raise_problems(problems, where, "correct the mapping")


class Names:
    """Finds the question of a header and the option of a label, whatever their case, white space or ID.

    `headers` and `labels` are as in the mapping, for messages; `numbers` has the options by the number with which their
    labels begin.
    """

    def __init__(self, mapping: pd.DataFrame) -> None:
        self.headers: dict[str, str] = dict(zip(mapping["header"], mapping["question"], strict=True))
        self.labels: dict[str, dict[str, str]] = defaultdict(dict)
        for question, label, option in zip(mapping["question"], mapping["label"], mapping["option"], strict=True):
            self.labels[question][label] = option
        self._headers = _Finder(self.headers)
        self._labels = {question: _Finder(own) for question, own in self.labels.items()}
        self.numbers = {question: _index_numbers(own) for question, own in self.labels.items()}

    def find_question(self, header: str) -> str | None:
        """Return the question of a header."""
        return self._headers.find(header)

    def find_option(self, question: str, label: str) -> str | None:
        """Return the option of a label of a question."""
        return self._labels[question].find(label) if question in self._labels else None


class _Finder:
    """Finds the value of a text that may differ in case or white space, or lack its ID."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._exact = {normalise(text): value for text, value in values.items()}
        shorter: dict[str, set[str]] = defaultdict(set)
        for text, value in self._exact.items():
            shorter[strip_id(text)].add(value)
        self._shorter = {text: next(iter(found)) for text, found in shorter.items() if len(found) == 1}

    def find(self, text: str) -> str | None:
        compared = normalise(text)
        # Only one of the two texts may lack its ID: different IDs mean different things.
        return self._exact.get(compared) or self._exact.get(strip_id(compared)) or self._shorter.get(compared)


def suggest(text: str, candidates: Iterable[str]) -> str:
    """Return `, perhaps ...` for the nearest of some texts, or nothing where none is near."""
    written = {normalise(candidate): candidate for candidate in candidates}
    near = difflib.get_close_matches(normalise(text), written, n=1)
    return f", perhaps {written[near[0]]!r}" if near else ""


def raise_problems(problems: list[str], where: str, remedy: str) -> None:
    """Raise one InputError with the first problems and the number of the rest, if there are any."""
    if problems:
        rest = len(problems) - MAX_PROBLEMS_LISTED
        more = [f"… and {rest} more"] if rest > 0 else []
        raise InputError("; ".join(problems[:MAX_PROBLEMS_LISTED] + more), where=where, remedy=remedy)


def _index_numbers(labels: Mapping[str, str]) -> dict[float, str]:
    """Return the options of a rating by the number with which their label begins; none if one label has no number."""
    found = {label: _LEADING.match(normalise(label)) for label in labels}
    if not all(found.values()):
        return {}
    numbers: dict[float, set[str]] = defaultdict(set)
    for label, match in found.items():
        if match:
            numbers[float(match[1])].add(labels[label])
    return {number: next(iter(options)) for number, options in numbers.items() if len(options) == 1}
