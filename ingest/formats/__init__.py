"""Readers of the records that telephone systems and case systems write (docs/formats.md). No database."""
