"""Figures 6 to 8 and the survey results without a figure: bars of respondents, and marks at possible counts.

All respondents come first. A side follows, thin and in its colour, where the report fixes more about it than the count
of all respondents implies. Answers with almost any count possible are not drawn; a sentence and the data have them.
Where the report orders answers and counts none, a list has them in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes

from iucresearch.labels import BY_QUESTION, SIDE_NAMES
from iucresearch.style import EU, LAC, LAC_TEXT
from reissue.core.language import N_, _, format_counts, ngettext
from reissue.drawing import style
from reissue.drawing.count_layout import Row
from reissue.drawing.counts import draw_rows
from reissue.drawing.described import described_by
from reissue.drawing.text_list import draw_list

_COLOURS = {"all": style.MUTED, "EU": EU, "LAC": LAC}
_TEXTS = {"all": style.INK, "EU": EU, "LAC": LAC_TEXT}
_TOGETHER = N_("Answers counted together")


def counts_data(
    counts: pd.DataFrame,
    group: str,
    statements: pd.DataFrame | None = None,
    *,
    side: str = "all",
    reading: str = "literal",
) -> pd.DataFrame:
    """Return one row per count of an exhibit and side: what is plotted (3.1 to 3.4, pages 17 to 20).

    Parameters
    ----------
    counts
        Processed table `survey_counts`.
    group
        The exhibit's group of questions, for example `motivation`. If its exhibit has a row per question, a row is
        labelled with the question; other rows are labelled with the answer.
    statements
        Processed table `survey`, for the order of answers that it gives.
    side
        `all` keeps the total and both sides below it; `EU` or `LAC` that side alone.
    reading
        How bounds such as "more than" are read: `literal` or `tight`; counts from true answers are as they are.

    Returns
    -------
    DataFrame
        Columns label, side, n, least, most, feasible (respondents; the last joined by `;`). If some counts are of
        several answers together, answers_combined is their number. If the statements order the answers, rank is an
        answer's place in this order; it is missing for the sides, whose order the report does not give.
    """
    rows = counts[(counts["group"] == group) & counts["reading"].isin([reading, "answers"])]
    columns = ["label", "side", "n", "least", "most", "feasible"]
    if group in BY_QUESTION:
        rows = rows[rows["options"] == BY_QUESTION[group]].assign(label=lambda some: some["title"])
    elif rows["options"].str.contains(";").any():
        rows = rows.assign(answers_combined=rows["options"].str.count(";") + 1)
        columns.append("answers_combined")
    if side != "all":
        # That a respondent is of a side is an answer of all respondents.
        rows = rows[rows["label"] == SIDE_NAMES[side] if group == "respondents" else rows["side"] == side]
    if statements is not None:
        ranked = statements[statements["unit"] == "rank"]
        ranks = {(row["question"], row["options"], row["side"]): int(row["value"]) for row in ranked.to_dict("records")}
        keys = zip(rows["question"], rows["options"], rows["side"], strict=True)
        ranked_rows = rows.assign(rank=pd.array([ranks.get(key) for key in keys], dtype="Int64"))
        if len(rows) and ranked_rows.groupby("label")["rank"].first().notna().all():
            rows = ranked_rows
            columns.append("rank")
    return rows[columns].reset_index(drop=True)


@dataclass(frozen=True)
class _Count:
    """The possible counts of an answer among the n respondents of a side."""

    side: str
    n: int
    values: tuple[int, ...]

    @property
    def has_gaps(self) -> bool:
        """Return whether a count between the lowest and the highest is excluded."""
        return len(self.values) <= self.values[-1] - self.values[0]

    @property
    def is_open(self) -> bool:
        """Return whether almost any count is possible."""
        return self.values[0] <= 1 and self.values[-1] >= self.n - 1 and not self.has_gaps


@dataclass(frozen=True)
class _Answer:
    """An answer with its count, those of the sides about which the report fixes more, and its place among answers."""

    label: str
    count: _Count
    sides: tuple[_Count, ...]
    combined: int
    rank: int | None
    is_part: bool = False
    heading: str = ""

    @property
    def is_drawn(self) -> bool:
        """Return whether there is something to draw: more than an axis on which almost any count is possible."""
        return bool(self.sides) or self.rank is not None or not self.count.is_open


def counts_alt(data: pd.DataFrame) -> str:
    """Return the alt text of a figure of counts, from the plotted rows alone."""
    answers = _arrange_answers(data)
    if _is_list(answers):
        items = [_("{rank}. {answer}").format(rank=a.rank, answer=a.label) if a.rank else a.label for a in answers]
        return " ".join([*_list_sentences(answers)[:1], f"{'; '.join(items)}.", *_list_sentences(answers)[1:]])
    n = max(answer.count.n for answer in answers)
    parts = [_("Bars on an axis from 0 to {n} respondents.").format(n=n)]
    for answer in answers:
        if answer.is_drawn:
            of_sides = [_side_text(count) for count in answer.sides]
            text = ", ".join([format_counts(answer.count.values), *of_sides])
            parts.append(_("{answer}: {count}.").format(answer=_ranked_label(answer), count=text))
    return " ".join([*parts, *_notes(answers)])


@described_by(counts_alt)
def draw_counts(data: pd.DataFrame, *, width: float = style.WIDTH, ax: Axes | None = None) -> Axes:
    """Draw a bar per answer, from 0 to the lowest possible count, and marks at the possible counts of open ones.

    If almost any count of every answer is possible, draw the list of answers, in their order if there is one.

    Parameters
    ----------
    data
        What `counts_data` returns; the rows of a label follow one another, the total first.
    width
        Width in inches of a new figure, such as `style.WIDTH` or `style.NARROW`.
    ax
        Axes to draw on; without them, those of a new figure of the right height.
    """
    answers = _arrange_answers(data)
    if _is_list(answers):
        sentences = _list_sentences(answers)
        return draw_list(
            [answer.label for answer in answers],
            marks=[str(answer.rank) if answer.rank else "•" for answer in answers],
            above=sentences[0],
            below=" ".join(sentences[1:]),
            width=width,
            ax=ax,
        )
    n = max(answer.count.n for answer in answers)
    own_sides = {_(SIDE_NAMES[side]): side for side in ("EU", "LAC")}
    rows = []
    for answer in answers:
        if answer.is_drawn:
            own = _row(answer.count, format_counts(answer.count.values), own_sides.get(answer.label, ""))
            rows.append(replace(own, label=_ranked_label(answer), indent=answer.is_part, heading=answer.heading))
            rows += [replace(_row(count, _side_text(count)), thin=True) for count in answer.sides]
    unit = _("Respondents, of {n}").format(n=n)
    return draw_rows(rows, n, unit=unit, notes=_notes(answers), width=width, ax=ax)


def _row(count: _Count, text: str, side: str = "") -> Row:
    side = side or count.side
    return Row(count.values, text, colour=_COLOURS[side], text_colour=_TEXTS[side])


def _side_text(count: _Count) -> str:
    possible = _("{count} of {n}").format(count=format_counts(count.values), n=count.n)
    return _("{side} {count}").format(side=_(SIDE_NAMES[count.side]), count=possible)


def _ranked_label(answer: _Answer) -> str:
    return _("{rank}. {answer}").format(rank=answer.rank, answer=answer.label) if answer.rank else answer.label


def _notes(answers: list[_Answer]) -> list[str]:
    """Return what a chart says about the answers that it does not draw."""
    hidden = sum(not answer.is_drawn for answer in answers)
    if not hidden:
        return []
    words = ngettext(
        "Not drawn: {hidden} of {shown} answers, for which almost any count is possible. The data list it.",
        "Not drawn: {hidden} of {shown} answers, for which almost any count is possible. The data list them.",
        hidden,
    )
    return [words.format(hidden=hidden, shown=len(answers))]


def _is_list(answers: list[_Answer]) -> bool:
    """Return whether no count can be drawn, so that the answers are a list."""
    return all(answer.count.is_open and not answer.sides for answer in answers)


def _list_sentences(answers: list[_Answer]) -> list[str]:
    if answers[0].rank is not None:
        return [_("Most often mentioned first:"), _("The report gives no counts; neighbours may be equal.")]
    return [_("The report names these answers and gives no counts:")]


def _values(feasible: str) -> tuple[int, ...]:
    return tuple(int(value) for value in feasible.split(";"))


def _arrange_answers(data: pd.DataFrame) -> list[_Answer]:
    """Return the answers in the order in which they are drawn.

    If each single answer is known to within one respondent, answers counted together come last, with a heading of their
    own. Otherwise they come first, because more is known about them, and the answers that they combine are their parts.
    In neither case can a reader add them up with their parts.
    """
    answers = list(_read_answers(data))
    if answers[0].rank is not None:
        return sorted(answers, key=lambda answer: answer.rank or 0)
    singles = [answer for answer in answers if answer.combined == 1]
    if len(singles) < len(answers) and all(a.count.values[-1] - a.count.values[0] <= 1 for a in singles):
        first, *others = (replace(a, is_part=False) for a in answers if a.combined > 1)
        return [*(replace(a, is_part=False) for a in singles), replace(first, heading=_(_TOGETHER)), *others]
    return answers


def _read_answers(data: pd.DataFrame) -> Iterator[_Answer]:
    """Yield the answers of the data. Those that a count combines follow it: they are its parts."""
    whole: list[_Count] = []
    parts = 0
    for label, rows in data.groupby("label", sort=False):
        counts = [
            _Count(side, int(n), _values(feasible))
            for side, n, feasible in zip(rows["side"], rows["n"], rows["feasible"], strict=True)
        ]
        main, *others = counts
        combined = int(rows["answers_combined"].iloc[0]) if "answers_combined" in rows else 1
        rank = int(rows["rank"].iloc[0]) if "rank" in rows else None
        is_part = parts > 0
        limits = {count.side: count.values[-1] for count in whole} if is_part else {}
        sides = tuple(count for count in others if _is_narrower(count, main, limits.get(count.side, count.n)))
        yield _Answer(str(label), main, sides, combined, rank, is_part)
        whole, parts = (counts, combined) if combined > 1 else (whole, max(0, parts - 1))


def _is_narrower(side: _Count, total: _Count, limit: int) -> bool:
    """Return whether fewer counts of a side are possible than the total implies, and a limit of the side's own."""
    lower = max(0, total.values[0] - (total.n - side.n))
    upper = min(side.n, total.values[-1], limit)
    return side.values[0] > lower or side.values[-1] < upper or side.has_gaps
