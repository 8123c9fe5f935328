"""Who gives a command, for the record."""

import getpass


def me() -> str:
    """The user of this machine."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "cli"
