from pathlib import Path

import pytest

from pipeline.voice_evaluation.labels import read_clips
from store.errors import BadInputError

HEAD = "file\tspeaker\temotion\n"


@pytest.fixture
def labels(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "labels.tsv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def counted(labels, *emotions):
    rows = "".join(f"{number}.wav\tA\t{emotion}\n" for number, emotion in enumerate(emotions))
    return [clip.counted for clip in read_clips(Path("x"), labels(HEAD + rows))]


@pytest.mark.parametrize(
    "word", ["anger", "Angry", " ANG ", "hot anger", "生气", "愤怒", "生氣", "angry_01", "生气 (angry)"]
)
def test_words_for_anger(labels, word):
    assert counted(labels, word) == ["anger"]


@pytest.mark.parametrize("word", ["neutral", "Neutral", "NEU", "中性", "中立", "平静", "neutral-2"])
def test_words_for_neutral(labels, word):
    assert counted(labels, "anger", word, "joy", "高兴") == ["anger", "neutral", "rest", "rest"]


def test_calm_is_neutral_only_where_nothing_else_is(labels):
    assert counted(labels, "angry", "calm", "sad") == ["anger", "neutral", "rest"]
    assert counted(labels, "angry", "calm", "neutral") == ["anger", "rest", "neutral"]


def test_columns_are_found_by_name_in_any_order(labels):
    path = labels("\ufeffEmotion\tnote\tFILE\tspeaker\n\nanger\tx\tsub/a.wav\t01\n", "utf-8")
    (clip,) = read_clips(Path("folder"), path)
    assert (clip.file, clip.path, clip.speaker, clip.emotion) == (
        "sub/a.wav",
        Path("folder/sub/a.wav"),
        "01",
        "anger",
    )


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "voice_labels.column", "no column file; the first line names: nothing"),
        ("file\tspeaker\na.wav\tA\n", "voice_labels.column", "no column emotion"),
        ("a.wav\tA\tanger\n", "voice_labels.column", "no column file"),
        (HEAD, "voice_labels.nothing", "names no clips"),
        (HEAD + "a.wav\tA\n", "voice_labels.malformed", "line 2"),
        (HEAD + "a.wav\t\tanger\n", "voice_labels.malformed", "line 2"),
        (HEAD + "a.wav\tA\tjoy\n", "voice_labels.no_anger", "the emotions are: joy"),
        (HEAD + "../a.wav\tA\tanger\n", "voice_labels.outside", "../a.wav is not in the folder"),
        (HEAD + "/a.wav\tA\tanger\n", "voice_labels.outside", "/a.wav is not in the folder"),
        (HEAD + "a.wav\tA\tanger\na.wav\tA\tjoy\n", "voice_labels.twice", "line 3"),
    ],
)
def test_what_is_wrong_is_said(labels, text, code, says):
    with pytest.raises(BadInputError, match=says) as caught:
        read_clips(Path("x"), labels(text))
    assert caught.value.code == code


def test_a_file_that_is_no_text_or_not_there(labels, tmp_path):
    with pytest.raises(BadInputError) as caught:
        read_clips(tmp_path, labels("愤怒", "gbk"))
    assert caught.value.code == "voice_labels.malformed"
    with pytest.raises(BadInputError) as caught:
        read_clips(tmp_path, tmp_path / "none.tsv")
    assert caught.value.code == "voice_labels.not_found"


def test_label_files_from_windows(labels):
    (clip,) = read_clips(Path("x"), labels("file\tspeaker\temotion\r\nsub\\a.wav\tA\tanger\r\n"))
    assert clip.path == Path("x/sub/a.wav")
