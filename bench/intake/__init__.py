"""How fast calls are taken in from a folder, and what a folder of 100,000 files costs after a kill."""
