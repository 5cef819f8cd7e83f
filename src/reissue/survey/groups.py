"""The groups of respondents of a survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: All groups together.
ALL = "all"


@dataclass(frozen=True)
class Groups:
    """The groups of respondents, and the questions that only some of them were asked.

    Attributes
    ----------
    question
        The id of the single-choice question whose answer is the respondent's group.
    by_option
        The group of each option of that question, in the order in which tables list the groups.
    asked
        The groups that a question was asked of, by question. A question without a key was asked of every group.

    Examples
    --------
    >>> groups = Groups("role", {"student": "Students", "staff": "Staff", "guest": "Guests"}, {"room": ("Guests",)})
    >>> groups.names
    ('Students', 'Staff', 'Guests')
    """

    question: str
    by_option: Mapping[str, str]
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.names or len({*self.names, ALL}) <= len(self.names):
            raise ValueError(f"the groups are {', '.join(self.names)}: expected different names, none of them {ALL!r}")
        for group in (group for groups in self.asked.values() for group in groups):
            self.select(group)

    @property
    def names(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(self.by_option.values())

    @property
    def options(self) -> dict[str, str]:
        """The option of each group."""
        return {group: option for option, group in self.by_option.items()}

    def select(self, group: str) -> tuple[str, ...]:
        """Return every group for `all`, else the one group; raise ValueError if the group is unknown."""
        if group != ALL and group not in self.names:
            raise ValueError(f"unknown group {group!r}: expected one of {', '.join([ALL, *self.names])}")
        return self.names if group == ALL else (group,)
