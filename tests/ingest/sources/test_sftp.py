"""SFTP against a real server on this machine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from ingest.sources.check import check_source
from tests.ingest.sources.sftp_server import USER, SftpServer, served
from tests.ingest.sources.site import NAME, MakeFile, Site, make_source, record_json, wav


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the database does is tested with the folder."""
    return sqlite_url


@pytest.fixture
def server(folder: Path) -> Iterator[SftpServer]:
    with served(folder.parent) as running:
        yield running


def fields(server: SftpServer, **changed: Any) -> dict[str, Any]:
    given = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "path": "/in",
        "host_keys": [server.host_key],
        "password": "password",
    }
    return given | changed


def problem(site: Site, **source: Any) -> tuple[str, str]:
    found = check_source(NAME, make_source(**source), site.settings, site.intake).problem
    assert found is not None
    return found.code, str(found)


def test_calls_are_taken_once_with_a_password_or_a_key(site: Site, server: SftpServer, make: MakeFile):
    for number in (1, 2):
        make(f"日/A{number}.wav", wav(number))
        make(f"日/A{number}.call.json", record_json(f"A{number}"))
    site.use(**fields(server))
    assert site.turn().taken == 0  # the clock of the server counts for nothing: it is looked at twice
    site.later(seconds=11)
    assert (site.turn().taken, sorted(site.calls())) == (2, ["A1", "A2"])

    make("A3.wav", wav(3))
    make("A3.call.json", record_json("A3"))
    secrets = dict(site.settings.sources_secrets) | {"key": server.client_key}
    site.settings = site.settings.model_copy(
        update={"sources_secrets": type(site.settings)(sources_secrets=_plain(secrets)).sources_secrets}
    )
    site.use(**fields(server, password=None, private_key="key"))
    turn = site.turn(settled=True)
    assert (turn.error, turn.taken, turn.noted.known) == (None, 1, 3)


def _plain(secrets: dict[str, Any]) -> dict[str, str]:
    return {k: v if isinstance(v, str) else v.get_secret_value() for k, v in secrets.items()}


def test_a_file_that_grows_is_left_alone(site: Site, server: SftpServer, make: MakeFile):
    site.use(**fields(server))
    make("A1.call.json", record_json("A1"))
    make("A1.wav", wav(1)[:900])
    site.turn()
    site.later(seconds=11)
    make("A1.wav", wav(1))
    assert site.turn().taken == 0
    site.later(seconds=11)
    assert site.turn().taken == 1


def test_links_pipes_and_odd_names_are_refused(site: Site, server: SftpServer, folder: Path, make: MakeFile):
    (folder.parent / "secret.wav").write_bytes(wav(9))
    (folder / "link.wav").symlink_to("../secret.wav")
    (folder / "away").symlink_to("..", target_is_directory=True)
    os.mkfifo(folder / "pipe.wav")
    make("bad\nname.wav", wav(8))
    (folder / os.fsdecode(b"\xff.wav")).write_bytes(wav(7))
    site.use(**fields(server))
    assert site.turn(settled=True).taken == 0
    codes = sorted(str(code) for _, code in site.items().values())
    assert codes == ["source.bad_name", "source.bad_name", "source.link", "source.not_a_file"]


def test_a_folder_that_became_a_link_is_not_followed(
    site: Site, server: SftpServer, folder: Path, make: MakeFile
):
    make("day/A1.wav", wav(1))
    make("day/A1.call.json", record_json("A1"))
    site.use(**fields(server, settle_seconds=0))

    def swap(what: str, _count: int, _taken: object) -> None:
        if what != "list":
            return
        (folder / "day").rename(folder.parent / "was")
        (folder / "day").symlink_to("../was", target_is_directory=True)

    site.turn(listen=swap)
    assert site.items() == {"day/A1.wav": ("refused", "source.link")}


def test_what_is_wrong_is_said_in_plain_words(site: Site, server: SftpServer, folder: Path):
    another = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        told = [
            problem(site, **fields(server, path="/nowhere")),
            problem(site, **fields(server, host_keys=[f"[127.0.0.1]:{server.port} {another}"])),
            problem(site, **fields(server, user="somebody")),
            problem(site, **fields(server, host="nowhere.invalid")),
            problem(site, **fields(server, port=port)),
            problem(site, **fields(server, password=None, private_key="password")),
        ]
    assert [code for code, _ in told] == [
        "source.folder_missing",
        "source.host_key",
        "source.login",
        "source.host_unknown",
        "source.refused",
        "source.private_key",
    ]
    assert "another machine" in told[1][1]
    assert not any("open sesame" in text for _, text in told)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_the_right_to_read(site: Site, server: SftpServer, folder: Path):
    folder.chmod(0)
    assert problem(site, **fields(server))[0] == "source.no_right"


def test_a_server_that_dies_blames_no_recording(site: Site, folder: Path, make: MakeFile):
    make("A1.wav", wav(1))
    make("A1.call.json", record_json("A1"))
    with served(folder.parent) as running:
        site.use(**fields(running))
        site.turn()
    site.later(seconds=60)
    turn = site.turn()
    assert turn.error is not None
    assert turn.error.code == "source.refused"
    assert site.items() == {"A1.wav": ("found", None)}
