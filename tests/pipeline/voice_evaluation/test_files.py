import pytest

from pipeline.voice_evaluation.files import ClipFiles

FILES = (
    "anna/angry/0001.wav",
    "anna/calm/0001.wav",
    "Bert/B.Two.FLAC",
    "bert/three.wav",
    "bert/three.mp3",
    "notes.txt",
    "spoken",
)


@pytest.fixture
def files(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = ClipFiles(tmp_path)
    return lambda name: [path.relative_to(tmp_path).as_posix() for path in found.find(name)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anna/angry/0001.wav", ["anna/angry/0001.wav"]),
        ("angry/0001", ["anna/angry/0001.wav"]),
        ("ANNA/ANGRY/0001.FLAC", ["anna/angry/0001.wav"]),
        ("0001.wav", ["anna/angry/0001.wav", "anna/calm/0001.wav"]),
        ("b.two", ["Bert/B.Two.FLAC"]),
        ("three.mp3", ["bert/three.mp3"]),
        ("three", ["bert/three.mp3", "bert/three.wav"]),
        ("spoken", ["spoken"]),
        ("ree.mp3", []),
        ("clara/0001.wav", []),
        ("notes", []),
    ],
)
def test_find(files, name, found):
    assert files(name) == found


def test_named_from_the_folder_above(tmp_path):
    folder = tmp_path / "Corpus"
    folder.mkdir()
    (folder / "a.wav").touch()
    assert ClipFiles(folder).find("corpus/a.wav") == [folder / "a.wav"]
