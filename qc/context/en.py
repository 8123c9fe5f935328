"""The English words that the guards look for. Text is lower case, without commas; sentence ends are 。?! ."""

import re

NEGATED = re.compile(
    r"\b(?:not|never|no|nobody|nobody's|no one's|ain't|none|cannot|without|nor|neither|isn't|aren't"
    r"|wasn't|won't|wouldn't|can't|couldn't|don't|doesn't|didn't|haven't|hasn't|shouldn't)\b"
    r"(?: [\w']+){0,4} ?$"
)
NOT_NEGATED = re.compile(
    r"(?:\bif (?:you|i|we|it) (?:don't|do not|won't|can't|isn't)\b|\b(?:don't|do not) (?:think"
    r"|make me|you|want me)\b|\bno wonder\b"
    r"|\bwhy (?:don't|not)\b|\bnot only\b|\bnot (?:my problem|kidding|a threat)\b|\b(?:don't"
    r"|do not) care\b|\bno payment means\b"
    r"|\byou (?:don't|won't) (?:pay|answer|cooperate)\b"
    r"|\b(?:can't|couldn't|won't|wouldn't|didn't|isn't|aren't|haven't|shouldn't) (?:you|your|someone)\b"
    r")[^.?!。]*$"
)

_PEOPLE = (
    r"he|she|they|someone|somebody|people|customers?|others|(?:the )?scammers?|(?:the )?(?:last"
    r"|other) (?:guy|lady|person|rep|agent|one)"
    r"|my (?:\w+)|your (?:letter|text|email|message|voicemail|notice)"
)
QUOTING = re.compile(
    rf"(?:\byou (?:said|told|mentioned|called)\b|\b(?:{_PEOPLE}) (?:\w+ )?(?:said|say|says|told|tells"
    rf"|called|claims?|claimed)\b"
    r"|\b(?:i heard|i read|heard that|so called)\b)(?: [\w']+){0,6} ?$"
)
# One's own people speak for oneself.
NOT_QUOTING = re.compile(r"\bmy (?:manager|boss|supervisor|company|office|team|lead)\b[^.?!。]*$")

_LETTER = "letter|text|email|message|voicemail|notice|note"
REPEATED = re.compile(
    r"(?:\bso (?:you're|you are) saying(?: that)?(?: you)?|\bread (?:that|it) back(?: to you)? you"
    r"|\bwhat i'm hearing is(?: that)?"
    r"|\brepeat what you said(?: \w+)?|\b(?:if i (?:understand|heard) you (?:correctly"
    r"|right)) you(?: were| are| have)?"
    r"|\b(?:i'm noting|noting|i've noted) that you|\bjust to confirm you(?! (?:need|have to|must"
    r"|will))|\bok(?:ay)? so you(?! (?:need|have|must|owe|will)))"
    r"(?: [\w']+){0,3} ?$"
)
TOLD = re.compile(r"\byou (?:said|told me|mentioned)(?: that)?(?: you)?(?: [\w']+){0,3} ?$")
CONFIRMED = re.compile(
    r"^[^.?!。]{0,30}\b(?:noted|note that|got (?:that|it) down|wrote (?:that|it) down|written down"
    r"|is that right|correct|right|understood|down)\b"
)
NOTED = re.compile(
    r"\b(?:the )?(?:notes?|file|account notes) (?:say|says|show|shows)(?: that)?(?: [\w']+){0,4} ?$"
)
READ_OUT = re.compile(
    rf"\b(?:your (?:{_LETTER}) (?:says|said|states|reads)|it says (?:here )?(?:on"
    rf"|in) your (?:{_LETTER}))(?: [\w']+){{0,5}} ?$"
)
ECHO = re.compile(
    r"\b(?:noted|note that|understood|got it|got that|i hear you|is that right|wrote that down)\b"
)

CORRECTED = re.compile(
    r"^ ?(?:no wait|wait no|oh wait|(?:sorry|excuse me|oops)? ?i mean(?! it\b)|excuse me|scratch that"
    r"|correction|well no|actually no"
    r"|oh never mind|no (?=(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b"
    r"|^[^.?!。]{0,4}\bi (?:misspoke|meant to say)\b"
)

WARNING = re.compile(
    r"\b(?:please don't|please do not|do not|don't|never|shouldn't|should not|advise against"
    r"|recommend against|beware of|be careful of"
    r"|avoid|watch out for)(?! (?:wait|hang|worry|mind|you))(?: [\w']+){0,5} ?$"
)
NOT_WARNING = re.compile(r"\bwhy (?:don't|not)\b[^.?!。]*$")

SUPPOSED = re.compile(r"\b(?:if|suppose|imagine|unless|in case|let's say)\b(?P<rest>[^.?!。]*)$")
CONSEQUENCE = re.compile(
    r"^(?: [\w']+){2,} (?:then|i will|i'll|i'm|i am|i'd|we will|we'll|we're|we are|we'd|we sue"
    r"|you will|you'll|you have to|you must|you need to)\b"
    r"(?: [\w']+){0,3} ?$|\bthen\b"
)

ASKING = re.compile(
    r"(?:^|[。?!] ?)(?:so )?(?:do|does|did|is|are|was|were|can|could|will|would|should|may|have|has"
    r"|who|what|when"
    r"|where|why|how|you mean|you're saying)\b[^。?!]*$"
)
NOT_ASKING = re.compile(
    r"(?:^|[。?!] ?)(?:what i (?:want|need)|when (?:you|we|i) (?:pay|get|have|receive)|do it"
    r"|how about you just)\b[^。?!]*$"
)
