"""A language model's opinion on doubtful findings, where a site runs one: advice, never evidence."""
