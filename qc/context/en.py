"""The English words that the guards look for. Text is lower case, without commas; sentence ends are 。?! ."""

import re

NEGATED = re.compile(
    r"\b(?:not|never|no|nobody|nobody's|no one's|ain't|none|cannot|without|nor|neither|nothing|isn't|aren't"
    r"|wasn't|won't|wouldn't|can't|couldn't|don't|doesn't|didn't|haven't|hasn't|shouldn't)\b"
    r"(?: [\w']+){0,4} ?$"
)
NOT_NEGATED = re.compile(
    r"(?:\bif (?:you|i|we|it) (?:don't|do not|won't|can't|isn't)\b|\b(?:don't|do not) (?:think"
    r"|make me|you|want me)\b|\bno (?:wonder|more games)\b"
    r"|\bwhy (?:don't|not)\b|\bnot only\b|\bnot (?:my problem|kidding|a threat|like we)\b|\b(?:don't"
    r"|do not) care\b|\bno payment means\b"
    r"|\byou (?:don't|won't) (?:pay|answer|cooperate)\b"
    r"|\b(?:can't|couldn't|won't|wouldn't|didn't|isn't|aren't|haven't|shouldn't) (?:you|your|someone)\b"
    r")[^.?!。]*$"
)

_PEOPLE = (
    r"he|she|they|someone|somebody|people|customers?|others|scammers?"
    r"|(?:the|a|some|this|that|my|your) (?:[a-z]+ )?[a-z]+"
)
_SAY = "said|say|says|told|tells|(?:keeps? )?(?:saying|telling|asking)|called|claims?|claimed"
QUOTING = re.compile(
    rf"(?:\byou (?:said|told|mentioned|called|keep (?:saying|calling))\b|\b(?:{_PEOPLE}) (?:{_SAY})\b"
    r"|\b(?:i heard|i read|heard that|so called)\b)(?: [\w']+){0,6} ?$"
)
# One's own people speak for oneself.
NOT_QUOTING = re.compile(r"\b(?:my|our) (?:manager|boss|supervisor|company|office|team|lead)\b[^.?!。]*$")

_LETTER = "letter|text|email|message|voicemail|notice|note"
REPEATED = re.compile(
    r"(?:\bso (?:you're|you are) saying(?: that)?(?: you)?|\bread (?:that|it) back(?: to you)? you"
    r"|\b(?:what i'm hearing|what you've told me) is(?: that)?|\brepeat what you said(?: \w+)?"
    r"|\bif i (?:understand|heard) you (?:correctly|right) you(?: were| are| have)?"
    r"|\b(?:i'm noting|noting|i've noted|put down) that you|\b(?:just to confirm"
    r"|so to recap) you(?! (?:need|have to|must|will|owe))"
    r"|\bok(?:ay)? so you(?! (?:need|have|must|owe|will)))(?: [\w']+){0,3} ?$"
)
TOLD = re.compile(r"\byou (?:said|told me|mentioned)(?: that)?(?: you)?(?: [\w']+){0,3} ?$")
CONFIRMED = re.compile(
    r"^[^.?!。]{0,30}\b(?:noted|note that|made a note|got (?:that|it) down|wrote (?:that|it) down"
    r"|written down|is that right"
    r"|get that right|correct|right|understood|down)\b"
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
    r"^ ?(?:no wait|wait no|oh wait|hang on|(?:sorry|excuse me|oops)? ?i mean(?! it\b)|excuse me"
    r"|scratch that|strike that|my bad"
    r"|correction|let me correct|well no|actually no|actually i (?:did|didn't|have|haven't)|oh never mind"
    r"|oh no i (?:can't|didn't|did)"
    r"|no (?=(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b|^[^.?!。]{0,4}\bi (?:misspoke|meant to say)\b"
)

WARNING = re.compile(
    r"\b(?:please don't|please do not|do not|don't|never|shouldn't|should not|advise against"
    r"|recommend against|beware of|be careful of"
    r"|avoid|watch out for|stay away from|steer clear of|i wouldn't|don't want to)(?! (?:wait|hang|worry"
    r"|mind|you|bother|stall|make|call|thought))(?: [\w']+){0,5} ?$"
)
NOT_WARNING = re.compile(r"\bwhy (?:don't|not)\b[^.?!。]*$")

SUPPOSED = re.compile(
    r"\b(?:if|suppose|imagine|unless|in case|let's say|should (?=any|some|he|she"
    r"|they))\b(?P<rest>[^.?!。]*)$|^say(?P<say> you ?)$"
)
CONSEQUENCE = re.compile(
    r"^(?: [\w']+){2,} (?:then|i will|i'll|i'm|i am|i'd|we will|we'll|we're|we are|we'd|we sue|you will"
    r"|you'll|you have to|you must"
    r"|you need to)\b(?: [\w']+){0,3} ?$|\bthen\b|^(?: [\w']+){2,} (?:we|they|your [a-z]+) ?$"
    r"|^ i(?: [\w']+){2,} you ?$"
)

ASKING = re.compile(
    r"(?:^|[。?!] ?)(?:so )?(?:am|any chance|which|wasn't|isn't|aren't|don't you|didn't you|do|does|did|is"
    r"|are|was|were|can|could|will|would|should|may|have|has"
    r"|who|what|when"
    r"|where|why|how|you mean|you're saying)\b[^。?!]*$"
)
NOT_ASKING = re.compile(
    r"(?:^|[。?!] ?)(?:what i (?:want|need)|when (?:you|we|i) (?:pay|get|have|receive|call|say)|do (?:it"
    r"|yourself)"
    r"|how about you just)\b[^。?!]*$"
)
