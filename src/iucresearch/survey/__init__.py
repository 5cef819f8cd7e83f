"""What the survey's published numbers allow."""

from iucresearch.survey.bounds import bounds
from iucresearch.survey.rounding import ROUNDINGS, allowed_counts

__all__ = ["ROUNDINGS", "allowed_counts", "bounds"]
