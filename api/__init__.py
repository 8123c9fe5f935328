"""The HTTP routes and the command line `diting`."""
