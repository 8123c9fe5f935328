"""Stored calls judged again under other packs, without listening again."""
