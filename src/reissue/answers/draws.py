"""`make draws N=100 SEED=1`: respondent-level datasets that satisfy every statement of the report.

Nobody gave these answers. The counts of each dataset are drawn uniformly from all tables of counts that the
statements allow; who gave which answer is then drawn at random, so that what one answer says of another is an
artefact except where the report itself tells it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reissue.answers.export import SYNTHETIC
from reissue.answers.mapping import read_mapping
from reissue.answers.workbook import write_workbook
from reissue.build.lock import check_place
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.raw import load_raw
from reissue.core.validation import Check
from reissue.survey.counting import draw
from reissue.survey.layers import Ints
from reissue.survey.questions import RESPONDENTS, SIDES, cell
from reissue.survey.statements import Questionnaire, Reading, questionnaire

ALIAS = (
    f"{SYNTHETIC}: drawn from what the report allows; nobody gave these answers, and links between them are artefacts"
)
MOST = 9_999


@dataclass(frozen=True)
class Draws:
    """Drawn datasets: for each dataset and respondent, which answers were given.

    Attributes
    ----------
    side
        The side of each respondent, the same in every dataset.
    single
        By question: the place of the answer among its options, -1 for who is not asked; datasets by respondents.
    multiple
        By question: whether each option was chosen; datasets by respondents by options.
    options
        The options by question.
    """

    side: tuple[str, ...]
    single: dict[str, npt.NDArray[np.int16]]
    multiple: dict[str, npt.NDArray[np.bool_]]
    options: dict[str, list[str]]

    def answers(self, number: int) -> pd.DataFrame:
        """Return one dataset as one row per respondent, question and option: respondent, side, ..., chosen."""
        parts = []
        people, sides = np.arange(1, len(self.side) + 1), np.array(self.side, dtype=object)
        for question, options in self.options.items():
            if question == RESPONDENTS:
                places = np.array([side.lower() for side in self.side], dtype=object)
                parts.append((people, sides, question, places, np.ones(len(people), dtype=bool)))
            elif question in self.single:
                place = self.single[question][number]
                asked = place >= 0
                chosen = np.array(options, dtype=object)[place[asked]]
                parts.append((people[asked], sides[asked], question, chosen, np.ones(int(asked.sum()), dtype=bool)))
            else:
                given = self.multiple[question][number]
                labels = np.tile(np.array(options, dtype=object), len(people))
                n = len(options)
                parts.append((np.repeat(people, n), np.repeat(sides, n), question, labels, given.ravel()))
        columns = ("respondent", "side", "question", "option", "chosen")
        frames = [pd.DataFrame(dict(zip(columns, part, strict=True))) for part in parts]
        return pd.concat(frames, ignore_index=True)


def drawn(survey: Questionnaire, k: int, seed: int, reading: Reading = Reading()) -> Draws:  # noqa: B008
    """Return `k` datasets; a seed gives the same ones anywhere.

    Parameters
    ----------
    survey
        The statements that every dataset satisfies.
    k
        How many datasets.
    seed
        Seed of the draws.
    reading
        How the statements are read.

    Notes
    -----
    Uniform over tables of counts: of each set of questions that statements tie together, every table of their
    cells is as likely as any other. It is not a probability of what people answered.
    """
    counts: dict[str, Ints] = {}
    for number, cluster in enumerate(survey.clusters()):
        counts |= draw(survey.system(cluster, reading), k, seed * 1000 + number)
    sizes = {side: int(counts[name][0]) if k else 0 for side in SIDES for name in survey.size(side)}
    side = tuple(one for one in SIDES for _ in range(sizes[one]))
    place = {one: np.array([at for at, s in enumerate(side) if s == one], dtype=np.int64) for one in SIDES}
    source = np.random.PCG64(seed)
    single: dict[str, npt.NDArray[np.int16]] = {}
    multiple: dict[str, npt.NDArray[np.bool_]] = {}
    others = set(survey.joint.values())
    for question, options in survey.options.items():
        if question == RESPONDENTS or question in others:
            continue
        other = survey.joint.get(question, "")
        if survey.choice[question] == "single":
            answers = np.full((k, len(side)), -1, dtype=np.int16)
            for one in SIDES:
                if one == "LAC" and other:
                    theirs = survey.options[other]
                    columns = [counts[cell(question, o, one, t)] for o in options for t in theirs]
                    both = _shuffled(_repeated(columns, len(place[one])), source)
                    answers[:, place[one]] = both // len(theirs)
                    elsewhere = np.full((k, len(side)), -1, dtype=np.int16)
                    elsewhere[:, place[one]] = both % len(theirs)
                    single[other] = elsewhere
                else:
                    columns = [counts[cell(question, o, one)] for o in options]
                    answers[:, place[one]] = _shuffled(_repeated(columns, len(place[one])), source)
            single[question] = answers
    for question, options in survey.options.items():
        if survey.choice.get(question) != "multiple":
            continue
        other = survey.joint.get(question, "")
        given = np.zeros((k, len(side), len(options)), dtype=bool)
        for at, option in enumerate(options):
            for one in SIDES:
                groups = np.zeros((k, len(place[one])), dtype=np.int64)
                chosen = [counts[cell(question, option, one)]] if not (one == "LAC" and other) else []
                if not chosen:
                    groups = single[other][:, place[one]].astype(np.int64)
                    chosen = [counts[cell(question, option, one, theirs)] for theirs in survey.options[other]]
                given[:, place[one], at] = _picked(groups, chosen, source)
        multiple[question] = given
    return Draws(side, single, multiple, {question: survey.options[question] for question in survey.options})


def _repeated(columns: list[Ints], n: int) -> Ints:
    """Return for each dataset its answers in order: as many of each as its count says."""
    ends = np.cumsum(np.stack(columns, axis=1), axis=1)
    return (np.arange(n)[None, :, None] >= ends[:, None, :]).sum(axis=2)


def _shuffled(answers: Ints, source: np.random.PCG64) -> Ints:
    """Give each dataset's answers to its respondents in random order."""
    return np.take_along_axis(answers, np.argsort(_keys(answers.shape, source), axis=1, kind="stable"), axis=1)


