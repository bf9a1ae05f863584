"""All SQL about work orders of the hotline."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.complaints.hotline.drafting import CaseWords
from server.complaints.hotline.tables import AnsweringUnit, Desk, Row, Standing
from server.complaints.identities import ORDER, keyring_of

_HERE = Path(__file__).parent
_LIST = (_HERE / "list.sql").read_text(encoding="utf-8")
# Each in the order of an index.
_SORTED = {
    "newest": text(
        _LIST + " AND (CAST(:after_at AS timestamptz) IS NULL OR (o.called_at, o.order_id)"
        " < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))"
        " ORDER BY o.called_at DESC, o.order_id DESC LIMIT :limit"
    ),
    "due": text(
        _LIST + " AND (CAST(:after_at AS timestamptz) IS NULL OR (o.due_at, o.order_id)"
        " > (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))"
        " ORDER BY o.due_at, o.order_id LIMIT :limit"
    ),
}
_COUNT = text(f"SELECT count(*) FROM ({_LIST}) AS listed")
_CASE_WORDS = text((_HERE / "case_words.sql").read_text(encoding="utf-8"))
_DAYS = ("called_from", "called_to", "received_from", "received_to", "replied_from", "replied_to")
FILTERS = ("order_id", "states", "signals", "community_id", "case_id", "linked", "subdistrict", *_DAYS)
_CONTENT = ("kind", "title", "content", "address", "handling_unit")
_CLOCK = ("called_at", "dispatched_at", "due_at", "yellow_at", "return_due_at")
_SHAPE = (
    "order_id uuid, order_no text, edition int, kind text, title text, content text, address text,"
    " handling_unit text, unit_code text, called_at timestamptz, dispatched_at timestamptz,"
    " due_at timestamptz, yellow_at timestamptz, return_due_at timestamptz,"
    " caller_changed boolean"
)
_FROM = f" FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r ({_SHAPE})"
_EDITION = (
    "kind, title, content, address, handling_unit, called_at, dispatched_at, due_at, yellow_at, return_due_at"
)
_ORDERS = text(
    f"INSERT INTO server.hotline_order (order_id, order_no, unit_code, received_at, {_EDITION})"
    f" SELECT order_id, order_no, unit_code, :now, {_EDITION}" + _FROM
)
_EDITIONS = text(
    f"INSERT INTO server.hotline_edition (order_id, edition, caller_changed, way, taken_at, taken_by,"
    f" {_EDITION})"
    f" SELECT order_id, edition, caller_changed, :way, :now, :by, {_EDITION}" + _FROM
)
_CALLERS = text(
    "INSERT INTO server.hotline_caller (order_id, sealed, phone_digest)"
    " SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:sealed AS bytea[]), CAST(:digests AS bytea[]))"
    " ON CONFLICT (order_id) DO UPDATE SET sealed = EXCLUDED.sealed, phone_digest = EXCLUDED.phone_digest"
)
_ENTRIES = text(
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, actor_id, recorded_at,"
    " facts, imported) SELECT order_id, seq, command, from_state, to_state, :by, :now, facts, imported"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (order_id uuid, seq int, command text,"
    " from_state text, to_state text, facts jsonb, imported boolean)"
)
_STANDING = text(
    "SELECT o.order_id, o.order_no, o.state, o.version, o.edition, e.kind, e.title, e.content, e.address,"
    " e.handling_unit, e.called_at, e.dispatched_at, e.due_at, e.yellow_at, e.return_due_at, k.sealed,"
    " (CAST(:unit AS text) IS NULL OR o.unit_code = CAST(:unit AS text)) AND (CAST(:division AS text) IS NULL"
    " OR starts_with(u.division_code::text, CAST(:division AS text))"
    " OR starts_with(c.neighbourhood_code::text, CAST(:division AS text))) IS TRUE AS visible"
    " FROM server.hotline_order o JOIN server.hotline_edition e USING (order_id, edition)"
    " JOIN server.unit u ON u.code = o.unit_code LEFT JOIN geo.community c ON c.community_id = o.community_id"
    " LEFT JOIN server.hotline_caller k ON k.order_id = o.order_id"
    " WHERE o.order_no = ANY(CAST(:numbers AS text[])) ORDER BY o.order_no FOR UPDATE OF o"
)


def orders(
    session: Session,
    desk: Desk,
    filters: Mapping[str, Any],
    *,
    sort: str = "newest",
    after: tuple[str, str] | None = None,
    limit: int | None = None,
    now: datetime,
) -> list[Row]:
    """Return the orders of a desk that pass the filters, by time of the call or by deadline."""
    after_at, after_id = after or (None, None)
    given = {
        **_given(desk, filters, now),
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_SORTED[sort], given).mappings()]


def count(session: Session, desk: Desk, filters: Mapping[str, Any], *, now: datetime) -> int:
    """Return how many orders of a desk pass the filters."""
    return int(session.execute(_COUNT, _given(desk, filters, now)).scalar_one())


def _given(desk: Desk, filters: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    words = filters.get("text")
    return {
        **{name: filters.get(name) for name in FILTERS},
        "text": None if words is None else f"%{_escaped(words)}%",
        "division": desk.division,
        "unit": desk.unit,
        "now": now,
    }


def lock(session: Session, order_id: UUID) -> None:
    """Let nobody else change an order until the transaction ends."""
    session.execute(
        text("SELECT FROM server.hotline_order WHERE order_id = :id FOR UPDATE"), {"id": order_id}
    )


def standing(session: Session, desk: Desk, numbers: Collection[str]) -> dict[str, Standing]:
    """Return those of these orders that stand already, locked; `visible` says whether the desk sees them."""
    given = {"numbers": list(numbers), "division": desk.division, "unit": desk.unit}
    found = {}
    for row in session.execute(_STANDING, given).mappings():
        head = {
            name: row[name] for name in ("order_id", "order_no", "state", "version", "edition", "visible")
        }
        clock = {name: row[name] for name in _CLOCK}
        words = {name: row[name] for name in _CONTENT}
        known = _opened(session, row["order_id"], row["sealed"])
        found[row["order_no"]] = Standing(
            **head, **clock, words=words, caller=known.get("name"), phone=known.get("phone")
        )
    return found


def store(
    session: Session, new: Sequence[Row], editions: Sequence[Row], way: str, by: UUID | None, now: datetime
) -> None:
    """Store new orders, and for them and changed ones their edition and caller; entries come after."""
    told = {"way": way, "by": by, "now": now}
    session.execute(_ORDERS, {"rows": _json(_without_caller(new)), "now": now})
    session.execute(_EDITIONS, {"rows": _json(_without_caller(editions)), **told})
    _seal(session, [row for row in editions if row["name"] or row["phone"]])


def write(session: Session, entries: Sequence[Row], by: UUID | None, now: datetime) -> None:
    """Write entries, at most one of each order, which move their orders."""
    session.execute(_ENTRIES, {"rows": _json(entries), "by": by, "now": now})


def caller(session: Session, order_id: UUID) -> dict[str, str] | None:
    """Return who called, as long as that is kept."""
    known = callers(session, [order_id]).get(order_id)
    return None if known is None else {"name": known[0], "phone": known[1]}


def callers(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return name and telephone of those who called, as far as they are kept."""
    sql = "SELECT order_id, sealed FROM server.hotline_caller WHERE order_id = ANY(CAST(:ids AS uuid[]))"
    rows = session.execute(text(sql), {"ids": [str(one) for one in ids]})
    opened = {row.order_id: _opened(session, row.order_id, row.sealed) for row in rows}
    return {order_id: (known["name"], known["phone"]) for order_id, known in opened.items()}


