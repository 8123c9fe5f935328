"""An archive of evidence: the same bytes every time, and whoever touches one byte of it is found."""

import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evidence import log_tree, standalone
from pipeline.evidence.archive import Contents, LogRoot, Stamp, to_bytes, write
from pipeline.evidence.signing import public_key
from pipeline.evidence.standalone import canonical, problems, verify_ed25519
from store.errors import BadInputError

SECRET = "a secret key of this house, long enough"
SOUND = b"RIFF" + bytes(range(200))


def contents(**changed: Any) -> Contents:
    entries, before = [], "0" * 64
    for seq in range(1, 8):
        entry = {"seq": seq, "at": "2026-01-01", "actor": "a", "action": "b", "subject": f"call:x/{seq}"}
        entry |= {"details": {"n": seq}, "previous_hash": before}
        before = hashlib.sha256(canonical(entry)).hexdigest()
        entries.append((entry, before))
    tree = log_tree.build([bytes.fromhex(each) for _, each in entries], [2, 4, 6])
    shown = [
        {"seq": at + 1, "entry": entries[at][0] if at != 4 else None, "hash": entries[at][1],
         "path": [step.hex() for step in tree.paths[at]]}
        for at in (2, 4, 6)
    ]  # fmt: skip
    texts = {"pack.yaml": "id: 测试\n", "threats.yaml": "rules: []\n"}
    packs = [{"folder": "cn-test", "files_sha256": hashlib.sha256(canonical(texts)).hexdigest()}]
    files = {
        "audit.json": to_bytes({"entries": shown}),
        "result.json": to_bytes({"说": "话"}),
        "rules/packs.json": to_bytes({"packs": packs}),
        **{f"rules/cn-test/{name}": text.encode() for name, text in texts.items()},
        "recording/录音.wav": SOUND,
    }
    given = {
        "stamp": Stamp("e-1", "2026-03-02T00:00:00+00:00", "lin", True, "court 12"),
        "product": "0.1",
        "call_key": "x/3",
        "recording_sha256": hashlib.sha256(SOUND).hexdigest(),
        "recording_file": "recording/录音.wav",
        "log": LogRoot(7, entries[-1][1], tree.root.hex()),
        "files": files,
    }
    return Contents(**(given | changed))


def packed(contents: Contents, secret: str | None = SECRET) -> bytes:
    out = io.BytesIO()
    write(contents, secret, out)
    return out.getvalue()


WHOLE = packed(contents())


def found(tmp_path: Path, content: bytes, key: str | None = None) -> list[str]:
    path = tmp_path / "evidence.zip"
    path.write_bytes(content)
    return [f"{each.code.removeprefix('evidence.')} {each.where}" for each in problems(path, key)]


