"""Coaching of collectors, and whether it helped."""
