"""What an English sentence does with a payment: promises, asks, denies, leaves open."""

import re

from qc.extract.speech import Ask, Mood

_PAY = re.compile(
    r"\b(?:pay(?:ing|ment)?|send(?:ing)?|mail(?:ing)?|transfer|put|bring|catch up|"
    r"take care of (?:it|that|this)|settle|clear|knock out|swing|manage|handle (?:it|"
    r"that)|do|make|get you|give you|come up with|have it)\b"
)
_MEANS = re.compile(
    r"\b(?:i'll|i will|i can|i could|i'm going to|i'm gonna|i am going to|i'm paying|"
    r"i'm sending|let me|i might be able to|we'll|we can|we could|i'd|i promise|"
    r"put me down for|my \w+ (?:will|can) (?:pay|send))\b"
)
_STRONG = re.compile(
    r"\b(?:i'll|i will|i'm going to|i'm gonna|i promise) (?:\w+ )?(?:pay|take care of|"
    r"send|mail|settle|handle)\b"
)
_NEGATIVE = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't|will not|wouldn't|don't have|do not have|"
    r"not going to|ain't|not gonna|no way|never|unable|nothing to (?:pay|give)|"
    r"not paying|refuse|isn't mine|don't owe)\b"
)
_DENIES = re.compile(
    r"\b(?:never|didn't|did not|don't|haven't) (?:agree|agreed|promise|promised|"
    r"say|said|commit|committed)(?: to)?\b|\bdon't (?:put|write) (?:me|that) down\b|"
    r"\bwho said i'?d?\b|\bforget it\b"
)
_VAGUE = re.compile(
    r"\b(?:we'll see|i'll see|i'll think|think about it|not sure|maybe|might|"
    r"no idea|i don't know|we'll talk|let me (?:see|think|check|ask|look|talk|"
    r"find)|big if|depends|call you back|can't promise|look into it|get back to you)\b"
)
_PAST = re.compile(
    r"\b(?:i|we|my \w+) (?:already |just )?(?:paid|sent|mailed|made|put|did)\b|"
    r"\b(?:already|last (?:week|month|year)|yesterday)\b|\bwas paid\b|\bpaid (?:it|"
    r"that|this|in|off)\b"
)
_QUOTED = re.compile(
    r"\b(?:you|he|she|they|someone|somebody|the last (?:guy|girl|person)) (?:said|"
    r"told|say|says|want|wanted|asked)\b|\bthe letter says\b"
)
_HEDGED = re.compile(
    r"\b(?:try|hopefully|probably|should be able|i guess|i think|possibly|might be able|hope to)\b"
)
_IF = re.compile(r"\b(?:if|unless|as long as|only when|provided)\b")
_PAYDAY = re.compile(
    r"\b(?:pay ?day|get paid|my (?:next )?(?:pay)?check|when i'm paid|social security (?:comes|hits))\b"
)
_INCOME = re.compile(r"\b(?:tax refund|my refund|money comes|overtime|settlement|commission|bonus)\b")
_ASKS = re.compile(
    r"\b(?:can i|could i|can we|could you|can you|would you|is it possible|what if i|"
    r"do you|am i|are you|what happens|how much|how do i|how long|what's the)\b"
)
_OFFER = re.compile(
    r"\b(?:would that work|does that work|is that (?:ok|okay|good|enough|all right)|"
    r"how about|what about|how's that|that work for you|is that fine|(?:can|could) i (?:just |"
    r"only )?(?:pay|do|send|make|give))\b"
)
_ACCEPTS = re.compile(
    r"^(?:um |uh |well |oh |and )?(?:yes|yeah|yep|yup|okay|ok|sure|fine|deal|"
    r"alright|all right|sounds good|that works|that'd be|that would be|that would work|"
    r"i can do that|i could do that|i can manage that|let's do that|that'll work|"
    r"that's fine|that's right|correct|right|perfect|great|you got it|absolutely|"
    r"exactly|uh-huh|mm-hmm|i agree|works for me|that's correct)\b"
    r"(?: (?:sir|ma'am|that works|that's fine|that's right|sounds good|i can do that|"
    r"okay|ok|sure|let's do (?:it|that)|i agree|works|fine|right|correct|great|"
    r"thank you|thanks|please|yes|yeah|good|perfect|it is|that is))*$"
)
_WEAK_ACCEPT = re.compile(r"^(?:uh-huh|mm-hmm|i guess so|right|fine|alright|all right)$")
_FILLERS = re.compile(
    r"\b(?:how about|what about|would that work|by|on|at|like|um|uh|well|maybe|"
    r"probably|about|around|okay|ok|yeah|yes|sure|that|i|can|could|do|the|a|for|"
    r"and|then|say|let's|it|will|be|is|that's|my|swear|to|of|no|wait|sorry|make|"
    r"payday|now|just|only|in|with|this|would|right|correct|please|pay|me|not|"
    r"actually|mean|up)\b|[^a-z0-9]"
)

