"""Counting of found against labelled categories, on calls small enough to count by hand."""

import json
from pathlib import Path

import pytest

from pipeline.evaluation import Span, compare, locate, summarise, to_json
from pipeline.labels import Labels, find_labelled, load_labels, parse_labels
from store.errors import BadInputError


def labels(**given):
    fields = {"present": {}, "absent": (), "open": (), "band": None, "level": None} | given
    return Labels(
        present={k: frozenset(v) for k, v in fields["present"].items()},
        absent=frozenset(fields["absent"]),
        open=frozenset(fields["open"]),
        band=fields["band"],
        level=fields["level"],
    )


def result(*findings, band="clean", level=None, status="inspected", utterances=()):
    return {
        "status": status,
        "reasons": [],
        "transcript": {"utterances": [{"speaker": s, "start": a, "end": b} for s, a, b in utterances]},
        "findings": [
            {"category": c, "speaker": "agent", "utterances": list(u), "start": None, "end": None}
            for c, u in findings
        ],
        "score": {"band": band},
        "warning": {"level": level} if level else None,
    }


def test_labels_merge_entries_of_one_category_and_drop_open_ones():
    parsed = parse_labels(
        {
            "present": [
                {"category": "negative_emotion", "utterances": [1], "state": "angry"},
                {"category": "negative_emotion", "utterances": [4], "state": "anxious"},
                {"category": "dismissive", "utterances": [2]},
            ],
            "absent": ["threat", "negative_emotion", "abuse"],
            "open": ["dismissive", "abuse"],
            "expect": {"score_band": "clean", "warning_level": "none"},
        },
        "x",
    )
    assert parsed.present == {"negative_emotion": frozenset({1, 4})}
    assert parsed.absent == {"threat"}
    assert (parsed.band, parsed.level) == ("clean", "none")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "x"),
        ({"present": "threat"}, "x present"),
        ({"present": [{"utterances": [1]}]}, "x present[0]"),
        ({"present": [{"category": "threat", "utterances": [-1]}]}, "x present[0].utterances"),
        ({"present": [{"category": "threat", "utterances": ["1"]}]}, "x present[0].utterances"),
        ({"absent": [3]}, "x absent"),
        ({"expect": ["clean"]}, "x expect"),
    ],
)
def test_malformed_labels_name_the_field(data, field):
    with pytest.raises(BadInputError) as caught:
        parse_labels(data, "x")
    assert caught.value.code == "labels.malformed"
    assert caught.value.where == field


def test_counts_of_two_calls_by_hand():
    one = compare(
        "one",
        labels(
            present={"threat": {2}, "abuse": {5}, "off_hours": set()},
            absent={"impersonation", "false_legal"},
            open={"dismissive"},
            band="critical",
            level="high",
        ),
        result(("threat", [3]), ("off_hours", []), ("impersonation", [0]), ("dismissive", [1])),
        None,
    )
    two = compare(
        "two",
        labels(present={"threat": {9}}, absent={"false_legal"}, band="critical", level="none"),
        result(("threat", [1, 2]), ("threat", [7]), ("no_closing", [4]), band="critical"),
        None,
    )
    evaluation = summarise([one, two])
    counts = {c.category: c for c in evaluation.categories}

    assert "dismissive" not in counts
    assert (counts["threat"].tp, counts["threat"].placed, counts["threat"].placeable) == (2, 1, 2)
    assert (counts["abuse"].fn, counts["abuse"].f1) == (1, 0.0)
    assert (counts["off_hours"].tp, counts["off_hours"].placeable) == (1, 0)
    assert (counts["impersonation"].fp, counts["impersonation"].near_miss_alarms) == (1, 1)
    assert (counts["no_closing"].fp, counts["no_closing"].near_misses) == (1, 0)
    assert (counts["false_legal"].near_misses, counts["false_legal"].near_miss_alarms) == (2, 0)
    # Categories that occur: threat 1.0, abuse 0.0, off_hours 1.0.
    assert evaluation.macro_f1 == pytest.approx(2 / 3)
    assert (evaluation.total.tp, evaluation.total.fp, evaluation.total.fn) == (3, 2, 1)
    assert (evaluation.band.right, evaluation.band.of) == (1, 2)
    assert (evaluation.level.right, evaluation.level.of) == (1, 2)


