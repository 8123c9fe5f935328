"""The rule language: what a pack may say, and reading it with errors that name the place and the mend."""
