"""Versions of rule packs: proposed by one person, approved by another, kept for good."""