def _picked(groups: Ints, counts: list[Ints], source: np.random.PCG64) -> npt.NDArray[np.bool_]:
    """Pick so many of each group at random: of group g in dataset i, `counts[g][i]`."""
    order = np.lexsort((_keys(groups.shape, source), groups), axis=1) if groups.size else groups
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(groups.shape[1]), groups.shape), axis=1)
    found = np.zeros(groups.shape, dtype=bool)
    for group, number in enumerate(counts):
        own = groups == group
        before = (groups < group).sum(axis=1)[:, None]
        found |= own & (rank - before < number[:, None])
    return found


def _keys(shape: tuple[int, ...], source: np.random.PCG64) -> npt.NDArray[np.uint64]:
    return source.random_raw(int(np.prod(shape))).reshape(shape)


def write_datasets(check: Check, n_text: str, seed_text: str) -> int:
    """Write `N` datasets from a seed into `reports/survey/synthetic`; return 0.

    Raises
    ------
    InputError
        If a number is not one of those allowed, or the raw data are not in order.
    """
    n = _whole(n_text, "N", 1, MOST)
    seed = _whole(seed_text, "SEED", 0, 2**31)
    check_place("")
    raw = load_raw(check)
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    folder = paths.build_folder() / "survey" / "synthetic"
    found = drawn(questionnaire(raw), n, seed)
    folder.mkdir(parents=True, exist_ok=True)
    # Datasets of two seeds are never side by side: those that were there go when all others are made.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draws-") as made:
        for number in range(n):
            path = Path(made, f"{number + 1:04d}.xlsx")
            write_workbook(path, found.answers(number), mapping, alias=ALIAS, user=SYNTHETIC)
        for old in sorted(folder.glob("[0-9][0-9][0-9][0-9].xlsx")):
            old.unlink()
        for path in sorted(Path(made).iterdir()):
            path.rename(folder / path.name)
    print(f"{n} {SYNTHETIC} datasets, seed {seed}: {paths.shown(folder)}/0001.xlsx to {n:04d}.xlsx")
    return 0


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise InputError(
            f"{text!r} is not allowed",
            where=name,
            expected=f"a whole number from {least} to {most}",
            remedy="choose one",
        )
    return int(text)
