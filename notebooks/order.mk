# The order of the notebooks, written once: Make includes this file and the runner reads it.
# NEEDS_stem lists the notebooks whose results a notebook reads: none for those that read data/raw. PAGE is the order
# of the page.
NEEDS_01_clean :=
NEEDS_02_context := 01_clean
NEEDS_03_programme := 01_clean
NEEDS_04_survey := 01_clean
NEEDS_05_outlook := 01_clean
NEEDS_06_claims := 01_clean
NEEDS_07_annex := 01_clean
NEEDS_08_readings :=
NEEDS_09_small_groups := 01_clean
PAGE := 02_context 03_programme 04_survey 05_outlook 06_claims 07_annex 08_readings 09_small_groups 01_clean
