"""What workers do with papers: draft what the history of cases asks for."""

from __future__ import annotations

from server.papers import drafting
from server.work import Work

JOB = "draft-papers"
EVERY_S = 15
AT_ONCE = 200


def draft_papers(work: Work) -> int:
    """Draft in short transactions until nothing waits; return how many entries were looked at."""
    total = 0
    while True:
        with work.database.transaction() as session:
            done = drafting.draft_due(session, work.now, AT_ONCE)
        total += done
        if done < AT_ONCE:
            return total
