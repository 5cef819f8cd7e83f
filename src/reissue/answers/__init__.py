"""The true answers, when someone has them: a respondent-level export, read, written and counted."""
