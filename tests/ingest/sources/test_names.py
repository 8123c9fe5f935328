import pytest

from ingest.sources.names import check_key, is_unfinished, matches, shown, stem
from store.errors import BadInputError


@pytest.mark.parametrize("key", ["a.wav", "2026/03/通话 1.wav", "x/..y/z", "a..wav"])
def test_plain_names_are_taken(key: str):
    check_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../a.wav",
        "a/../../b",
        "a//b",
        "./a",
        "C:\\a.wav",
        "C:/a",
        "a\\b",
        "a\nb",
        "a\x1b[2Jb",
        "a\udcffb",
        "x" * 601,
        "x" * 256,
        "a/" + "名" * 100,
        "a\u202eb",
    ],
)
def test_names_that_lead_elsewhere_or_cannot_be_shown_are_refused(key: str):
    with pytest.raises(BadInputError) as refused:
        check_key(key)
    assert refused.value.code == "source.bad_name"
    assert all(character.isprintable() for character in str(refused.value))


def test_what_is_shown_is_harmless():
    assert shown("a\x1b[2J\udcff") == "a?[2J?"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a.wav", False),
        ("a.wav.part", True),
        ("a.WAV.TMP", True),
        (".hidden/a.wav", True),
        ("b/.a.wav", True),
    ],
)
def test_what_is_still_written_is_known_by_its_name(key: str, expected: bool):
    assert is_unfinished(key) is expected


@pytest.mark.parametrize(
    ("key", "pattern", "expected"),
    [
        ("x/a.WAV", "*.wav", True),
        ("x/a.wav", "y/*.wav", False),
        ("x/a.wav", "x/*.wav", True),
        ("x/y/a.wav", "x/*.wav", False),
        ("x/y/a.wav", "x/**/*.wav", True),
        ("x/a.wav", "x/**/a.wav", True),
        ("a+b.wav", "a+?.wav", True),
        ("a.wav\n", "*.wav", False),
    ],
)
def test_patterns(key: str, pattern: str, expected: bool):
    assert matches(key, (pattern,)) is expected


def test_stems():
    assert [stem(key) for key in ("a/b.c.wav", "b.wav", "a.b/c", ".x")] == ["a/b.c", "b", "a.b/c", ".x"]
