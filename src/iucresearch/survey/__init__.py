"""What the survey's published numbers allow; usable for any report that prints counts and percentages."""

from iucresearch.survey.counting import InexactWarning, conflicts, count_tables, draw, feasible, possible, tables
from iucresearch.survey.layers import TooLargeError
from iucresearch.survey.rounding import ROUNDINGS, allowed_counts
from iucresearch.survey.system import System

__all__ = [
    "ROUNDINGS",
    "InexactWarning",
    "System",
    "TooLargeError",
    "allowed_counts",
    "conflicts",
    "count_tables",
    "draw",
    "feasible",
    "possible",
    "tables",
]
