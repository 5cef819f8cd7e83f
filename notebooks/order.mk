# The order of the notebooks, written once: Make includes this file and the runner reads it.
# NEEDS_stem lists the notebooks whose results a notebook reads: none for those that read data/raw. ANALYSIS is the one
# that counts and judges: pages and briefs need it too, whatever they show, for the values in their prose and the
# statements about their exhibits. PAGE is the order of the page.
NEEDS_01_clean :=
NEEDS_01b_analysis := 01_clean
NEEDS_02_context := 01_clean
NEEDS_03_programme := 01_clean
NEEDS_04_survey := 01_clean 01b_analysis
NEEDS_05_outlook := 01_clean
NEEDS_06_claims := 01_clean 01b_analysis
NEEDS_07_annex := 01_clean
NEEDS_08_readings :=
NEEDS_09_small_groups := 01b_analysis
ANALYSIS := 01b_analysis
PAGE := 02_context 03_programme 04_survey 05_outlook 06_claims 07_annex 08_readings 09_small_groups 01_clean 01b_analysis
