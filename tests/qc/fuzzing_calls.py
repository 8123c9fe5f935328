"""Random calls for hypothesis: what was said, heard and recorded, in any order and of any quality."""

from typing import Any, get_args

from hypothesis import strategies as st

from ingest.metadata import CallRecord, parse_call_record
from tests.qc.fuzzing import Draw, anything, told
from transcription.types import Cue, CueKind, Transcript, Utterance, Word


@st.composite
def transcripts(draw: Draw) -> Transcript:
    """What was said, in any order, by anybody, however well it was heard."""
    sides = st.sampled_from(("agent", "customer", "unknown"))
    shares = st.floats(0, 1)
    seconds = st.floats(0, 7200)
    said = []
    for number in range(draw(st.integers(0, 8))):
        text, start = draw(anything), draw(seconds)
        words = tuple(
            Word(char, start, start + 0.2, draw(shares)) for char in text[: draw(st.integers(0, 9))]
        )
        said.append(
            Utterance(
                number,
                draw(sides),
                start,
                draw(seconds),
                text * draw(st.sampled_from((1, 1, 1, 200))),
                draw(shares),
                words,
                role_trust=draw(shares),
            )
        )
    return Transcript(
        draw(st.sampled_from(("zh", "zh", "en", None))),
        draw(st.sampled_from(("given", "faster-whisper"))),
        "",
        tuple(said),
    )


cues = st.lists(
    st.builds(
        Cue,
        kind=st.sampled_from(get_args(CueKind)),
        speaker=st.sampled_from(("agent", "customer", "unknown")),
        start=st.floats(0, 100),
        end=st.floats(0, 100),
        value=st.floats(-1e6, 1e6),
        unit=st.just("s"),
        utterances=st.just(()),
        confidence=st.floats(0, 1),
    ),
    max_size=4,
)


@st.composite
def records(draw: Draw) -> CallRecord:
    """Metadata of a call, with more or less in it."""
    fields: dict[str, Any] = {"external_id": "F1", "source": "fuzz"}
    some: dict[str, st.SearchStrategy[Any]] = {
        "direction": st.sampled_from(("outbound", "inbound")),
        "started_at": st.sampled_from(("2026-03-05T10:12:00+08:00", "2026-03-08T02:30:00-05:00")),
        "ended_by": st.sampled_from(("agent", "customer")),
        "customer": st.fixed_dictionaries(
            {}, optional={"relation": told, "timezone": st.just("Asia/Shanghai"), "name": told}
        ),
        "case": st.fixed_dictionaries({}, optional={"client": told, "amount_due": st.just("12.50")}),
        "note": st.one_of(st.none(), st.fixed_dictionaries({"outcome": told, "text": told})),
        "history": st.lists(
            st.fixed_dictionaries(
                {"started_at": st.just("2026-03-05T09:12:00+08:00"), "connected": st.booleans()}
            ),
            max_size=3,
        ),
    }
    for name, strategy in some.items():
        if draw(st.booleans()):
            fields[name] = draw(strategy)
    return parse_call_record(fields, "fuzz")
