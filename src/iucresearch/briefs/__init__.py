"""Briefs: one page about a pairing or a country, with what the report and its data say about it."""
