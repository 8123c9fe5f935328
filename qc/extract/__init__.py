"""Amounts and dates said aloud."""