def rebuilt(
    change: Callable[[dict[str, bytes]], object], *, order: Callable[[str], Any] | None = None
) -> bytes:
    """The archive after somebody unpacked it, changed files and packed it again just like us."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=order) if order else files:
            info = zipfile.ZipInfo(name)
            info.external_attr, info.create_system = 0o100644 << 16, 3
            archive.writestr(info, files[name])
    return out.getvalue()


def test_the_same_content_gives_the_same_bytes_and_is_whole(tmp_path: Path):
    assert packed(contents()) == WHOLE
    assert found(tmp_path, WHOLE, public_key(SECRET)) == []
    assert found(tmp_path, packed(contents(), None)) == []


def test_it_is_checked_with_nothing_but_python(tmp_path: Path):
    path = tmp_path / "证据.zip"
    path.write_bytes(WHOLE)
    with zipfile.ZipFile(path) as archive:
        archive.extract("verify.py", tmp_path)
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(path)]
    said = subprocess.run([*command, public_key(SECRET)], capture_output=True, check=False)
    assert (said.returncode, said.stderr) == (0, b"")
    assert public_key(SECRET).encode() in said.stdout
    path.write_bytes(WHOLE[:-100])
    said = subprocess.run(command, capture_output=True, check=False)
    assert said.returncode == 1
    assert b"[evidence.not_an_archive]" in said.stderr


def drop(files: dict[str, bytes]) -> None:
    del files["result.json"]


def add(files: dict[str, bytes]) -> None:
    files["more.txt"] = b"more"


def change(files: dict[str, bytes]) -> None:
    files["result.json"] = files["result.json"].replace("话".encode(), "画".encode())


def relist(files: dict[str, bytes]) -> None:
    """A change together with the manifest."""
    change(files)
    manifest = json.loads(files["manifest.json"])
    for file in manifest["files"]:
        file["sha256"] = hashlib.sha256(files[file["name"]]).hexdigest()
    files["manifest.json"] = to_bytes(manifest)


TRICKS: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "removed": (drop, "missing result.json"),
    "added": (add, "added more.txt"),
    "changed": (change, "changed result.json"),
    "changed with the manifest": (relist, "signature signature.json"),
    "no signature": (lambda files: files.pop("signature.json"), "missing signature.json"),
    "no manifest": (lambda files: files.pop("manifest.json"), "manifest manifest.json"),
    "leads out": (lambda files: files.update({"../out.txt": b""}), "bad_name '../out.txt'"),
    "absolute": (lambda files: files.update({"/etc/out": b""}), "bad_name '/etc/out'"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_are_refused_by_name(tmp_path: Path, trick: str):
    how, said = TRICKS[trick]
    assert found(tmp_path, rebuilt(how)) == [said]


def test_another_order_and_other_packing_are_refused(tmp_path: Path):
    assert found(tmp_path, rebuilt(lambda _: None, order=lambda name: name[::-1])) == ["order archive"]
    assert found(tmp_path, rebuilt(lambda _: None)) == []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(50_000_000))
    assert found(tmp_path, out.getvalue()) == ["compressed manifest.json"]
    assert found(tmp_path, b"MZ" + WHOLE) == ["layout manifest.json"]
    assert found(tmp_path, WHOLE + b"x")[0].startswith(("layout", "not_an_archive"))


def test_one_name_twice_is_refused(tmp_path: Path):
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("result.json", b"{}")
    assert found(tmp_path, out.getvalue()) == ["duplicate archive"]


def test_somebody_elses_signature_is_refused_where_the_key_is_known(tmp_path: Path):
    other = packed(contents(), "another secret of somebody else")
    assert found(tmp_path, other) == []
    assert found(tmp_path, other, public_key(SECRET)) == ["signature signature.json"]
    assert found(tmp_path, packed(contents(), None), public_key(SECRET)) == ["signature signature.json"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(place: Path, at: int, flip: int):
    changed = bytearray(WHOLE)
    changed[at] ^= flip
    assert found(place, bytes(changed)) != []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_any_cut_is_found(place: Path, length: int):
    assert found(place, WHOLE[:length]) != []


def test_contents_that_contradict_themselves_are_refused(tmp_path: Path):
    def with_files(**files: bytes) -> bytes:
        whole = contents()
        return packed(contents(files={**whole.files, **files}))

    audit = json.loads(contents().files["audit.json"])
    audit["entries"][0]["entry"]["details"]["n"] = 30
    assert found(tmp_path, with_files(**{"audit.json": to_bytes(audit)})) == ["audit audit entry 3"]
    audit = json.loads(contents().files["audit.json"])
    audit["entries"].pop()
    assert found(tmp_path, with_files(**{"audit.json": to_bytes(audit)})) == ["audit audit.json"]
    audit = json.loads(contents().files["audit.json"])
    audit["entries"][1]["path"] = audit["entries"][0]["path"]
    assert found(tmp_path, with_files(**{"audit.json": to_bytes(audit)})) == ["audit audit entry 5"]
    assert found(tmp_path, with_files(**{"rules/cn-test/threats.yaml": b"rules: [x]\n"})) == [
        "rules rules/cn-test/"
    ]
    assert found(tmp_path, with_files(**{"recording/录音.wav": b"RIFF"})) == ["recording recording/录音.wav"]


def test_too_much_is_refused_when_it_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipeline.evidence.archive.MAX_BYTES", 1024**2 + 100)
    with pytest.raises(BadInputError) as caught:
        packed(contents())
    assert caught.value.code == "evidence.too_large"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.data())
def test_every_entry_is_shown_to_be_in_the_log_and_no_other_is(size: int, data: st.DataObject):
    hashes = [hashlib.sha256(bytes([number])).digest() for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    tree = log_tree.build(hashes, [index])
    path = tree.paths[index]
    assert standalone.is_included(hashes[index], index, size, path, tree.root)
    assert not standalone.is_included(b"\0" * 32, index, size, path, tree.root)
    other = data.draw(st.integers(0, size).filter(lambda each: each != index))
    assert not standalone.is_included(hashes[index], other, size, path, tree.root)
    assert not standalone.is_included(hashes[index], index, size, [*path, b"\0" * 32], tree.root)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=100), st.binary(min_size=32, max_size=32))
def test_signatures_are_those_of_the_library(message: bytes, seed: bytes):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signed = key.sign(message)
    assert verify_ed25519(public, message, signed)
    assert not verify_ed25519(public, message + b"x", signed)
    more = int.from_bytes(signed[32:], "little") + standalone._L  # the same number, written otherwise
    if more < 2**256:
        assert not verify_ed25519(public, message, signed[:32] + more.to_bytes(32, "little"))
    assert not verify_ed25519(public[:31], message, signed)


def test_names_that_hide_something_are_refused(tmp_path: Path):
    name = b"result.json"
    hidden = WHOLE.replace(name, b"result\0json")
    assert found(tmp_path, hidden) != []
    assert struct.pack("<H", 0x21) in WHOLE[:30]
