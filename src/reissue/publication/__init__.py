"""The report as a publication: who made it, how to cite it, its bibliography, and the same for machines."""
