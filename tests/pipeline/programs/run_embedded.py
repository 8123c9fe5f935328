"""Takes in a folder and works until every call is done, as `diting demo` does: run_embedded.py FOLDER."""

import sys
from pathlib import Path

from pipeline.intake import take_in
from pipeline.runner import EmbeddedRunner
from pipeline.tools import open_tools
from store import migrate
from store.settings import Settings


def say(what: object) -> None:
    sys.stderr.write(f"{what}\n")


def main() -> None:
    settings = Settings()
    migrate.upgrade(settings.database_url)
    tools = open_tools(settings)
    for outcome in take_in(tools, Path(sys.argv[1])):
        say(outcome)
    tools.close()
    EmbeddedRunner(settings, listen=say).run_until_done()


if __name__ == "__main__":
    main()
