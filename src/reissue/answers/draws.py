"""`make draws N=100 SEED=1`: respondent-level datasets that satisfy every statement of the report.

These answers are not real. The counts of each dataset are drawn uniformly from all tables of counts that the
statements allow. Who gave which answer is then drawn at random, so that a link between two answers is an artefact,
except where the report states it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reissue.answers.mapping import read_mapping
from reissue.answers.workbook import write_workbook
from reissue.build.lock import check_place
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.paths import SYNTHETIC
from reissue.core.raw import load_raw
from reissue.exhibits.edition import Edition
from reissue.survey.counting import draw, feasible_values
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.layers import Ints
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.questions import name_cell

ALIAS = (
    f"{SYNTHETIC}: drawn from what the report allows; these answers are not real, and links between them are artefacts"
)
MAX_DATASETS = 9_999


def draw_datasets(
    questionnaire: Questionnaire, k: int, seed: int, interpretation: Interpretation = PUBLISHED
) -> Datasets:
    """Return `k` datasets that satisfy all statements; the same seed gives the same datasets on every machine.

    Raises
    ------
    InputError
        If the statements leave the number of respondents of a group open.

    Notes
    -----
    Draws are uniform over tables of counts: of each set of questions that statements tie together, every table of
    their cells is as likely as any other. It is not a probability of what people answered.
    """
    sizes = questionnaire.build_system([], interpretation)
    people: list[str] = []
    for group in questionnaire.groups.names:
        possible = feasible_values(sizes, questionnaire.sum_respondents(group))
        if len(possible) != 1:
            raise InputError(
                f"the statements do not fix the number of respondents of {group!r}",
                expected="one number of respondents for each group",
                remedy="add a statement with the number to data/raw/survey.csv",
            )
        people += [group] * possible[0]
    counts: dict[str, Ints] = {}
    for number, cluster in enumerate(questionnaire.clusters):
        counts |= draw(questionnaire.build_system(cluster, interpretation), k, seed * 1000 + number)
    return Datasets(questionnaire, counts, people, k, np.random.PCG64(seed))


class Datasets:
    """Drawn datasets, made by `draw_datasets`; each has the same respondents, whose groups are `group`."""

    def __init__(
        self, questionnaire: Questionnaire, counts: dict[str, Ints], group: list[str], k: int, source: np.random.PCG64
    ) -> None:
        self.questionnaire, self.counts, self.group, self._source = questionnaire, counts, group, source
        self._shape = k, len(group)
        self._places = {one: np.flatnonzero(np.array(group) == one) for one in questionnaire.groups.names}
        choice = {one: how for one, how in questionnaire.choice.items() if one != questionnaire.groups.question}
        #: By question: the place of the answer among its options, or -1 if not asked; datasets by respondents.
        self.single: dict[str, npt.NDArray[np.int16]] = {
            question: np.full(self._shape, -1, dtype=np.int16) for question, how in choice.items() if how == "single"
        }
        for question in self.single:
            self._draw_single(question)
        #: By question: whether each option was chosen; datasets by respondents by options.
        self.multiple = {question: self._draw_multiple(question) for question, how in choice.items() if how != "single"}

    def build_answers(self, number: int) -> pd.DataFrame:
        """Return one dataset: one row per respondent, question and option, as `decode_answers` returns."""
        parts = []
        people, group = np.arange(1, len(self.group) + 1), np.array(self.group, dtype=object)
        groups = self.questionnaire.groups
        for question, options in self.questionnaire.options.items():
            if question == groups.question:
                own = np.array([groups.options[one] for one in self.group], dtype=object)
                parts.append((people, group, question, own, np.ones(len(people), dtype=bool)))
            elif question in self.single:
                place = self.single[question][number]
                asked = place >= 0
                chosen = np.array(options, dtype=object)[place[asked]]
                parts.append((people[asked], group[asked], question, chosen, np.ones(int(asked.sum()), dtype=bool)))
            else:
                asked = np.isin(group, self.questionnaire.list_groups(question))
                given, n = self.multiple[question][number][asked], len(options)
                labels = np.tile(np.array(options, dtype=object), int(asked.sum()))
                parts.append((np.repeat(people[asked], n), np.repeat(group[asked], n), question, labels, given.ravel()))
        columns = ("respondent", "group", "question", "option", "chosen")
        frames = [pd.DataFrame(dict(zip(columns, part, strict=True))) for part in parts]
        return pd.concat(frames, ignore_index=True)

    def _draw_single(self, question: str) -> None:
        """Choose random answers to a single-choice question, and to the question that joint cells count with it."""
        own, options, answers = self.questionnaire, self.questionnaire.options[question], self.single[question]
        for group in own.list_groups(question):
            places, joint = self._places[group], own.find_joint(question, group)
            if joint and own.find_holder(joint, group) == question:
                others = own.options[joint]
                both = self._shuffle(
                    [name_cell(question, o, group, other) for o in options for other in others], places
                )
                answers[:, places] = both // len(others)
                self.single[joint][:, places] = both % len(others)
            elif joint:
                for place, option in enumerate(options):
                    left = np.where(answers[:, places] < 0, self.single[joint][:, places], -1)
                    answers[:, places] = np.where(self._pick(left, question, option, group), place, answers[:, places])
            elif not own.find_holder(question, group):
                answers[:, places] = self._shuffle([name_cell(question, option, group) for option in options], places)

    def _draw_multiple(self, question: str) -> npt.NDArray[np.bool_]:
        """Draw the answers to a multiple-choice question, option by option."""
        own, options = self.questionnaire, self.questionnaire.options[question]
        chosen = np.zeros((*self._shape, len(options)), dtype=bool)
        for place, option in enumerate(options):
            for group in own.list_groups(question):
                places, joint = self._places[group], own.find_joint(question, group)
                others = self.single[joint][:, places] if joint else np.zeros((self._shape[0], len(places)))
                chosen[:, places, place] = self._pick(others.astype(np.int64), question, option, group)
        return chosen

    def _shuffle(self, cells: list[str], places: Ints) -> Ints:
        """Distribute the respondents at random over cells with these counts; return the number of each one's cell."""
        ends = np.cumsum(np.stack([self.counts[cell] for cell in cells], axis=1), axis=1)
        answers = (np.arange(len(places))[None, :, None] >= ends[:, None, :]).sum(axis=2)
        order = np.argsort(self._draw_keys(answers.shape), axis=1, kind="stable")
        return np.take_along_axis(answers, order, axis=1)

    def _pick(self, others: Ints, question: str, option: str, group: str) -> npt.NDArray[np.bool_]:
        """Pick the respondents of a group who gave an answer, at random: as many of each joint answer as its cell."""
        joint = self.questionnaire.find_joint(question, group)
        names = [name_cell(question, option, group, other) for other in self.questionnaire.options.get(joint, [""])]
        order = np.lexsort((self._draw_keys(others.shape), others), axis=1) if others.size else others
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.broadcast_to(np.arange(others.shape[1]), others.shape), axis=1)
        found = np.zeros(others.shape, dtype=bool)
        for other, name in enumerate(names):
            before = (others < other).sum(axis=1)[:, None]
            found |= (others == other) & (rank - before < self.counts[name][:, None])
        return found

    def _draw_keys(self, shape: tuple[int, ...]) -> npt.NDArray[np.uint64]:
        return self._source.random_raw(int(np.prod(shape))).reshape(shape)


