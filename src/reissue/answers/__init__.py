"""True answers, if they are known: a respondent-level export is read, written and counted."""
