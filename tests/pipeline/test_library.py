"""Packs opened for reading: once for each version, anew when something changes, by their ids alone."""

import os
from pathlib import Path

import pytest

from pipeline.library import Library
from qc.approval.content import read_content
from qc.approval.lookup import find_version
from qc.approval.service import approve, propose
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import NotFoundError, RuleError
from store.settings import Settings
from tests.qc.approval.packs import write_house


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    write_house(tmp_path / "packs")
    return tmp_path / "packs"


@pytest.fixture
def library(tmp_path: Path, packs: Path) -> Library:
    return Library(Settings(data_dir=tmp_path / "var", rule_folders=(packs,)))


def test_a_pack_is_read_once_until_it_changes(
    library: Library, packs: Path, session_factory: SessionFactory
) -> None:
    with reading(session_factory) as session:
        first = library.live(session, "house")
        assert library.live(session, "house") is first
        assert [entry.compiled.name for entry in first.entries] == ["house.listen@1"]
        topic = write_house(packs, phrase="闭嘴") / "topic.yaml"
        os.utime(topic, ns=(1, 1))
        again = library.live(session, "house")
        assert again is not first
        assert "闭嘴" in again.files["topic.yaml"]


def test_what_was_approved_is_read_whatever_the_files_say(
    library: Library, packs: Path, session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        propose(session, clock, read_content(packs / "house"), by="王敏")
        approve(session, clock, pack="house", by="李雷")
    write_house(packs, version="2", rule=2, phrase="闭嘴")
    with reading(session_factory) as session:
        assert [each.compiled.name for each in library.live(session, "house").entries] == ["house.listen@1"]
        row = find_version(session, "house", "1")
        assert library.version(session, row).files == dict(row.files)


def test_packs_are_found_by_id_and_reach_no_folder(
    library: Library, packs: Path, session_factory: SessionFactory
) -> None:
    with reading(session_factory) as session:
        assert library.known(session) == ["cn-base", "cn-telecom-client", "us-regf", "house"]
        for name in ("nobody", str(packs / "house"), "../packs/house"):
            with pytest.raises(NotFoundError) as unknown:
                library.live(session, name)
            assert unknown.value.code == "rules.pack_unknown"
        files = library.files(session, "house")
        files["pack.yaml"] += f"extends: [{packs / 'house'}]\n"
        with pytest.raises(RuleError) as reaching:
            library.changed(session, "house", files)
        assert reaching.value.code == "rules.pack_unknown"


def test_examples_are_run_once(library: Library, packs: Path, session_factory: SessionFactory) -> None:
    write_house(packs, version="2", more="")
    topic = packs / "house" / "topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("allowed: [您好]", "allowed: [你给我听好了]"), "utf-8")
    with reading(session_factory) as session:
        opened = library.live(session, "house")
    (failure,) = opened.failures("house.listen")
    assert (failure.expected, failure.index) == ("allowed", 0)
    assert opened.failures("house.listen") is opened.failures("house.listen")