def by_phone(session: Session, phone: str) -> list[UUID]:
    """Return the orders of whoever has this telephone number, as long as that is kept."""
    sql = "SELECT order_id FROM server.hotline_caller WHERE phone_digest = ANY(CAST(:digests AS bytea[]))"
    digests = keyring_of(session).digests(phone)
    return list(session.scalars(text(sql), {"digests": digests})) if digests else []


def _without_caller(rows: Sequence[Row]) -> list[Row]:
    # What goes to the database in plain words may end in its log.
    return [{name: value for name, value in row.items() if name not in ("name", "phone")} for row in rows]


def _seal(session: Session, rows: Sequence[Row]) -> None:
    keys = keyring_of(session)
    if not rows:
        return
    told = [{"name": row["name"], "phone": row["phone"]} for row in rows]
    ids = [UUID(str(row["order_id"])) for row in rows]
    given = {
        "ids": [str(one) for one in ids],
        "sealed": [keys.seal(ORDER, one, known) for one, known in zip(ids, told, strict=True)],
        "digests": [keys.digest(known["phone"]) for known in told],
    }
    session.execute(_CALLERS, given)


def _opened(session: Session, order_id: UUID, sealed: bytes | None) -> dict[str, str]:
    return {} if sealed is None else keyring_of(session).open(ORDER, order_id, bytes(sealed))


