"""Personal data in what was said: where it stands in the words and in time."""
