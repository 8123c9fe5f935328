"""Who is who, decided anew: the same words with the two roles exchanged, named by side, or carried over."""

from collections.abc import Mapping
from dataclasses import replace

from store.errors import ConflictError
from transcription.speakers.roles import Roles
from transcription.speakers.sides import GIVEN_TRUST
from transcription.types import RejectedText, RoleDecision, RolesHow, Speaker, Transcript, Utterance

# What a person's decision settles. Whatever else is wrong with a transcript stays wrong.
SETTLED = frozenset({"roles.unknown", "roles.assumed", "roles.likely_swapped", "roles.not_carried"})
NOT_CARRIED = "roles.not_carried"
# A decision is carried over when this share of the speech that two transcripts have in common fits it.
_FITTING_SHARE = 0.75
_SIDES = (0, 1)
_EXCHANGED: Mapping[Speaker, Speaker] = {"agent": "customer", "customer": "agent"}


def decision_of(roles: Roles) -> RoleDecision:
    """How the machine came to the roles it judged."""
    how: RolesHow = "content"
    if roles.speakers is None:
        how = "unknown"
    elif "roles.assumed" in roles.problems:
        how = "assumed"
    elif roles.trust >= GIVEN_TRUST or "roles.likely_swapped" in roles.problems:
        how = "channels"
    return RoleDecision(how, roles.trust)


def agent_side(transcript: Transcript) -> int | None:
    """The side on which the agent speaks, by speech time; None where sides or roles are not known."""
    fitting = [
        _seconds(transcript, side, "agent") + _seconds(transcript, 1 - side, "customer") for side in _SIDES
    ]
    return None if max(fitting) == 0 else fitting.index(max(fitting))


def exchanged(transcript: Transcript, decision: RoleDecision) -> Transcript:
    """The transcript with agent and customer exchanged. Whoever is neither stays unknown.

    Raises:
        ConflictError: `roles.nothing_said`, `roles.nobody_known`.
    """
    _require_words(transcript)
    if not _anybody_known(transcript):
        raise ConflictError(
            "nobody is known to be the agent or the customer, so there is nothing to exchange",
            code="roles.nobody_known",
            mend="Say which side is the agent instead: `diting roles set CALL --agent-side first|second`.",
        )
    channels = {
        f"{_EXCHANGED[role]}_channel": transcript.options[f"{role}_channel"]
        for role in _EXCHANGED
        if f"{role}_channel" in transcript.options
    }
    return _decided(transcript, decision, _EXCHANGED, {}, channels)


def with_agent_on(transcript: Transcript, side: int, decision: RoleDecision) -> Transcript:
    """The transcript with the agent on `side` (0 or 1) and the customer on the other.

    Where roles were known before, whoever was neither stays unknown: a third voice, an announcement.

    Raises:
        ConflictError: `roles.nothing_said`; `roles.no_sides`, the transcript does not tell sides apart.
    """
    _require_words(transcript)
    if not any(said.side in _SIDES for said in _spoken(transcript)):
        raise ConflictError(
            "the transcript does not say from which side each utterance came",
            code="roles.no_sides",
            mend="Exchange the roles instead (`diting roles swap`), or have the call transcribed again.",
        )
    roles: tuple[Speaker, Speaker] = ("agent", "customer") if side == 0 else ("customer", "agent")
    channels = (
        {f"{role}_channel": channel for channel, role in enumerate(roles)}
        if transcript.options.get("split") == "channels"
        else {}
    )
    by_side = dict(zip(_SIDES, roles, strict=True))
    before = agent_side(transcript)
    by_role = _EXCHANGED if before is not None and before != side else {}
    return _decided(transcript, decision, by_role, by_side, channels)


def carried_over(decided: Transcript, fresh: Transcript) -> Transcript | None:
    """A new transcript of the same call with the roles a person decided for an earlier one.

    Sides are matched by time, because a voice may be counted as another side by another engine.

    Returns:
        None when the two do not agree well enough on who spoke when.
    """
    if decided.roles is None:
        return None
    common = {(side, role): _common(decided, fresh, side, role) for side in _SIDES for role in _EXCHANGED}
    fitting = [common[side, "agent"] + common[1 - side, "customer"] for side in _SIDES]
    side = 0 if fitting[0] >= fitting[1] else 1
    if sum(fitting) == 0 or fitting[side] < _FITTING_SHARE * sum(fitting):
        return None
    if any(said.side in _SIDES for said in _spoken(fresh)):
        return with_agent_on(fresh, side, decided.roles)
    by_role = _EXCHANGED if side == 1 else {}
    return _decided(fresh, decided.roles, by_role, {}, {})


def _decided(
    transcript: Transcript,
    decision: RoleDecision,
    by_role: Mapping[Speaker, Speaker],
    by_side: Mapping[int, Speaker],
    channels: Mapping[str, str | int | float | bool | None],
) -> Transcript:
    """`by_role` says what becomes of each role; `by_side` (wherever nobody was known) of each side."""
    known = _anybody_known(transcript)

    def speaker(said: Utterance | RejectedText) -> Speaker:
        if known or said.side is None or (isinstance(said, Utterance) and said.kind != "speech"):
            return by_role.get(said.speaker, said.speaker)
        return by_side.get(said.side, said.speaker)

    return replace(
        transcript,
        utterances=tuple(
            replace(said, speaker=speaker(said), role_trust=_trust(said, transcript, decision))
            for said in transcript.utterances
        ),
        rejected=tuple(replace(said, speaker=speaker(said)) for said in transcript.rejected),
        # Whose unheard speech it was stays unknown where it was: then it counts for either side.
        unheard=tuple((by_role.get(who, who), start, end) for who, start, end in transcript.unheard),
        options={**transcript.options, **channels},
        problems=tuple(problem for problem in transcript.problems if problem not in SETTLED),
        roles=decision,
    )


def _trust(said: Utterance, transcript: Transcript, decision: RoleDecision) -> float:
    """The decision's own trust, but less where an utterance was trusted less than its transcript: there it
    was in doubt which side spoke, and that was not decided."""
    usual = transcript.roles.trust if transcript.roles else said.role_trust
    return decision.trust * (min(1.0, said.role_trust / usual) if usual > 0 else 1.0)


def _require_words(transcript: Transcript) -> None:
    if not _spoken(transcript):
        raise ConflictError(
            "nothing was understood in this call, so nobody's role can be decided", code="roles.nothing_said"
        )


def _anybody_known(transcript: Transcript) -> bool:
    return any(said.speaker != "unknown" for said in _spoken(transcript))


def _spoken(transcript: Transcript) -> list[Utterance]:
    """What the two people said: announcements are nobody's."""
    return [said for said in transcript.utterances if said.kind == "speech"]


def _seconds(transcript: Transcript, side: int, role: Speaker) -> float:
    return sum(
        max(said.end - said.start, 0.001)
        for said in _spoken(transcript)
        if said.side == side and said.speaker == role
    )


def _common(decided: Transcript, fresh: Transcript, side: int, role: Speaker) -> float:
    """For how many seconds `side` of the new transcript and `role` of the decided one speak at once."""
    return sum(
        max(0.0, min(one.end, other.end) - max(one.start, other.start))
        for one in _spoken(fresh)
        if _side(one) == side
        for other in _spoken(decided)
        if other.speaker == role
    )


def _side(said: Utterance) -> int | None:
    return {"agent": 0, "customer": 1}.get(said.speaker) if said.side is None else said.side
