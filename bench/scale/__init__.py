"""How far the distributed run scales, what a call costs the database, and where the database's limit lies."""
