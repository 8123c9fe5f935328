"""The cost of listening to voices."""
