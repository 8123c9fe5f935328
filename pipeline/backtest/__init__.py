"""Two versions of a pack run over the same calls, and what the difference would be worth."""
