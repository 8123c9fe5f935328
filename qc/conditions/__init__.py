"""Conditions, compiled: each finds its hits in a call. Nothing here changes anything."""
