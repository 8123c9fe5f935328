"""Helpers of the rule tests: packs written inline, calls written as turns."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from qc.compile import PackSet
from qc.packs import load_packs

MakePack = Callable[..., PackSet]

HEAD = """
id: {id}
version: 1
language: {language}
title: {{zh: 试验, en: Trial}}
"""


def write_pack(folder: Path, topic: str, *, language: str = "zh", head: str | None = None) -> Path:
    """A pack folder named `trial` with one topic file `topic.yaml`."""
    pack = folder / "trial"
    pack.mkdir(exist_ok=True)
    (pack / "pack.yaml").write_text(head or HEAD.format(id="trial", language=language), encoding="utf-8")
    (pack / "topic.yaml").write_text(textwrap.dedent(topic), encoding="utf-8")
    return pack


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Compile a pack from the text of a topic file."""

    def make(topic: str, *, language: str = "zh") -> PackSet:
        return load_packs([str(write_pack(tmp_path, topic, language=language))])

    return make
