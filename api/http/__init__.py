"""The HTTP API and the pages served with it."""
