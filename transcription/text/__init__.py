"""Text as the rules read it."""
