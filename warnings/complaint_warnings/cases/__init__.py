"""The handling of a warning or a complaint, from the report to closing, through one door."""
