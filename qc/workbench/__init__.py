"""The rule workbench: looking at rules, trying them, explaining and comparing them. Pure: no database."""
