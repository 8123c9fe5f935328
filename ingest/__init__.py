"""Connectors to recorders, call metadata, audio decoding and registration."""
