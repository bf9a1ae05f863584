"""The register of a vote and its ballots, each entered twice by two people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.reading import fault, unreadable
from server.communities.service import local_day
from server.governance import lifecycle, queries, reading, service, view
from server.governance.errors import SameClerk, VoteStateForbids

READ = "vote.enter"
# Work of the workers upon tables.
REGISTER, REGISTER_TEMPLATE = "vote-register", "vote-register-template"


def put_register(
    session: Session, vote_id: UUID, lines: Sequence[Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Store the owners' register in place of the one before; return the vote.

    Args:
        lines: objects with `unit_no`, `owner_no` (units of one owner share it), `owner_name`, `area_m2`.

    Raises:
        NotFound, NotYours, VoteStateForbids: outside the caller's reach, not theirs, or open already.
        InvalidInput: `errors` point at each value that cannot be read.
    """
    service.of_hand(session, vote_id, "vote.register", actor, now)
    units = reading.register(lines)
    vote = queries.facts(session, vote_id, lock=True)
    to_state = lifecycle.decide(vote, "vote.register", vote.version, {}, local_day(now))
    names: dict[str, str] = {}
    for one in units:
        names[one["owner_no"]] = names.get(one["owner_no"]) or one["owner_name"]
    owners = [{"owner_no": number, "name": name} for number, name in names.items()]
    rows = [{name: one[name] for name in ("unit_no", "owner_no", "area_m2")} for one in units]
    queries.put_register(session, vote_id, owners, rows)
    told = {"owners": len(owners), "units": len(rows)}
    service.write(session, vote_id, vote.version + 1, "vote.register", vote.state, to_state, told, actor, now)
    return service.show(session, vote_id, actor=actor, now=now)


def owners(
    session: Session,
    vote_id: UUID,
    *,
    text: str | None,
    ballot: str | None,
    after: str | None,
    limit: int,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return owners by number with how far their ballot is; a choice shows once it was entered twice.

    Raises:
        NotFound, NotYours: outside the caller's reach; owners are named to those only who run the vote.
    """
    service.of_hand(session, vote_id, READ, actor, now)
    rows = queries.owners(session, vote_id, text=text, ballot=ballot, after=after, limit=limit)
    return [view.owner(row, actor.user_id) for row in rows]


def enter(
    session: Session, vote_id: UUID, number: int, given: Sequence[Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Enter ballots for the first or the second time; return the vote.

    A ballot that was entered in this pass already is corrected, for which a reason is asked.

    Args:
        number: 1 or 2, the pass.
        given: objects with `owner_no`, `choice`, `kind`, `proxy_name` of a proxy, `because` of a correction.

    Raises:
        NotFound, NotYours, VoteStateForbids: outside the caller's reach, not theirs, or not open.
        InvalidInput: `errors` point at what cannot be read or is unknown.
        SameClerk: the other pass of this ballot is theirs.
    """
    service.of_hand(session, vote_id, "vote.enter", actor, now)
    told = reading.ballots(given)
    state = queries.facts(session, vote_id).state
    if state != "open":
        raise VoteStateForbids("vote.enter", state)
    numbers = [one["owner_no"] for one in told]
    known = queries.lock_owners(session, vote_id, numbers)
    before = queries.attempts(session, vote_id, numbers)
    _check(told, known, before, number, actor.user_id)
    rows = [
        {
            **one,
            "vote_id": vote_id,
            "number": number,
            "attempt": before.get((one["owner_no"], number), (0, set()))[0] + 1,
            "entered_by": actor.user_id,
            "entered_at": now,
        }
        for one in told
    ]
    queries.insert_ballots(session, rows)
    return service.show(session, vote_id, actor=actor, now=now)


def _check(
    told: Sequence[Mapping[str, Any]],
    known: set[str],
    before: Mapping[tuple[str, int], tuple[int, set[UUID]]],
    number: int,
    clerk: UUID,
) -> None:
    faults = []
    for place, one in enumerate(told):
        owner, at = one["owner_no"], f"/ballots/{place}"
        again = (owner, number) in before
        if owner not in known:
            faults.append(fault(f"{at}/owner_no", "is not in the register", "名册中没有该业主"))
        elif clerk in before.get((owner, 3 - number), (0, set()))[1]:
            raise SameClerk(owner)
        elif again != bool(one["because"]):
            detail, zh = (
                ("say why the ballot is corrected", "更正表决票须说明原因")
                if again
                else ("belongs to a correction only", "首次录入不填更正原因")
            )
            faults.append(fault(f"{at}/because", detail, zh))
    if faults:
        raise unreadable(faults[:100])
