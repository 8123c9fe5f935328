"""What surrounds the words: machines that speak, whether anybody was reached, how good the recording is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.audio import Audio
from transcription.sound.fitness import problems
from transcription.sound.health import examine
from transcription.sound.line import line_sounds
from transcription.text.announcements import MachineKind, Passage, passages
from transcription.types import LineSound, Speaker, Transcript, Utterance, Word

NOT_CONNECTED, VOICEMAIL = "call.not_connected", "call.voicemail"
_CHANNELS: dict[Speaker, int] = {"agent": 0, "customer": 1, "unknown": 0}
_MEANS_LITTLE = 3  # 喂 and the like: letters that nobody has said anything with yet
_RINGS_TO_THE_END_S = 8.0
_RINGING = ("ringback", "busy", "dial_tone", "fax", "tone")
_GIVEN = "given"


def with_surroundings(transcript: Transcript, audio: Audio | None) -> Transcript:
    """The transcript with everything beside the words, and its problems among the others.

    What a machine says is marked as `announcement`, so that no rule takes it for the customer. Nothing is
    done twice: the result may be given in again.

    Args:
        transcript: of the call; its `line` is measured anew where it was not made from sound.
        audio: the recording, where there is one.
    """
    marked = mark_announcements(transcript)
    if audio is not None:
        line = marked.line if marked.engine != _GIVEN else line_sounds(audio.sound.blocks(), audio.rate)
        spoken = [sound for sound in marked.line if sound.kind in ("announcement", "voicemail")]
        marked = replace(marked, line=_ordered([*(s for s in line if s not in spoken), *spoken]))
        health = examine(audio.sound.blocks(), audio.rate, _speech(marked, audio.sound.channels))
        marked = replace(marked, health=health)
    reached = unreached(marked, audio.duration_s if audio is not None else None)
    found = () if marked.health is None else problems(marked.health, marked.line)
    codes = (*marked.problems, *(() if reached is None else (reached,)), *found)
    return replace(marked, problems=tuple(dict.fromkeys(codes)))


def mark_announcements(transcript: Transcript) -> Transcript:
    """Mark what machines say, and note it among what is on the line.

    Only what comes before a side has said anything itself can be a machine's; of a call with a channel for
    the agent, the agent's channel is passed over: agents quote such sentences.
    """
    utterances: list[Utterance] = []
    sounds: list[LineSound] = []
    live: set[int | Speaker] = set()
    for utterance in transcript.utterances:
        place = _side(utterance)
        may_be = place not in live and not (utterance.speaker == "agent" and utterance.role_trust >= 1.0)
        parts = passages(utterance.text) if may_be and utterance.kind == "speech" else ()
        machines = [part for part in parts if part.machine]
        pieces = list(_divided(utterance, parts)) if machines else [(utterance, None)]
        for piece, machine in pieces:
            if machine is not None:
                sounds.append(_announcement(piece, machine, transcript))
            elif piece.kind == "speech" and sum(map(str.isalnum, piece.text)) > _MEANS_LITTLE:
                live.add(place)
            utterances.append(replace(piece, id=len(utterances)))
    if not sounds:
        return transcript
    return replace(transcript, utterances=tuple(utterances), line=_ordered([*transcript.line, *sounds]))


def unreached(transcript: Transcript, duration_s: float | None) -> str | None:
    """The code for a call that reached no person: `call.not_connected` or `call.voicemail`; else None."""
    people = [u for u in transcript.utterances if u.kind == "speech" and u.text.strip()]
    sides = {_side(u) for u in people}
    if len(sides) > 1 or any(u.speaker == "customer" and u.role_trust >= 1.0 for u in people):
        return None
    machines = [u for u in transcript.utterances if u.kind == "announcement"]
    if machines:
        said = {part.machine for u in machines for part in passages(u.text)}
        answered = bool({_side(u) for u in machines} & sides) or not said & {"voicemail", "unreachable"}
        return None if answered else VOICEMAIL if "voicemail" in said else NOT_CONNECTED
    rings = [sound.end for sound in transcript.line if sound.kind in _RINGING]
    if not rings or transcript.unheard:
        return None
    rang_on = duration_s is None or duration_s - max(rings) <= _RINGS_TO_THE_END_S
    answered = any(u.end > max(rings) + 1.0 for u in people)
    return NOT_CONNECTED if not people or (rang_on and not answered) else None


def _side(utterance: Utterance) -> int | Speaker:
    return utterance.side if utterance.side is not None else utterance.speaker


def _divided(
    utterance: Utterance, parts: Sequence[Passage]
) -> Iterator[tuple[Utterance, MachineKind | None]]:
    """An utterance in pieces, one for each passage, cut between words where their times are known."""
    for part in parts:
        words = tuple(_words_within(utterance, part))
        length = max(1, len(utterance.text))
        seconds = utterance.end - utterance.start
        start = words[0].start if words else utterance.start + seconds * part.start / length
        end = words[-1].end if words else utterance.start + seconds * part.end / length
        raw = utterance.text[part.start : part.end]
        begin = part.start + len(raw) - len(raw.lstrip())
        piece = replace(
            utterance,
            start=utterance.start if part.start == 0 else round(start, 2),
            end=utterance.end if part.end >= len(utterance.text) else round(end, 2),
            text=raw.strip(),
            words=words,
            numbers=tuple(
                replace(number, start=number.start - begin, end=number.end - begin)
                for number in utterance.numbers
                if begin <= number.start and number.end <= part.end
            ),
            kind="announcement" if part.machine else "speech",
        )
        yield piece, part.machine


def _words_within(utterance: Utterance, part: Passage) -> Iterator[Word]:
    place = 0
    for word in utterance.words:
        found = utterance.text.find(word.text.strip(), place)
        if found < 0:
            continue
        place = found + len(word.text.strip())
        if part.start <= found < part.end:
            yield word


def _announcement(piece: Utterance, machine: MachineKind, transcript: Transcript) -> LineSound:
    return LineSound(
        kind="voicemail" if machine == "voicemail" else "announcement",
        channel=_channel(piece, transcript),
        start=piece.start,
        end=piece.end,
        confidence=round(min(0.95, piece.confidence), 2),
    )


def _channel(utterance: Utterance, transcript: Transcript) -> int:
    if transcript.options.get("split") == "voices":
        return 0
    if utterance.side is not None:
        return utterance.side
    known = transcript.options.get(f"{utterance.speaker}_channel")
    return known if isinstance(known, int) else _CHANNELS[utterance.speaker]


def _speech(transcript: Transcript, channels: int) -> list[list[tuple[float, float]]]:
    """Where there is speech on each channel of the recording, whether or not its words were understood."""
    spoken: list[list[tuple[float, float]]] = [[] for _ in range(channels)]
    mixed = channels == 1 or transcript.options.get("split") == "voices"
    said = [(_channel(u, transcript), u.start, u.end) for u in transcript.utterances]
    missed = [
        (_CHANNELS[speaker], start, end)
        for speaker, start, end in (
            *transcript.unheard,
            *((text.speaker, text.start, text.end) for text in transcript.rejected),
        )
    ]
    for channel, start, end in (*said, *missed):
        for place in range(channels) if mixed else (min(channel, channels - 1),):
            spoken[place].append((start, end))
    return spoken


def _ordered(sounds: Sequence[LineSound]) -> tuple[LineSound, ...]:
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.channel, sound.end)))
