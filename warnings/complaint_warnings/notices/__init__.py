"""Telling people what happened to the cases, and making sure that they were told."""
