"""A hit of a rule as a finding: where it is in the audio, what was heard, and why in one sentence."""

from collections.abc import Mapping

from qc.call import Call
from qc.compile import CompiledRule
from qc.extract.attributes import extract
from qc.findings import Finding
from qc.hits import Hit
from qc.matching.syllables import spoken
from qc.wording import LONGEST
from transcription.types import Speaker


def describe(rule: CompiledRule, hit: Hit, call: Call) -> Finding:
    """The finding that `rule` makes of `hit`."""
    at = hit.utterance
    speaker: Speaker | None = None
    span = None
    start, end = hit.start, hit.end
    heard = ""
    if at is not None:
        said = call.utterances[at]
        heard = said.text
        # What differs from the note was done by whoever wrote it, not by whoever said otherwise.
        speaker = None if hit.how == "fact" else said.speaker
        if hit.span is not None:
            span = call.texts[at].raw_span(*hit.span)
            heard = said.text[span[0] : span[1]]
        if start is None or end is None:
            start, end = _times(call, hit)
    utterances = tuple(call.utterances[place].id for place in ((at,) if at is not None else ()) + hit.others)
    extracted = extract(rule.rule.extract, call, at) if rule.rule.extract and at is not None else {}
    return Finding(
        rule=rule.name,
        pack=rule.pack,
        category=rule.category.id,
        kind=rule.category.kind,
        speaker=speaker if speaker is not None or rule.side == "any" else rule.side,
        utterances=utterances,
        span=span,
        start=start,
        end=end,
        heard=heard,
        matched=_matched(rule, hit, call.language),
        how=hit.how,
        confidence=hit.confidence,
        status="certain" if hit.sure else "unsure",
        severity=rule.severity,
        points=rule.points if hit.sure else 0,
        why=_why(rule, hit, heard),
        cite=_sources(rule, call),
        attributes={
            **rule.rule.attributes,
            **extracted,
            **{name: said[call.language == "en"] for name, said in hit.attributes.items()},
            **({"since": hit.since} if hit.since else {}),
        },
        advisory=rule.advisory,
    )


def _sources(rule: CompiledRule, call: Call) -> tuple[str, ...]:
    """The ids of the sources in force on the day of the call: nobody broke a text that was not there yet."""
    day = call.today
    return tuple(dict.fromkeys(each.source for each in rule.rule.cite if each.effective.covers(day)))


def _matched(rule: CompiledRule, hit: Hit, language: str) -> str:
    """What the rule looked for, short enough to read; the rule's title where it is not."""
    matched = hit.matched
    if hit.how == "absence":
        category = rule.category.en if language == "en" else rule.category.zh
        matched = f"{matched}: {category}" if language == "en" else f"{matched}：{category}"
    if hit.how == "likeness" and len(matched) > LONGEST:
        return matched[: LONGEST - 1] + "…"
    if 0 < len(matched) <= LONGEST:
        return matched
    title = rule.rule.title.en if language == "en" else rule.rule.title.zh
    return title[:LONGEST]


def _times(call: Call, hit: Hit) -> tuple[float, float]:
    """Seconds in the audio: of the matched words where they are timed, else of the utterance."""
    at = hit.utterance if hit.utterance is not None else 0
    words = call.words_in(at, hit.span)
    if words:
        return words[0].start, words[-1].end
    return call.utterances[at].start, call.utterances[at].end


def _why(rule: CompiledRule, hit: Hit, heard: str) -> dict[str, str]:
    why = _reason(rule, hit, heard)
    if hit.how == "sound" and len(hit.matched) <= LONGEST:
        said, wanted = spoken(heard), spoken(hit.matched)
        return {
            "zh": f"{why['zh']}（听到 {said}，读音近“{hit.matched}” {wanted}）",
            "en": f"{why['en']} (heard {said}, sounds like “{hit.matched}” {wanted})",
        }
    if hit.how != "likeness":
        return why
    return {
        "zh": f"{why['zh']}（与示例“{hit.matched}”相似）",
        "en": f"{why['en']} (like the example “{hit.matched}”)",
    }


def _filled(sentence: str, heard: str, attributes: Mapping[str, str]) -> str:
    """The sentence with the words, and what else it names, in place of `{heard}` and `{noted}`."""
    for name, value in attributes.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence.replace("{heard}", heard)


def _reason(rule: CompiledRule, hit: Hit, heard: str) -> dict[str, str]:
    measured_zh, measured_en = hit.measured
    quoted = heard if hit.how not in ("absence", "cue", "fact") else ""
    if rule.rule.why is not None:
        return {
            "zh": _filled(
                rule.rule.why.zh, heard or measured_zh, {name: zh for name, (zh, _) in hit.attributes.items()}
            ),
            "en": _filled(
                rule.rule.why.en, heard or measured_en, {name: en for name, (_, en) in hit.attributes.items()}
            ),
        }
    title = rule.rule.title
    zh = f"“{quoted}”" if quoted else measured_zh
    en = f"“{quoted}”" if quoted else measured_en
    return {"zh": f"{title.zh}：{zh}" if zh else title.zh, "en": f"{title.en}: {en}" if en else title.en}
