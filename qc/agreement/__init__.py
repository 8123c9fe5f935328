"""How far people agree: with each other, with an expert, and with the machine."""
