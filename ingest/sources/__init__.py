"""Connectors: recordings and their records taken from folders, SFTP servers, buckets and recorders' APIs."""
