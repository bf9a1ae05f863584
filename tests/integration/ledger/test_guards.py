"""What can never happen to a case, tried with plain SQL: as the application and as the tables' owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.ledger import history, queries
from server.ledger.history import Author, Head, Written
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_digest

SALT = b"\1" * 16


def head_of(session: Session, case_id: UUID) -> Head:
    found = queries.case_for_update(session, case_id)
    assert found is not None
    return found[1]


def forged(
    cast: Cast, session: Session, case_id: UUID, command: str, to: str, actor: Actor, **facts: Any
) -> Written:
    """Return an entry that a forger who knows the format would write."""
    author = Author(actor.user_id, actor.unit_code)
    head = head_of(session, case_id)
    return history.write(head, command, to, author=author, at=cast.later(), salt=SALT, facts=facts)


@contextmanager
def refused(name: str) -> Iterator[None]:
    """Expect the database to raise the fault of this name."""
    with pytest.raises(IntegrityError) as raised:
        yield
    assert raised.value.orig is not None
    assert raised.value.orig.diag.constraint_name == name  # type: ignore[attr-defined]  # psycopg2's own


def test_no_case_closes_without_a_check(cast: Cast) -> None:
    case_id = cast.to_claimed()

    with refused("case_transition_permitted"), cast.county.transaction() as session:
        entry = forged(cast, session, case_id, "case.close", "closed", cast.shift_leader)
        queries.store_entry(session, entry, {})


def test_no_case_closes_on_a_check_made_before_the_last_claim(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)

    with refused("closed_after_passed_check"), cast.county.owner() as session:
        session.execute(
            text(
                "INSERT INTO server.case_transition"
                " VALUES ('case.claim_fixed', 'check_passed', 'check_passed')"
            )
        )
        late = forged(cast, session, case_id, "case.claim_fixed", "check_passed", cast.fixer)
        queries.store_entry(session, late, {})
        closing = forged(cast, session, case_id, "case.close", "closed", cast.shift_leader)
        queries.store_entry(session, closing, {})


@pytest.mark.parametrize("who", ["fixer", "colleague"])
def test_neither_the_fixer_nor_a_colleague_checks(cast: Cast, who: str) -> None:
    case_id = cast.to_checking()
    with cast.county.transaction() as session:
        colleague = a_person(session, "property_company", cast.fixer.unit_code)
    actor = {"fixer": cast.fixer, "colleague": colleague}[who]

    with refused("checker_is_not_the_fixer"), cast.county.transaction() as session:
        entry = forged(cast, session, case_id, "case.check", "check_passed", actor, passed=True)
        queries.store_entry(session, entry, {})


def test_nobody_of_the_fixers_unit_is_sent_to_check(cast: Cast) -> None:
    case_id = cast.to_claimed()

    with refused("checker_is_not_the_fixer"), cast.county.transaction() as session:
        told = {"checker": str(cast.fixer.user_id)}
        entry = forged(cast, session, case_id, "case.assign_check", "checking", cast.dispatcher, **told)
        queries.store_entry(session, entry, {})


def test_an_entry_names_its_actors_own_unit(cast: Cast) -> None:
    case_id = cast.to_checking()
    disguised = replace(cast.fixer, unit_code=cast.worker.unit_code)

    with refused("case_entry_unit"), cast.county.transaction() as session:
        entry = forged(cast, session, case_id, "case.check", "check_passed", disguised, passed=True)
        queries.store_entry(session, entry, {})


def test_an_actor_without_a_unit_writes_nothing(cast: Cast) -> None:
    case_id, _ = cast.report()

    with cast.county.transaction() as session:
        head = head_of(session, case_id)
    author = Author(cast.worker.user_id, None)
    entry = history.write(head, "case.note", head.state, author=author, at=cast.later(), salt=SALT)

    with pytest.raises(IntegrityError), cast.county.transaction() as session:
        queries.store_entry(session, entry, {})


def test_the_checker_does_not_sign(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)

    with refused("signer_is_not_the_checker"), cast.county.transaction() as session:
        entry = forged(cast, session, case_id, "case.close", "closed", cast.checker)
        queries.store_entry(session, entry, {})


def test_no_case_closes_while_a_photo_is_missing(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.worker, "case.note", case_id, text="补充", photos=[a_digest()])

    with refused("closed_with_evidence"), cast.county.transaction() as session:
        entry = forged(cast, session, case_id, "case.close", "closed", cast.shift_leader)
        queries.store_entry(session, entry, {})


def test_an_entry_that_does_not_follow_the_last_one_is_refused(cast: Cast) -> None:
    case_id, _ = cast.report()

    with refused("case_entry_chain"), cast.county.transaction() as session:
        head = replace(head_of(session, case_id), digest=b"\0" * 32)
        author = Author(cast.worker.user_id, cast.worker.unit_code)
        entry = history.write(head, "case.note", head.state, author=author, at=cast.later(), salt=SALT)
        queries.store_entry(session, entry, {})


def test_two_entries_never_stand_on_one_version_of_the_case(cast: Cast) -> None:
    case_id, _ = cast.report()
    with cast.county.transaction() as session:
        seen = head_of(session, case_id)
    cast.order(cast.worker, "case.note", case_id, text="先到")

    author = Author(cast.dispatcher.user_id, cast.dispatcher.unit_code)
    entry = history.write(seen, "case.dispatch", "dispatched", author=author, at=cast.later(), salt=SALT)

    with pytest.raises(IntegrityError), cast.county.transaction() as session:
        queries.store_entry(session, entry, {})


BY_THE_APPLICATION = [
    "UPDATE server.case_entry SET command = 'case.note' WHERE seq = 1",
    "DELETE FROM server.case_entry",
    "TRUNCATE server.case_entry CASCADE",
    "UPDATE server.case_entry SET entry_hash = sha256('x'), canonical = 'x'",
    'DELETE FROM server."case"',
    "UPDATE server.\"case\" SET state = 'closed', closed_at = now()",
    "UPDATE server.\"case\" SET state = 'check_passed'",
    'UPDATE server."case" SET version = version + 1',
    'UPDATE server."case" SET level = 2',
    'UPDATE server."case" SET head_hash = NULL',
    "UPDATE server.\"case\" SET number = '370831-2026-000009'",
    'UPDATE server."case" SET number = NULL',
    "UPDATE server.\"case\" SET first_due_at = first_due_at + interval '1 day'",
    "UPDATE server.\"case\" SET due_at = filed_at - interval '1 s', yellow_at = filed_at - interval '1 d'",
    'UPDATE server."case" SET closed_at = now()',
    'UPDATE server."case" SET case_id = gen_random_uuid()',
    "INSERT INTO server.case_number SELECT 2026, 3, case_id, '370831-2026-000003' FROM server.case_number",
    "UPDATE server.case_number SET seq = 7",
    "DELETE FROM server.case_number",
    "UPDATE server.case_transition SET to_state = 'closed'",
    "ALTER TABLE server.case_entry DISABLE TRIGGER ALL",
    'DROP TRIGGER case_guarded ON server."case"',
]
BY_THE_OWNER = [
    statement
    for statement in BY_THE_APPLICATION
    if not statement.startswith(("ALTER", "DROP", "UPDATE server.case_transition"))
]


@pytest.mark.parametrize("statement", BY_THE_APPLICATION)
def test_the_application_cannot_change_what_stands(cast: Cast, statement: str) -> None:
    cast.report()

    with pytest.raises(DBAPIError) as raised, cast.county.transaction() as session:
        session.execute(text(statement))

    assert isinstance(raised.value, IntegrityError | ProgrammingError)


@pytest.mark.parametrize("statement", BY_THE_OWNER)
def test_triggers_hold_the_owner_too(cast: Cast, statement: str) -> None:
    cast.report()

    with pytest.raises(IntegrityError), cast.county.owner() as session:
        session.execute(text(statement))


def test_a_new_case_begins_reported_and_without_number(cast: Cast) -> None:
    cast.report()
    copy = (
        'INSERT INTO server."case" (case_id, state, version, category, severity, measure, source,'
        " community_id, reported_at, number, filed_at) SELECT gen_random_uuid(), {state}, 0, category,"
        ' severity, measure, source, community_id, reported_at, {number}, filed_at FROM server."case"'
    )

    for state, number in (("'check_passed'", "NULL"), ("'reported'", "'370831-2026-000777'")):
        with refused("case_begins_reported"), cast.county.transaction() as session:
            session.execute(text(copy.format(state=state, number=number)))


def test_numbers_have_no_gap_even_for_the_owner(cast: Cast) -> None:
    case_id, _ = cast.report(category="small_ad_not_cleared")

    with refused("case_numbers_have_no_gap"), cast.county.owner() as session:
        session.execute(
            text("INSERT INTO server.case_number VALUES (2026, 3, :id, '370831-2026-000003')"),
            {"id": case_id},
        )


Tampering = Callable[[Session], None]


def sql(*statements: str) -> Tampering:
    def tamper(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    return tamper


OFF = "ALTER TABLE server.{0} DISABLE TRIGGER USER"
TAMPERINGS: list[tuple[str, Tampering]] = [
    (
        "does not have the hash",
        sql(
            OFF.format("case_entry"),
            "ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check2",
            "UPDATE server.case_entry SET canonical = canonical || ' ' WHERE seq = 1",
        ),
    ),
    (
        "hash of the one before",
        sql(
            OFF.format("case_entry"),
            "UPDATE server.case_entry SET canonical = replace(canonical, '\"C\"', '\"B\"'),"
            " entry_hash = sha256(convert_to(replace(canonical, '\"C\"', '\"B\"'), 'UTF8')) WHERE seq = 1",
        ),
    ),
    (
        "differs from the columns",
        sql(
            OFF.format("case_entry"),
            "UPDATE server.case_entry SET recorded_at = recorded_at - interval '1 day'",
        ),
    ),
    (
        "a tail is cut off",
        sql(
            OFF.format("case_entry"),
            "DELETE FROM server.case_entry_private",
            "DELETE FROM server.case_entry WHERE seq = 2",
        ),
    ),
    (
        "is missing",
        sql(
            OFF.format("case_entry"),
            "DELETE FROM server.case_entry_private",
            "DELETE FROM server.case_entry WHERE seq = 1",
        ),
    ),
    (
        "where its history leads",
        sql(OFF.format('"case"'), "UPDATE server.\"case\" SET state = 'check_passed'"),
    ),
    (
        "number of the case",
        sql(OFF.format('"case"'), "UPDATE server.\"case\" SET number = '370831-2026-000002'"),
    ),
    (
        "stands at",
        sql(
            OFF.format('"case"'),
            OFF.format("case_number"),
            "UPDATE server.case_number SET number = '370831-2026-000005'",
            "UPDATE server.\"case\" SET number = '370831-2026-000005'",
        ),
    ),
    (
        "number 1 of 2026 is missing",
        sql(
            OFF.format("case_number"),
            OFF.format('"case"'),
            "UPDATE server.case_number SET seq = 2, number = '370831-2026-000002'",
            "UPDATE server.\"case\" SET number = '370831-2026-000002'",
        ),
    ),
    ("words beside", sql('UPDATE server.case_entry_private SET words = \'{"description": "nothing"}\'')),
    ("due_at was changed", sql("UPDATE server.\"case\" SET due_at = due_at + interval '3 days'")),
    ("unit was changed", sql("UPDATE server.\"case\" SET unit_code = 'construction_hq'")),
    ("severity was changed", sql("UPDATE server.\"case\" SET severity = 'A'")),
]


@pytest.mark.parametrize(("what", "tamper"), TAMPERINGS, ids=[what for what, _ in TAMPERINGS])
def test_what_an_owner_tampers_with_is_found_and_named(cast: Cast, what: str, tamper: Tampering) -> None:
    from server.ledger.errors import FaultyHistory
    from server.ledger.verify import verify

    cast.report()
    with cast.county.owner() as session:
        tamper(session)

    with pytest.raises(FaultyHistory, match=what), cast.county.database.snapshot() as session:
        verify(session)


def test_words_that_were_deleted_leave_the_proof_whole(cast: Cast) -> None:
    from server.ledger.verify import verify

    cast.report()
    with cast.county.transaction() as session:
        session.execute(text("DELETE FROM server.case_entry_private"))

    with cast.county.database.snapshot() as session:
        assert verify(session).entries == 2


def test_the_table_of_transitions_is_the_one_of_the_code(county: County) -> None:
    from server.ledger.lifecycle import NEXT

    code = {
        (command, state, to)
        for state, commands in NEXT.items()
        for command, targets in commands.items()
        for to in targets
    }

    with county.transaction() as session:
        stored = session.execute(text("SELECT command, from_state, to_state FROM server.case_transition"))
        assert code == {tuple(row) for row in stored}
