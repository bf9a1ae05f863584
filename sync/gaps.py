"""`device.gap`: a tablet declares that some of its items are lost, so that the later ones can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.mutations import Mutation, Outcome
from sync.problem import at, problem

GAP = "device.gap"
MAX_REASON = 500

_STORE = text("""
INSERT INTO sync.gap (device_id, from_seq, to_seq, reason, mid, user_id, declared_at)
VALUES (CAST(:device_id AS uuid), :from_seq, :to_seq, :reason, CAST(:mid AS uuid), CAST(:user_id AS uuid),
        :now)
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Gap:
    """The seqs from `first` to `last`, both included, which the tablet has lost.

    The item that declares it may stand in the place of the last one.
    """

    first: int
    last: int
    reason: str


def read(mutation: Mutation) -> tuple[Gap | None, list[dict[str, str]]]:
    """Return the declared gap, or None with what is wrong, as pointers into the item."""
    data: Mapping[str, Any] = {"from": None, "to": None, "reason": None, **mutation.data}
    first, last, reason = data["from"], data["to"], data["reason"]
    faults = []
    if not _whole(first) or first < 1:
        faults.append(at("/data/from", "must be a seq, a whole number from 1", "必须是不小于 1 的序号"))
    if not _whole(last) or last > mutation.seq or (not faults and last < first):
        faults.append(at("/data/to", "must be a seq from `from` to this item's own", "须在 from 与本条之间"))
    if not isinstance(reason, str) or not reason.strip() or len(reason) > MAX_REASON:
        faults.append(
            at("/data/reason", f"must say why, in at most {MAX_REASON} characters", "须说明原因，500 字内")
        )
    return (None, faults) if faults else (Gap(first, last, reason), [])


def verdict(mutation: Mutation) -> Outcome:
    """Return `applied`, or `rejected` with the pointers to what is wrong."""
    _, faults = read(mutation)
    if not faults:
        return Outcome("applied")
    words = "The gap cannot be read; mend what the pointers name.", "缺口声明无法读取，请按指针改正。"
    return Outcome("rejected", problem=problem("gap-unreadable", *words, faults))


def store(
    session: Session,
    device_id: UUID,
    user_id: UUID,
    mutations: Sequence[Mutation],
    outcomes: Mapping[int, Outcome],
    now: datetime,
) -> None:
    """Keep the gaps among these items that were applied."""
    for mutation in mutations:
        gap = read(mutation)[0] if mutation.type == GAP else None
        if gap is not None and outcomes[mutation.seq].status == "applied":
            session.execute(
                _STORE,
                {
                    "device_id": str(device_id),
                    "from_seq": gap.first,
                    "to_seq": gap.last,
                    "reason": gap.reason,
                    "mid": str(mutation.mid),
                    "user_id": str(user_id),
                    "now": now,
                },
            )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
