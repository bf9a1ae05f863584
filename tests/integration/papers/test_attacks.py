"""What can never happen to a paper, tried with plain SQL, as the application and as owner of the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.papers.lifecycle import NEXT
from tests.integration.papers.office import Office

Role = Callable[[Office], AbstractContextManager[Session]]
ROLES: dict[str, Role] = {
    "application": lambda office: office.county.transaction(),
    "owner": lambda office: office.county.owner(),
}
ENTRY = (
    "INSERT INTO server.paper_entry (paper_id, seq, command, from_state, to_state, actor_id, actor_unit,"
    " recorded_at, data) VALUES (:paper, :seq, :command, :from_state, :to_state, :actor, :unit,"
    " now(), CAST(:data AS jsonb))"
)


def refused(office: Office, role: str, sql: str, **given: Any) -> str:
    try:
        with ROLES[role](office) as session:
            session.execute(text(sql), given)
    except DBAPIError as fault:
        return str(fault.orig)
    pytest.fail(f"the {role} may do this: {sql}")


ON_ISSUED = (
    'UPDATE server.paper SET fields = fields || \'{"demand": "不必整改"}\' WHERE paper_id = :paper',
    "UPDATE server.paper SET number = '泗城建指督〔2026〕9号' WHERE paper_id = :paper",
    "UPDATE server.paper SET state = 'draft', number = NULL, issued_at = NULL, template_id = NULL"
    " WHERE paper_id = :paper",
    "UPDATE server.paper SET state = 'void' WHERE paper_id = :paper",
    "UPDATE server.paper SET issued_at = issued_at - interval '1 day' WHERE paper_id = :paper",
    "UPDATE server.paper SET body = 'construction_hq' WHERE paper_id = :paper",
    "UPDATE server.paper SET to_unit = NULL WHERE paper_id = :paper",
    "UPDATE server.paper SET head_seq = head_seq + 1 WHERE paper_id = :paper",
    "DELETE FROM server.paper WHERE paper_id = :paper",
    "DELETE FROM server.paper_case WHERE paper_id = :paper",
    "UPDATE server.paper_case SET case_id = case_id WHERE paper_id = :paper",
    "INSERT INTO server.paper_case (paper_id, position, case_id, kind)"
    " SELECT paper_id, 9, case_id, kind FROM server.paper_case WHERE paper_id = :paper",
    "DELETE FROM server.paper_entry WHERE paper_id = :paper",
    "UPDATE server.paper_entry SET data = '{}' WHERE paper_id = :paper",
    "DELETE FROM server.paper_number WHERE paper_id = :paper",
    "UPDATE server.paper_number SET seq = seq + 1 WHERE paper_id = :paper",
    "INSERT INTO server.paper_number (prefix, year, seq, paper_id, number)"
    " SELECT 'x', 2026, 2, :other, 'x〔2026〕2号' WHERE :paper IS NOT NULL",
    "UPDATE server.paper_template SET content = '', sha256 = sha256('') WHERE :paper IS NOT NULL",
    "TRUNCATE server.paper_entry",
    "TRUNCATE server.paper CASCADE",
)
ON_DRAFT = (
    "UPDATE server.paper SET state = 'reviewed' WHERE paper_id = :paper",
    "UPDATE server.paper SET fields = '{}' WHERE paper_id = :paper",
    "UPDATE server.paper SET state = 'issued', number = 'x〔2026〕1号', issued_at = now(),"
    " template_id = (SELECT template_id FROM server.paper_template LIMIT 1) WHERE paper_id = :paper",
    "INSERT INTO server.paper (paper_id, kind, body, state, head_seq, fields, drafted_at)"
    " SELECT gen_random_uuid(), kind, body, 'reviewed', 2, fields, drafted_at FROM server.paper"
    " WHERE paper_id = :paper",
)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_issued_never_changes_and_a_draft_moves_by_its_history_only(
    office: Office, role: str
) -> None:
    issued, draft = office.issued(), office.draft()
    before = [office.show(issued), office.show(draft)]

    for attacks, paper_id in ((ON_ISSUED, issued), (ON_DRAFT, draft)):
        for sql in attacks:
            refused(office, role, sql.replace(":paper", "CAST(:paper AS uuid)"), paper=paper_id, other=draft)

    assert [office.show(issued), office.show(draft)] == before


def entry(office: Office, role: str, command: str, actor: Any, data: Any = None, **more: Any) -> str:
    paper_id = more.pop("paper")
    row = office.one("SELECT head_seq, state FROM server.paper WHERE paper_id = :id", id=paper_id)
    given = {
        "paper": paper_id,
        "seq": row.head_seq + 1,
        "command": command,
        "from_state": row.state,
        "to_state": NEXT.get(row.state, {}).get(command, "issued"),
        "data": json.dumps(data or {}),
        "actor": actor.user_id if actor else None,
        "unit": actor.unit_code if actor else None,
        **more,
    }
    return refused(office, role, ENTRY, **given)


@pytest.mark.parametrize("role", ROLES)
def test_the_database_knows_the_hands_a_paper_goes_through(office: Office, role: str) -> None:
    draft, reviewed = office.draft(), office.draft()
    office.order(office.reviewer, "paper.review", reviewed)
    signed = office.to_countersigned(office.draft())

    assert "different people" in entry(office, role, "paper.review", office.drafter, paper=draft)
    assert "does not lead" in entry(office, role, "paper.issue", office.signer, paper=draft)
    assert "does not lead" in entry(office, role, "paper.issue", office.signer, paper=reviewed)
    assert "different people" in entry(office, role, "paper.issue", office.drafter, paper=signed)
    assert "different people" in entry(office, role, "paper.issue", office.reviewer, paper=signed)
    assert "not its actor" in entry(
        office, role, "paper.issue", office.signer, paper=signed, unit="housing_bureau"
    )
    assert "does not follow" in entry(office, role, "paper.issue", office.signer, paper=signed, seq=9)
    assert "paper_moved_by_people" in entry(office, role, "paper.issue", None, paper=signed)
    assert "paper_void_with_reason" in entry(office, role, "paper.void", office.signer, paper=signed)


UNFIT = (
    ("paper.serve", {"server_1": "张", "received": True}, "paper_served_by_two"),
    ("paper.serve", {"server_1": "张", "server_2": "张", "received": True}, "paper_served_by_two"),
    ("paper.serve", {"server_1": "张", "server_2": "李", "received": False}, "paper_refusal_is_witnessed"),
    ("paper.attach_scan", {"sha256": "../../etc/passwd"}, "paper_scan_has_its_digest"),
)


def test_the_database_knows_what_a_service_and_a_scan_need(office: Office) -> None:
    paper_id = office.issued()

    for command, data, constraint in UNFIT:
        assert constraint in entry(office, "owner", command, office.signer, paper=paper_id, data=data)


@pytest.mark.parametrize("role", ROLES)
def test_two_bodies_never_share_a_prefix(office: Office, role: str) -> None:
    told = refused(
        office,
        role,
        "INSERT INTO server.paper_prefix (body, kind, prefix)"
        " VALUES ('housing_bureau', 'poem', '泗城建指督')",
    )

    assert "paper_prefix_of_one_body" in told


def test_the_application_gives_no_numbers_and_no_transitions(office: Office) -> None:
    for table in ("paper_number", "paper_transition"):
        assert "permission denied" in refused(
            office, "application", f"INSERT INTO server.{table} DEFAULT VALUES"
        )


def test_the_database_and_the_code_know_the_same_transitions(office: Office) -> None:
    with office.county.transaction() as session:
        stored = set(
            session.execute(text("SELECT command, from_state, to_state FROM server.paper_transition"))
        )

    assert {tuple(row) for row in stored} == {
        (command, state, to_state) for state, steps in NEXT.items() for command, to_state in steps.items()
    }
