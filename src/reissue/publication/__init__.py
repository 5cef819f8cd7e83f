"""The report as a publication: citation, bibliography and descriptions for other programs."""
