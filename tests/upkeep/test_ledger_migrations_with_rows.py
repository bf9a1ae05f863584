"""Migrations of the ledger's history and rules, back and forward, over rows that the product wrote before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from tests.integration.ledger.acting import Cast
from tests.upkeep.test_migrations_with_rows import back, cast, forward, rows, sound

__all__ = ["cast"]


def test_0760_and_0770_know_the_end_of_a_case_that_was_remarked_upon_later(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    cast.later(days=2)
    cast.order(cast.dispatcher, "case.note", case_id, text="回访满意", photos=[])
    ended = "SELECT ended_at FROM server.case_as_of(CAST(:id AS uuid), 'infinity')"
    remarks = (
        "SELECT count(*) FROM server.case_transition WHERE command = 'case.note' AND from_state = 'closed'"
    )
    [(closed_at,)] = rows(cast, ended, id=str(case_id))

    back(cast, "0760")
    assert rows(cast, remarks) == [(0,)]
    back(cast, "0750")
    [(wrongly,)] = rows(cast, ended, id=str(case_id))
    forward(cast)

    assert wrongly - closed_at >= timedelta(days=2)
    assert rows(cast, ended, id=str(case_id)) == [(closed_at,)]
    assert rows(cast, remarks) == [(1,)]
    cast.order(cast.dispatcher, "case.note", case_id, text="再次回访", photos=[])
    sound(cast)


def test_0820_puts_right_who_leads_measure_18_and_leaves_what_a_county_set(cast: Cast) -> None:
    leads = (
        "SELECT category, lead, count(*) FROM server.category_rule"
        " WHERE category IN ('common_part_damaged', 'equipment_not_maintained') GROUP BY 1, 2 ORDER BY 1, 2"
    )
    as_shipped = rows(cast, leads)
    assert {lead for _, lead, _ in as_shipped} == {"subdistrict"}

    back(cast, "0810")
    assert {lead for _, lead, _ in rows(cast, leads)} == {"housing_bureau"}
    with cast.county.owner() as session:
        session.execute(text("ALTER TABLE server.category_rule DISABLE TRIGGER category_rule_guarded"))
        session.execute(
            text("UPDATE server.category_rule SET lead = 'emergency_bureau' WHERE category = :category"),
            {"category": "equipment_not_maintained"},
        )
        session.execute(text("ALTER TABLE server.category_rule ENABLE TRIGGER category_rule_guarded"))
    forward(cast)

    assert {(category, lead) for category, lead, _ in rows(cast, leads)} == {
        ("common_part_damaged", "subdistrict"),
        ("equipment_not_maintained", "emergency_bureau"),
    }
    guarded = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'category_rule_guarded'"
    assert rows(cast, guarded) == [("O",)], "the guard looks again"
