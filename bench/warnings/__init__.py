"""How well the warning score foretells complaints in a simulated portfolio (README.md)."""
