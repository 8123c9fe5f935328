"""The bench of the ledger: 200,000 lines on PostgreSQL."""
