"""Briefs: one page about a pairing or a country, what the report and its data say of it."""

from iucresearch.briefs.subject import named_values, subjects

__all__ = ["named_values", "subjects"]
