"""Taking in orders that were pasted as text."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.complaints.hotline.fields import bound
from server.complaints.hotline.pasted import read_pasted
from server.complaints.hotline.taking import By, Fate, take_in
from server.complaints.hotline.view import plain
from server.sheets.rows import checked


def take_text(session: Session, text: str, by: By, *, dry_run: bool) -> dict[str, Any]:
    """Take pasted orders in, all of them or none; return the counts and what becomes of each order.

    Raises:
        UnreadableTable, ColumnsMissing: the text holds no orders.
        TableFaulty: an order is faulty; `errors` name the line where it begins.
    """
    pasted = read_pasted(text)
    meant = bound(pasted.titles, None)
    taken = take_in(session, [checked(row, meant, SHANGHAI) for row in pasted.rows], by, dry_run=dry_run)
    return {**taken.as_json(), "dry_run": dry_run, "orders": [_fate(one) for one in taken.fates]}


def _fate(one: Fate) -> dict[str, Any]:
    given = one.given
    return {
        "row": given.row,
        "order_no": given.order_no,
        "fate": one.fate,
        "differs": list(one.differs),
        "called_at": plain(given.called_at),
        "due_at": plain(given.limit.due_at),
        "content": given.words.get("content", ""),
        "address": given.words.get("address", ""),
    }
