"""How fast the words of all rules are looked for, how that grows, and how other programs do the same work."""
