"""Whether this installation can do its work: each thing it needs is tried, and said in plain words."""
