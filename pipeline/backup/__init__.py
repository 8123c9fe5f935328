"""Backups: everything an installation needs to come back, kept so that a kill at any moment harms none."""
