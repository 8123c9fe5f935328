"""Short answers: a bare 对 says what the other side asked."""

from dataclasses import dataclass, replace

from qc.call import Call
from qc.conditions.base import Condition, Scope, following
from qc.context.answers import Reply, reply
from qc.hits import NOTHING, Found, Hit, placed
from qc.language.base import Side
from qc.trust import Evidence, certain

_BACK = 3  # utterances before the answer in which the question may stand
_OTHER: dict[Side, Side] = {"agent": "customer", "customer": "agent", "any": "any"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A bare yes, or no, to an utterance of the other side in which the inner condition holds."""

    inner: Condition
    wanted: Reply

    def find(self, call: Call, scope: Scope) -> Found:
        """A hit at each such answer, no surer than what it answers, with both utterances."""
        replies = [
            at
            for at in call.window(scope.side, scope.where)
            if reply(call.texts[at].text, call.language) == self.wanted
        ]
        if not replies:
            return NOTHING
        asked = self.inner.find(call, replace(scope, side=_OTHER[scope.side], where=None))
        return placed(hit for at in replies if (hit := self._hit(at, asked, call, scope)) is not None)

    @staticmethod
    def _hit(at: int, asked: Found, call: Call, scope: Scope) -> Hit | None:
        """The other side's newest utterance just before is the question, or there is none."""
        speaker = call.utterances[at].speaker
        before = range(at - 1, max(at - 1 - _BACK, -1), -1)
        place = next((one for one in before if call.utterances[one].speaker != speaker), None)
        if place is None or place not in asked.placed:
            return None
        words = call.confidence(at, None)
        trust = call.role_trust(at, scope.side)
        sure = certain(Evidence("letters", words=words, role_trust=trust)) and not call.perhaps_invented(at)
        text = call.texts[at].text
        said = Hit(at, (0, len(text)), "letters", text, confidence=round(words, 3), sure=sure)
        return following(said, asked.placed[place][0], call)
