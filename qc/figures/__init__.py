"""Figures of judged calls by day, so that dashboards need not count a million calls each time."""
