"""The sound before any word: channels, speech, and what else is on the line."""
