"""What people decide about findings, and which rules only advise because of it."""