def write_datasets(edition: Edition, n_text: str, seed_text: str) -> int:
    """Write `N` datasets from a seed into `reports/survey/synthetic`; return 0.

    Raises
    ------
    InputError
        If a number is not one of those allowed, or the raw data are not in order.
    """
    n = _parse_number(n_text, "N", 1, MAX_DATASETS)
    seed = _parse_number(seed_text, "SEED", 0, 2**31)
    check_place("")
    raw = load_raw(edition.check)
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    folder = paths.build_folder() / "survey" / "synthetic"
    datasets = draw_datasets(edition.build_questionnaire(raw), n, seed)
    folder.mkdir(parents=True, exist_ok=True)
    # Old datasets are removed only after all new ones are written, so that two seeds never mix.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draws-") as temporary:
        for number in range(n):
            path = Path(temporary, f"{number + 1:04d}.xlsx")
            write_workbook(path, datasets.build_answers(number), mapping, alias=ALIAS, user=SYNTHETIC)
        for old in sorted(folder.glob("[0-9][0-9][0-9][0-9].xlsx")):
            old.unlink()
        for path in sorted(Path(temporary).iterdir()):
            path.rename(folder / path.name)
    print(f"{n} {SYNTHETIC} datasets, seed {seed}: {paths.display_path(folder)}/0001.xlsx to {n:04d}.xlsx")
    return 0


def _parse_number(text: str, name: str, lower: int, upper: int) -> int:
    if not text.isascii() or not text.isdigit() or not lower <= int(text) <= upper:
        raise InputError(
            f"{text!r} is not allowed",
            where=name,
            expected=f"a whole number from {lower} to {upper}",
            remedy="choose one",
        )
    return int(text)
