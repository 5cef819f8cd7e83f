"""The ledger: every checkable statement of the report is a row, and code judges it."""

from reissue.ledger.judge import VERDICTS, judge

__all__ = ["VERDICTS", "judge"]