def test_json_states_every_measure():
    call = compare("a", labels(present={"threat": {2}}, absent={"abuse"}), result(("abuse", [0])), None)
    data = to_json(summarise([call]))
    assert data["macro_f1"] == 0.0
    assert data["near_miss"] == {"labels": 1, "false_alarms": 1, "rate": 1.0}
    assert data["categories"]["threat"]["precision"] is None
    assert data["categories"]["threat"]["recall"] == 0.0
    assert data["band"] == {"right": 0, "of": 0, "rate": None}
    assert data["per_call"][0]["missed"] == ["threat"]
    assert data["per_call"][0]["extra"] == ["abuse"]
    assert data["per_call"][0]["near_miss_alarms"] == ["abuse"]
    json.dumps(data)


def test_places_are_mapped_by_time_when_the_result_is_from_audio():
    turns = [Span("agent", 0, 2), Span("customer", 2, 4), Span("agent", 4, 6), Span("agent", 20, 22)]
    heard = [("agent", 0.1, 1.0), ("agent", 4.2, 5.5)]
    outcome = compare("a", labels(present={"threat": {2}}), result(("threat", [1]), utterances=heard), turns)
    assert outcome.found == {"threat": frozenset({2})}


def test_a_finding_without_utterances_is_placed_by_its_own_times():
    turns = [Span("agent", 0, 2), Span("customer", 40, 44)]
    found = result(("dead_air", []))
    found["findings"][0] |= {"start": 2.0, "end": 39.0}
    outcome = compare("a", labels(present={"dead_air": {1}}), found, turns)
    assert outcome.found["dead_air"] <= {0, 1}


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span("agent", 3.5, 4.5), {2}),  # overlaps both sides: the same speaker's turn
        (Span("customer", 4.5, 5.0), {2}),  # overlaps only the other speaker's turn
        (Span("agent", 7.0, 8.0), {2}),  # in a pause: the nearest turn
        (Span("agent", 18.0, 19.0), {3}),
        (Span("unknown", 3.5, 4.5), {1, 2}),
    ],
)
def test_locate(span, expected):
    turns = [Span("agent", 0, 2), Span("customer", 2, 4), Span("agent", 4, 6), Span("agent", 20, 22)]
    assert locate(span, turns) == expected


def test_locate_without_turns():
    assert locate(Span("agent", 0, 1), []) == frozenset()


def test_nothing_found_and_nothing_labelled():
    evaluation = summarise([compare("a", labels(), result(), None)])
    assert evaluation.macro_f1 is None
    assert evaluation.categories == ()
    assert evaluation.statuses == {"inspected": 1, "unjudged": 0, "refused": 0}


def write_call(folder: Path, name: str, *suffixes: str) -> None:
    for suffix in (".labels.json", *suffixes):
        (folder / f"{name}{suffix}").write_text("{}")


def test_folder_is_gathered_by_name_without_mono_mixes(tmp_path):
    write_call(tmp_path, "A", ".opus", ".mono.opus", ".call.json", ".transcript.json")
    write_call(tmp_path, "B", ".call.json", ".transcript.json")
    write_call(tmp_path, "AB[1]", ".WAV")
    calls = find_labelled(tmp_path)
    assert [c.name for c in calls] == ["A", "AB[1]", "B"]
    assert calls[0].recording == tmp_path / "A.opus"
    assert calls[0].transcript == tmp_path / "A.transcript.json"
    assert calls[1].recording == tmp_path / "AB[1].WAV"
    assert calls[2].recording is None
    (mono,) = find_labelled(tmp_path, mono=True)
    assert mono.recording == tmp_path / "A.mono.opus"
    assert mono.metadata == tmp_path / "A.call.json"


def test_folders_without_labelled_calls_are_refused(tmp_path):
    with pytest.raises(BadInputError) as missing:
        find_labelled(tmp_path / "nowhere")
    assert missing.value.code == "labels.no_folder"
    with pytest.raises(BadInputError) as empty:
        find_labelled(tmp_path)
    assert empty.value.code == "labels.none"


def test_unreadable_label_file(tmp_path):
    path = tmp_path / "A.labels.json"
    path.write_bytes(b"\xff{")
    with pytest.raises(BadInputError) as caught:
        load_labels(path)
    assert caught.value.code == "labels.unreadable"
    assert str(path) in str(caught.value)
