"""Full-text search over what was said: one way to cut text into words, on every database."""
