"""Who is told of everything that happens to a case, in the same transaction."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.warning_follows import follow_case
from complaint_warnings.clocks.service import follow as follow_clocks
from complaint_warnings.complaints.follow import follow as follow_evidence
from complaint_warnings.ledger.service import follow as follow_ledger
from complaint_warnings.notices.service import follow as follow_notices
from store.clock import Clock

Follower = Callable[[Session, Clock, CaseRow, CaseEventRow], None]

# A follower writes rows of its own about this case, and nothing about another debtor. Whoever changes those
# rows elsewhere takes the debtor's turn first (`complaint_warnings.turns`), so that nobody waits in a circle.
FOLLOWERS: Final[tuple[Follower, ...]] = (
    follow_case,
    follow_ledger,
    follow_evidence,
    follow_clocks,
    follow_notices,
)
