"""The record of what was done, the way back, and the report: ledger, linkage, report."""
