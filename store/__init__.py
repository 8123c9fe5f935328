"""Settings, database, recordings, audit chain, clock and errors: what every other part stands on."""