def history(session: Session, order_id: UUID) -> list[Row]:
    """Return the entries of an order, the first first."""
    sql = (
        "SELECT e.seq, e.command, e.from_state, e.to_state, e.recorded_at, e.facts, e.imported,"
        " p.display_name AS actor, b.display_name AS stands_for"
        ' FROM server.hotline_entry e LEFT JOIN server."user" p ON p.user_id = e.actor_id'
        " LEFT JOIN server.\"user\" b ON b.user_id = CAST(e.facts ->> 'on_behalf_of' AS uuid)"
        " WHERE e.order_id = :id ORDER BY e.seq"
    )
    return [dict(row) for row in session.execute(text(sql), {"id": order_id}).mappings()]


def editions(session: Session, order_id: UUID) -> list[Row]:
    """Return every wording in which an order came in, the newest first."""
    sql = (
        f"SELECT edition, way, taken_at, caller_changed, {_EDITION} FROM server.hotline_edition"
        " WHERE order_id = :id ORDER BY edition DESC"
    )
    return [dict(row) for row in session.execute(text(sql), {"id": order_id}).mappings()]


def linked_cases(session: Session, order_id: UUID) -> list[UUID]:
    """Return the cases that answer an order, in the order in which they were tied to it."""
    sql = "SELECT case_id FROM server.hotline_order_case WHERE order_id = :id ORDER BY linked_at, case_id"
    return list(session.scalars(text(sql), {"id": order_id}))


def case_words(session: Session, order_id: UUID) -> list[CaseWords]:
    """Return what a reply may say of the cases of an order."""
    rows = session.execute(_CASE_WORDS, {"order_id": order_id}).mappings()
    return [CaseWords(**{name: value for name, value in row.items() if name != "case_id"}) for row in rows]


def answering_units(session: Session) -> list[AnsweringUnit]:
    """Return the units whose desks answer orders: those that answer for a place, and the county's own."""
    sql = (
        "SELECT code, name_zh, division_code FROM server.unit"
        " WHERE division_code IS NOT NULL OR kind = 'coordinating_body'"
    )
    return [AnsweringUnit(*row) for row in session.execute(text(sql))]


def to_remind(session: Session, now: datetime, limit: int) -> list[Row]:
    """Return the open orders whose signal has turned since their desk was last told, locked."""
    sql = (
        "SELECT o.order_id, o.order_no, o.unit_code, o.due_at, coalesce(c.name, '') AS community,"
        " server.hotline_signal(o.yellow_at, o.due_at, o.answered_at, :now) AS signal"
        " FROM server.hotline_order o LEFT JOIN geo.community c ON c.community_id = o.community_id"
        " WHERE o.answered_at IS NULL AND o.yellow_at < :now AND (o.told_signal = 'green'"
        " OR (o.told_signal = 'yellow' AND o.due_at < :now)) ORDER BY o.due_at LIMIT :limit"
        " FOR UPDATE OF o SKIP LOCKED"
    )
    return [dict(row) for row in session.execute(text(sql), {"now": now, "limit": limit}).mappings()]


def note_reminded(session: Session, told: Mapping[str, Sequence[UUID]]) -> None:
    """Note of which signal each desk was told."""
    for signal, ids in told.items():
        session.execute(
            text(
                "UPDATE server.hotline_order SET told_signal = :signal"
                " WHERE order_id = ANY(CAST(:ids AS uuid[]))"
            ),
            {"signal": signal, "ids": [str(one) for one in ids]},
        )


def _escaped(words: str) -> str:
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _json(rows: Sequence[Row]) -> str:
    return orjson.dumps(list(rows)).decode()
