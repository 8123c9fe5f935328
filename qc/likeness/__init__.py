"""Likeness to examples: what people mean where no listed word is said. docs/likeness.md."""
