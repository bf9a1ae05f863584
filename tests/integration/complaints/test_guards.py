"""What can never be false of a complaint, tried by plain SQL."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import migrations
from tests.integration.complaints.desk import Desk

ENTRY = (
    "INSERT INTO server.complaint_entry (complaint_id, seq, command, from_state, to_state, given_by,"
    " actor_id, actor_unit, recorded_at, facts, words) VALUES (:id, {seq}, '{command}', '{source}',"
    " '{target}', '{by}', {actor}, {unit}, now(), '{facts}', '{words}')"
)
PERSON = {"by": "person", "actor": ":clerk", "unit": ":unit"}


def _entry(seq: int, command: str, source: str, target: str, **more: str) -> str:
    given = {**PERSON, "facts": "{}", "words": "{}", **more}
    return ENTRY.format(seq=seq, command=f"complaint.{command}", source=source, target=target, **given)


# The complaint stands acknowledged at version 2.
ATTACKS = [
    ("complaint_entry_pkey", _entry(2, "note", "acknowledged", "acknowledged")),
    ("complaint_entry_order", _entry(9, "note", "acknowledged", "acknowledged")),
    ("complaint_entry_from_state", _entry(3, "note", "received", "received")),
    ("complaint_transition_permitted", _entry(3, "close", "acknowledged", "closed")),
    ("complaint_entry_unit", _entry(3, "note", "acknowledged", "acknowledged", unit="'construction_hq'")),
    (
        "complaint_command_is_the_desks",
        _entry(3, "note", "acknowledged", "acknowledged", actor=":company", unit=":company_unit"),
    ),
    (
        "complaint_verifier_is_a_worker",
        _entry(3, "ask_verification", "acknowledged", "verifying", facts='{"worker"\\: "nobody"}'),
    ),
    (
        "complaint_verified_by_its_verifier",
        _entry(
            3,
            "verify",
            "acknowledged",
            "verified",
            actor=":worker",
            unit=":worker_unit",
            facts='{"finding"\\: "true"}',
        ),
    ),
    ("complaint_verified_with_finding", _entry(3, "verify", "acknowledged", "verified")),
    ("complaint_reason_is_given", _entry(3, "refuse", "acknowledged", "not_accepted")),
    ("complaint_answer_has_words", _entry(3, "answer", "acknowledged", "answered")),
    ("a_person_has_a_name", _entry(3, "note", "acknowledged", "acknowledged", actor="NULL", unit="NULL")),
    (
        "complainers_have_few_commands",
        _entry(3, "note", "acknowledged", "acknowledged", by="complainer", actor="NULL", unit="NULL"),
    ),
    (
        "the_product_has_few_commands",
        _entry(3, "refuse", "acknowledged", "not_accepted", by="system", actor="NULL", unit="NULL"),
    ),
    ("complaint_moves_by_entries", "UPDATE server.complaint SET state = 'closed' WHERE complaint_id = :id"),
    ("complaint_moves_by_entries", "UPDATE server.complaint SET description = 'x', version = 3"),
    ("", "UPDATE server.complaint_entry SET recorded_at = now()"),
    ("", "DELETE FROM server.complaint_entry"),
    ("", "TRUNCATE server.complaint_entry"),
    ("", "DELETE FROM server.complaint WHERE complaint_id = :id"),
]


def test_not_even_the_owner_of_the_tables_moves_a_complaint_otherwise(desk: Desk) -> None:
    one = desk.known(desk.report())["complaint_id"]
    desk.order(one, "complaint.acknowledge")
    given = _people(desk) | {"id": one}

    for fault, attack in ATTACKS:
        with desk.cast.county.owner() as session, pytest.raises(DBAPIError) as caught, session.begin_nested():
            session.execute(text(attack), {name: given[name] for name in _named(attack)})
        broken = getattr(caught.value.orig, "diag", None)
        assert (getattr(broken, "constraint_name", None) or "") == fault, (caught.value.orig, attack)
    shown = desk.get(f"/complaints/{one}").json
    assert (shown["state"], shown["version"]) == ("acknowledged", 2)


def test_what_became_a_case_is_answered_when_the_case_has_ended_and_no_sooner(desk: Desk) -> None:
    _, one, _ = desk.to_transferred()
    answer = _entry(4, "answer", "transferred", "answered", words='{"answer"\\: "好了"}')
    given = _people(desk) | {"id": one}

    with (
        desk.cast.county.transaction() as session,
        pytest.raises(DBAPIError) as caught,
        session.begin_nested(),
    ):
        session.execute(text(answer), {name: given[name] for name in _named(answer)})

    assert "complaint_answered_after_its_case" in str(caught.value.orig) or "the case" in str(
        caught.value.orig
    )


def test_the_product_itself_may_not_write_what_only_entries_move(desk: Desk) -> None:
    one = desk.known(desk.report())["complaint_id"]

    for attack in (
        "UPDATE server.complaint SET state = 'closed'",
        "DELETE FROM server.complaint",
        "UPDATE server.complaint_entry SET words = '{}'",
        "INSERT INTO server.complaint_right VALUES ('complaint.answer', 'property_company')",
        "INSERT INTO server.complaint_transition VALUES ('complaint.note', 'received', 'closed')",
        "UPDATE server.complaint_follow_up SET code_digest = code_digest",
    ):
        refused = pytest.raises(DBAPIError, match="permission denied")
        with desk.cast.county.transaction() as session, refused, session.begin_nested():
            session.execute(text(attack))
    assert desk.get(f"/complaints/{one}").json["state"] == "received"


def test_complaints_from_before_the_register_get_number_and_history(desk: Desk) -> None:
    url = desk.cast.county.owner_url
    migrations.downgrade(url, "0390")
    desk.sql(
        "INSERT INTO server.complaint (complaint_id, community_id, channel, description, user_id,"
        " received_at, content_sha256) SELECT gen_random_uuid(), :community, 'visit', '电梯停了', :user,"
        " '2026-11-01 01:00Z', sha256('x') RETURNING 1",
        community=desk.cast.community_id,
        user=desk.clerk.user_id,
    )

    migrations.upgrade(url, "head")

    [one] = desk.get("/complaints").json["items"]
    assert (one["number"], one["state"], one["version"]) == ("TS2026-000001", "received", 1)
    assert one["group_id"] == one["complaint_id"]
    assert desk.order(one["complaint_id"], "complaint.acknowledge").json["state"] == "acknowledged"


def _named(statement: str) -> list[str]:
    return re.findall(r"(?<![:\\]):([a-z_]+)", statement)


def _people(desk: Desk) -> dict[str, Any]:
    cast = desk.cast
    return {
        "clerk": desk.clerk.user_id,
        "unit": desk.clerk.unit_code,
        "company": cast.fixer.user_id,
        "company_unit": cast.fixer.unit_code,
        "worker": cast.worker.user_id,
        "worker_unit": cast.worker.unit_code,
    }
