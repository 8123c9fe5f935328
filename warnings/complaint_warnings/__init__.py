"""Complaint warnings: risk score, ledger and the handling of a warning."""
