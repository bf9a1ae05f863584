"""The ledger as a file by one address: asked for again until it is made."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform


def test_the_ledger_is_asked_for_until_it_is_made(cast: Cast, perform: Perform) -> None:
    cast.report()
    ours = cast.county.bearer(cast.dispatcher)
    address = "/api/v1/ledger.xlsx?state=filed&kind=problems"
    with cast.county.client() as client:
        first = client.get(address, headers=ours)
        again = client.get(address, headers=ours)
        other = client.get("/api/v1/ledger.xlsx", headers=ours)
        perform(first.get_json()["task_id"])
        made = client.get(address, headers=ours)
        content = made.data
        made.close()

    assert (first.status_code, first.headers["Retry-After"]) == (202, "1")
    assert first.get_json()["task_id"] == again.get_json()["task_id"] != other.get_json()["task_id"]
    assert (made.status_code, content[:2]) == (200, b"PK")
    assert "filename*=UTF-8''%E9%97%AE" in made.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("state", "status", "kind"), [("refused", 422, "invalid-input"), ("failed", 503, "not-made")]
)
def test_who_asks_is_told_when_the_file_cannot_be_made(
    cast: Cast, state: str, status: int, kind: str
) -> None:
    ours = cast.county.bearer(cast.dispatcher)
    with cast.county.client() as client:
        client.get("/api/v1/ledger.xlsx", headers=ours)
        with cast.county.transaction() as session:
            session.execute(
                text(
                    "UPDATE server.sheet_task SET state = :state, finished_at = now(),"
                    ' answer = \'{"detail": "too many", "detail_zh": "过多", "errors": []}\''
                ),
                {"state": state},
            )
        answer = client.get("/api/v1/ledger.xlsx", headers=ours)

    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{kind}")


@pytest.mark.parametrize("query", ["stat=filed", "state=lost", "kind=novel", "thumbnails=perhaps", "limit=3"])
def test_a_question_that_nobody_reads_is_refused(cast: Cast, query: str) -> None:
    with cast.county.client() as client:
        answer: Any = client.get(f"/api/v1/ledger.xlsx?{query}", headers=cast.county.bearer(cast.dispatcher))

    assert answer.status_code == 422
    assert answer.get_json()["errors"]
