"""Numbers: given at commit, without a gap, whoever files at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from server.ledger.sync import COMMAND_TYPES
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, a_sender, an_id

WRITERS, EACH = 16, 4


def test_sixteen_concurrent_filers_leave_no_gap(cast: Cast) -> None:
    handler = COMMAND_TYPES["case.report"].handler

    def file(writer: int) -> None:
        for turn in range(EACH):
            data = {
                "category": "parking_disorderly",
                "severity": "C",
                "community_id": str(cast.community_id),
                "location": cast.location(),
                "photos": [a_digest()],
            }
            with cast.county.transaction() as session:
                handler(
                    session, a_sender(cast.worker), [a_mutation("case.report", an_id(), data)], cast.clock
                )
                if (writer + turn) % 5 == 0:
                    session.rollback()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(file, range(WRITERS)))

    with cast.county.transaction() as session:
        numbers = list(session.scalars(text("SELECT seq FROM server.case_number ORDER BY seq")))
        told = session.execute(
            text("SELECT count(*) FROM sync.entity_state WHERE entity = 'case' AND body ->> 'number' IS NULL")
        ).scalar_one()
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == sum((writer + turn) % 5 != 0 for writer in range(WRITERS) for turn in range(EACH))
    assert told == 0
