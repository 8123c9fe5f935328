"""Who reviews which ticket: by skill and load, and never one who may not."""
