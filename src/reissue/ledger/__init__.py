"""The ledger: every checkable statement of the report is a row, and code judges it."""

from reissue.ledger.findings import VERDICTS
from reissue.ledger.judge import judge

__all__ = ["VERDICTS", "judge"]