_ASK_WHEN = re.compile(r"\b(?:when|what day|what date|how soon|which day|by when)\b")
_ASK_AMOUNT = re.compile(
    r"\b(?:how much|what amount|an amount|what could you|what can you|how many|"
    r"any amount|what works|what about the rest|something)\b"
)
_SETTLES = re.compile(
    r"\b(?:so that's|so you're|to confirm|let me confirm|confirming|i have you down|"
    r"i'll put you down|put you down|i'll note|noted|set (?:you )?up|schedule|"
    r"just to (?:recap|confirm|repeat)|so it's|i'll mark|that's|alright|okay)\b"
)
_AGENT_ASKS = re.compile(
    r"\?|\b(?:can you|could you|would you|will you|are you able|is that right|"
    r"correct|does that work|how about|what about|let's)\b"
)
_PROPOSES = re.compile(r"\b(?:how about|what about|work for you|does that work|are you able to)\b")
_NOT_PROPOSED = re.compile(
    r"\b(?:or else|otherwise|must|have to|waive|call you back|i'll call|late fee|"
    r"interest|report|legal|court|sue|please don't|never send|hardship form)\b"
)
_REJECTS = re.compile(
    r"\b(?:not enough|can't accept|won't work|too low|need the full|at least|i need|has to be|sorry)\b"
)


def clauses(sentence: str) -> list[tuple[int, int]]:
    """The spans between commas, and around but."""
    found, start = [], 0
    for match in re.finditer(r",(?![0-9])|;|--+| - |\bbut\b|\.\.\.+", sentence):
        found.append((start, match.start()))
        start = match.end()
    return [(first, last) for first, last in [*found, (start, len(sentence))] if sentence[first:last].strip()]


def past(clause: str) -> bool:
    """Whether a clause tells of a payment that was made."""
    return bool(_PAST.search(clause.strip(" .?!")))


def mood(clause: str) -> Mood:
    """What the customer does in one clause."""
    plain = clause.strip(" .?!")
    means = bool(_MEANS.search(plain))
    offers = bool(_OFFER.search(clause))
    waiting = "payday" if _PAYDAY.search(plain) else "income" if _INCOME.search(plain) else None
    return Mood(
        pays=bool(_PAY.search(plain)) and (means or offers or plain.startswith(("pay", "send"))),
        negative=bool(_NEGATIVE.search(plain)),
        denies=bool(_DENIES.search(plain)),
        vague=bool(_VAGUE.search(plain)),
        past=past(clause),
        done=False,
        quoted=bool(_QUOTED.search(plain)),
        strong=bool(_STRONG.search(plain)),
        hedged=bool(_HEDGED.search(plain)),
        asks=bool(_ASKS.search(plain)) and not offers,
        question=clause.strip().endswith("?"),
        offers=offers,
        accepts=bool(_ACCEPTS.match(plain)),
        weakly=bool(_WEAK_ACCEPT.match(plain)),
        condition="if" if _IF.search(plain) else waiting,  # type: ignore[arg-type]
    )


def left_over(sentence: str, spans: list[tuple[int, int]]) -> int:
    """How many words of a sentence are neither terms nor filler."""
    kept = "".join(" " if any(a <= at < b for a, b in spans) else char for at, char in enumerate(sentence))
    return len(_FILLERS.sub(" ", kept).split())


_CORRECTS = re.compile(r"^(?:no|wait|sorry|actually|not quite)\b")


def corrects(sentence: str) -> bool:
    """Whether the sentence sets right what was just read out."""
    return bool(_CORRECTS.match(sentence))


def waits_for(sentence: str) -> tuple[int, int] | None:
    """The words for the money that the customer waits for, pay day or other."""
    match = _PAYDAY.search(sentence) or _INCOME.search(sentence)
    return match.span() if match else None


def ask(sentence: str) -> Ask:
    """What the agent does in one sentence."""
    asks = bool(_AGENT_ASKS.search(sentence))
    settles = bool(_SETTLES.search(sentence))
    return Ask(
        pays=bool(_PAY.search(sentence) or _PROPOSES.search(sentence)),
        when=bool(_ASK_WHEN.search(sentence)),
        amount=bool(_ASK_AMOUNT.search(sentence)),
        proposes=(asks or settles) and not _NOT_PROPOSED.search(sentence),
        settles=settles,
        rejects=bool(_REJECTS.search(sentence)),
        money=bool(
            re.search(
                r"\b(?:pay|payment|owe|balance|amount|send|manage|afford|do|catch|care of|settle)\b", sentence
            )
        ),
        more=bool(re.search(r"\b(?:rest|remain|other half|second payment)", sentence)),
    )
