from pathlib import Path

import pytest

from pipeline.voice_evaluation.labels import compare_with_something, read_clips, read_labels
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
    "word",
    ["anger", "Angry", " ANG ", "hot anger", "生气", "愤怒", "愤怒的", "生氣", "angry_01", "生气 (angry)"],
)
def test_words_for_anger(labels, word):
    assert counted(labels, word) == ["anger"]


@pytest.mark.parametrize("word", ["neutral", "Neutral", "NEU", "中性", "中立", "平静", "neutral-2"])
def test_words_for_neutral(labels, word):
    assert counted(labels, "anger", word, "joy", "高兴") == ["anger", "neutral", "rest", "rest"]


def test_calm_is_neutral_only_where_nothing_else_is(labels):
    assert counted(labels, "angry", "calm", "sad") == ["anger", "neutral", "rest"]
    assert counted(labels, "angry", "calm", "neutral") == ["anger", "rest", "neutral"]


ROW = {"file": "sub/a.wav", "speaker": "01", "emotion": "愤怒"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(
    "text",
    [
        "Emotion\tnote\tFILE\tspeaker\n\n愤怒\tx\tsub/a.wav\t01\n",
        "file,speaker,emotion\r\nsub/a.wav,01,愤怒\r\n",
        'speaker;path;label\n01;"sub/a.wav";愤怒\n',
        "label\temotion\t文件\t说话人\n3\t愤怒\tsub\\a.wav\t01\n",
    ],
)
def test_columns_are_found_by_name_in_any_order(labels, text, encoding):
    (clip,) = read_clips(Path("folder"), labels(text, encoding))
    assert {"file": clip.file, "speaker": clip.speaker, "emotion": clip.emotion} == ROW


def test_files_in_the_folder(labels, tmp_path):
    (tmp_path / "clips" / "sub").mkdir(parents=True)
    (tmp_path / "clips" / "sub" / "a.flac").touch()
    inside = tmp_path / "clips" / "sub" / "a.flac"
    for name in ("sub/a", "a.wav", "clips/sub/a", str(inside)):
        (clip,) = read_clips(tmp_path / "clips", labels(HEAD + f"{name}\tA\tanger\n"))
        assert (clip.path, clip.several) == (inside, False)
    path = labels(HEAD + "sub/a\tA\tanger\na.flac\tA\tjoy\n")
    with pytest.raises(BadInputError, match="are the same clip") as caught:
        read_clips(tmp_path / "clips", path)
    assert caught.value.code == "voice_labels.twice"
    (tmp_path / "clips" / "a.mp3").touch()
    (clip,) = read_clips(tmp_path / "clips", labels(HEAD + "a\tA\tanger\n"))
    assert (clip.path, clip.several) == (None, True)


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


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"file\tspeaker\temotion\n\xff\xff\xff"])
def test_a_file_that_is_no_text(tmp_path, data):
    (tmp_path / "labels.tsv").write_bytes(data)
    with pytest.raises(BadInputError) as caught:
        read_clips(tmp_path, tmp_path / "labels.tsv")
    assert caught.value.code == "voice_labels.malformed"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInputError) as caught:
        read_clips(tmp_path, tmp_path / "none.tsv")
    assert caught.value.code == "voice_labels.not_found"


def test_a_bad_row_spoils_only_itself(labels, tmp_path):
    for name in ("a.wav", "b.flac", "c.wav"):
        (tmp_path / name).touch()
    rows = (
        "a.wav\tA\tanger",
        "a.wav\tA\tanger",  # the same once more: it counts once
        "short row",
        "\t\t",
        "../a.wav\tA\tjoy",
        "b.flac\tA\tneutral",
        "b\tA\tanger",  # nobody knows which is right
        "c.wav\tA\tneutral",
    )
    read = read_labels(tmp_path, labels(HEAD + "\n".join(rows)))
    assert [(clip.file, clip.counted) for clip in read.clips] == [("a.wav", "anger"), ("c.wav", "neutral")]
    assert [(error.where, error.code.partition(".")[2]) for error in read.bad_rows] == [
        ("labels.tsv line 4", "malformed"),
        ("labels.tsv line 6", "outside"),
        ("labels.tsv line 3", "twice"),
        ("labels.tsv line 8", "twice"),
    ]
    assert read.bad_rows[-1].message == (
        "b.flac and b are the same clip, which is named twice, as A neutral and as A anger"
    )


def test_a_table_without_a_header_is_read_where_its_first_line_names_a_clip(labels, tmp_path):
    (tmp_path / "a.flac").touch()
    text = "a.wav,01,生气\nb.wav,01,中性\n"
    clips = read_clips(tmp_path, labels(text))
    assert [(clip.file, clip.speaker, clip.counted) for clip in clips] == [
        ("a.wav", "01", "anger"),
        ("b.wav", "01", "neutral"),
    ]
    with pytest.raises(BadInputError, match="there is no column file"):
        read_clips(tmp_path, labels(text.replace("a.wav", "/a.wav")))


def test_a_field_too_long_for_a_table_is_told(labels):
    with pytest.raises(BadInputError, match="field larger than field limit") as caught:
        read_clips(Path("x"), labels(HEAD + "a" * 200_000))
    assert caught.value.code == "voice_labels.malformed"


def test_anger_alone_can_be_told_from_nothing(labels):
    path = labels(HEAD + "a.wav\tA\tanger\n")
    with pytest.raises(BadInputError, match="all 1 clips are labelled as anger") as caught:
        compare_with_something(path, read_clips(Path("x"), path))
    assert caught.value.code == "voice_labels.only_anger"
