"""Alembic's folder: `env.py`, the template of a revision, and the revisions in `versions`."""
