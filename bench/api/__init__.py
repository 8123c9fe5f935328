"""The bench of the API: a million calls on PostgreSQL, asked for over HTTP by many people at once."""
