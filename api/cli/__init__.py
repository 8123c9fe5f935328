"""The command line `diting`."""
