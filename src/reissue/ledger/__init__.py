"""The ledger: statements of a report as data, judged; messages, discrepancies and the evidence of prose."""
