"""Signed daily roots: made once a day, and what the tables' owner may not do without being found out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.ledger import history, queries
from server.ledger.errors import FaultyHistory
from server.ledger.history import Author, Head
from server.ledger.roots import RootKey
from server.ledger.sealing import seal
from server.ledger.verify import verify
from server.ledger.verify_roots import verify_roots
from server.programme.demo_removal import remove
from tests.integration.ledger.acting import Cast

UNGUARDED = ('"case"', "case_entry", "case_number", "case_entry_private", "ledger_root", "ledger_root_head")


@pytest.fixture
def key(cast: Cast) -> RootKey:
    return RootKey(cast.county.settings.secret_key)


def sealed(cast: Cast, key: RootKey, days: int = 1) -> None:
    """Let days pass and make the root."""
    cast.later(days=days)
    with cast.county.transaction() as session:
        assert seal(session, key, cast.clock) is not None


def proved(cast: Cast, key: RootKey) -> int:
    """Prove everything; return how many roots stand."""
    with cast.county.database.snapshot() as session:
        verify(session)
        return len(verify_roots(session, (key.key_id,)))


def attack(cast: Cast, *statements: str, **values: object) -> None:
    """Change tables as their owner, with every guard switched off."""
    with cast.county.owner() as session:
        for table in UNGUARDED:
            session.execute(text(f"ALTER TABLE server.{table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement), values)


def test_a_root_is_made_once_a_day_and_covers_what_moved_since_the_last(cast: Cast, key: RootKey) -> None:
    first, _ = cast.report()
    cast.report()
    cast.later(days=1)

    with cast.county.transaction() as session:
        one = seal(session, key, cast.clock)
        again = seal(session, key, cast.clock + timedelta(hours=1))
    cast.order(cast.dispatcher, "case.dispatch", first, unit=cast.fixer.unit_code, demand="立即清走")
    with cast.county.transaction() as session:
        two = seal(session, key, cast.later(days=3))

    assert one is not None
    assert again is None
    assert two is not None
    assert (one.says.moved, one.says.cases, one.says.entries, one.says.prev) == (2, 2, 4, None)
    assert (two.says.moved, two.says.cases, two.says.entries, two.says.prev) == (1, 2, 5, one.digest)
    assert proved(cast, key) == 2


def test_a_day_without_any_change_has_a_root_too(cast: Cast, key: RootKey) -> None:
    sealed(cast, key)
    sealed(cast, key)

    assert proved(cast, key) == 2


@pytest.mark.parametrize("table", ["ledger_root", "ledger_root_head"])
@pytest.mark.parametrize("sql", ["UPDATE server.{} SET root = root", "DELETE FROM server.{}"])
def test_a_root_is_never_rewritten_not_even_by_the_owner(
    cast: Cast, key: RootKey, table: str, sql: str
) -> None:
    cast.report()
    sealed(cast, key)

    for role in (cast.county.owner, cast.county.transaction):
        with pytest.raises(DBAPIError, match=r"append-only|permission denied"), role() as session:
            session.execute(text(sql.format(table)))


def cut_the_tail(session: Session, case_id: UUID) -> None:
    """Take the newest entry of a case away and let the case stand where it stood before."""
    values = {"id": case_id}
    session.execute(text("DELETE FROM server.paper_due WHERE case_id = :id AND seq > 2"), values)
    session.execute(text("DELETE FROM server.case_entry_private WHERE case_id = :id AND seq > 2"), values)
    session.execute(text("DELETE FROM server.case_entry WHERE case_id = :id AND seq > 2"), values)
    stand_at(session, case_id, 2)


def stand_at(session: Session, case_id: UUID, seq: int) -> None:
    """Let a case stand where one of its entries left it."""
    session.execute(
        text(
            'UPDATE server."case" c SET state = e.to_state, version = e.version, head_seq = e.seq,'
            " head_hash = e.entry_hash FROM server.case_entry e"
            " WHERE c.case_id = :id AND e.case_id = :id AND e.seq = :seq"
        ),
        {"id": case_id, "seq": seq},
    )


def rewrite_the_tail(session: Session, case_id: UUID) -> None:
    """Replace the newest entry of a case by another one that is chained soundly."""
    actor_id, unit, at = session.execute(
        text(
            "SELECT actor_id, actor_unit, recorded_at FROM server.case_entry WHERE case_id = :id AND seq = 3"
        ),
        {"id": case_id},
    ).one()
    cut_the_tail(session, case_id)
    row = session.execute(
        text('SELECT head_seq, head_hash, version, state, level FROM server."case" WHERE case_id = :id'),
        {"id": case_id},
    ).one()
    head = Head(case_id, row[0], bytes(row[1]), *row[2:])
    forged = history.write(
        head,
        "case.dispatch",
        "dispatched",
        author=Author(actor_id, unit),
        at=at,
        salt=b"1" * 16,
        facts={"unit": unit},
    )
    queries.store_entry(session, forged, {"unit_code": unit})
    stand_at(session, case_id, 3)


def let_a_case_vanish(session: Session, case_id: UUID) -> None:
    """Take a case away with everything that tells of it, its number at the end of the year included."""
    for table in (
        "case_link",
        "paper_due",
        "department_task",
        "case_number",
        "case_entry_private",
        "case_entry",
        '"case"',
    ):
        session.execute(text(f"ALTER TABLE server.{table} DISABLE TRIGGER USER"))
        session.execute(text(f"DELETE FROM server.{table} WHERE case_id = :id"), {"id": case_id})


def hide_in_the_roots(session: Session, case_id: UUID) -> None:
    """Let a case vanish, and its heads with it."""
    let_a_case_vanish(session, case_id)
    session.execute(text("DELETE FROM server.ledger_root_head WHERE case_id = :id"), {"id": case_id})


def drop_the_newest_root(session: Session, case_id: UUID) -> None:
    """Cut a tail, and the root that covers it without its heads."""
    cut_the_tail(session, case_id)
    session.execute(
        text("DELETE FROM server.ledger_root_head WHERE case_id = :id AND seq = 3"), {"id": case_id}
    )
    session.execute(text("ALTER TABLE server.ledger_root DROP CONSTRAINT ledger_root_pkey CASCADE"))
    session.execute(text("DELETE FROM server.ledger_root WHERE root = 1"))


@pytest.mark.parametrize(
    ("strike", "told"),
    [
        (cut_the_tail, "entry 3: the entry that root 1 covers is gone"),
        (rewrite_the_tail, "entry 3: the entry that root 1 covers is another one now"),
        (let_a_case_vanish, "covers is gone"),
        (hide_in_the_roots, "root 1: the heads that it covers were changed"),
        (drop_the_newest_root, "root 1: the root is missing"),
    ],
)
def test_what_the_chain_of_a_case_does_not_show_the_roots_do(
    cast: Cast, key: RootKey, strike: Callable[[Session, UUID], None], told: str
) -> None:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    sealed(cast, key)
    sealed(cast, key)
    assert proved(cast, key) == 2

    with cast.county.owner() as session:
        for table in UNGUARDED:
            session.execute(text(f"ALTER TABLE server.{table} DISABLE TRIGGER USER"))
        strike(session, case_id)

    with cast.county.database.snapshot() as session:
        verify(session)
    with pytest.raises(FaultyHistory, match=told):
        proved(cast, key)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            """UPDATE server.ledger_root SET statement = replace(statement, '"moved"', '"Moved"')""",
            "root 1: the signature does not fit",
        ),
        ("UPDATE server.ledger_root SET day = day - 1 WHERE root = 1", "root 1: the statement differs"),
        (
            'UPDATE server.case_entry_private SET words = \'{"description": "无事"}\'',
            "the words beside the entry were changed",
        ),
        (
            "UPDATE server.ledger_root_head SET entry_hash = sha256('other')",
            "root 1: the heads that it covers were changed",
        ),
    ],
)
def test_an_altered_root_or_word_is_named(cast: Cast, key: RootKey, statement: str, told: str) -> None:
    cast.report()
    sealed(cast, key)

    attack(cast, statement)

    with pytest.raises(FaultyHistory, match=told):
        proved(cast, key)


def test_a_changed_digest_of_words_shows_in_the_hash_and_in_the_root(cast: Cast, key: RootKey) -> None:
    case_id, _ = cast.report()
    sealed(cast, key)
    attack(
        cast,
        "UPDATE server.case_entry SET canonical = jsonb_set(canonical::jsonb, '{private}', 'null')::text,"
        " entry_hash = sha256(convert_to(jsonb_set(canonical::jsonb, '{private}', 'null')::text, 'UTF8'))"
        " WHERE seq = 1",
    )

    with pytest.raises(FaultyHistory, match=f"{case_id} entry 1|{case_id} entry 2"):
        proved(cast, key)


def test_roots_made_anew_with_another_key_are_not_believed_unless_the_key_is_named(
    cast: Cast, key: RootKey
) -> None:
    cast.report()
    sealed(cast, key)
    held = next(iter(all_digests(cast, key)))
    stranger = RootKey("somebody else's secret of more than thirty-two characters")
    attack(cast, "DELETE FROM server.ledger_root_head", "DELETE FROM server.ledger_root")
    sealed(cast, stranger)

    with pytest.raises(FaultyHistory, match="not this server's"):
        proved(cast, key)
    assert proved(cast, stranger) == 1
    with cast.county.database.snapshot() as session, pytest.raises(FaultyHistory, match=held):
        verify_roots(session, (stranger.key_id,), held)


def all_digests(cast: Cast, key: RootKey) -> list[str]:
    with cast.county.database.snapshot() as session:
        return [root.digest for root in verify_roots(session, (key.key_id,))]


def test_a_root_of_the_present_key_vouches_for_those_of_the_key_before(cast: Cast, key: RootKey) -> None:
    cast.report()
    sealed(cast, RootKey("the secret key that was in force before this one"))
    sealed(cast, key)

    assert proved(cast, key) == 2


def test_words_that_were_deleted_by_right_leave_the_ledger_sound(cast: Cast, key: RootKey) -> None:
    cast.report()
    sealed(cast, key)

    with cast.county.owner() as session:
        session.execute(text("DELETE FROM server.case_entry_private"))

    assert proved(cast, key) == 1


def test_the_demo_places_go_with_the_roots_over_them(cast: Cast, key: RootKey) -> None:
    cast.report()
    sealed(cast, key)

    with cast.county.owner() as session:
        assert remove(session, cast.clock) == "emptied"

    assert proved(cast, key) == 0


def test_everybody_may_read_the_roots_and_keep_them_elsewhere(cast: Cast, key: RootKey) -> None:
    cast.report()
    sealed(cast, key)
    sealed(cast, key)

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.worker)
        first = client.get("/api/v1/ledger/roots?limit=1", headers=headers).get_json()
        second = client.get(
            f"/api/v1/ledger/roots?limit=1&cursor={first['next']}", headers=headers
        ).get_json()
        refused = client.get("/api/v1/ledger/roots")

    assert [first["items"][0]["says"]["root"], second["items"][0]["says"]["root"]] == [2, 1]
    assert first["items"][0]["says"]["prev"] == second["items"][0]["digest"]
    assert second["next"] is None
    assert first["items"][0]["key_id"] == key.key_id
    assert refused.status_code == 401
