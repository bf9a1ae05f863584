"""All SQL about votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, insert, select, text
from sqlalchemy.orm import Session, aliased

from server.auth.tables import User
from server.communities.territory import Territory
from server.governance.lifecycle import VoteFacts
from server.governance.rules import Rule, Share
from server.governance.tables import BallotEntry, Vote, VoteEntry, VoteOwner, VotePaper, VoteRule, VoteUnit

_VOTES, _OWNERS = (
    text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")) for name in ("votes", "owners")
)
_FACTS = text(
    "SELECT v.state, v.head_seq, v.closes_on, v.objections_until,"
    " (SELECT count(*) FROM server.vote_owner o WHERE o.vote_id = v.vote_id),"
    " (SELECT count(*) FROM server.vote_unit u WHERE u.vote_id = v.vote_id AND u.area_m2 IS NULL),"
    " (SELECT count(*) FROM server.vote_ballot b WHERE b.vote_id = v.vote_id AND NOT b.agreed),"
    " (SELECT count(*) FROM server.vote_entry o WHERE o.vote_id = v.vote_id AND o.command = 'vote.object'"
    "   AND NOT EXISTS (SELECT FROM server.vote_entry a WHERE a.vote_id = v.vote_id"
    "     AND a.command = 'vote.answer' AND a.data -> 'objection' = to_jsonb(o.seq)))"
    " FROM server.vote v WHERE v.vote_id = :vote_id"
)
_LOCK = text("SELECT FROM server.vote WHERE vote_id = :vote_id FOR UPDATE")
_ATTEMPTS = text(
    "SELECT owner_no, pass, count(*), array_agg(DISTINCT entered_by) FROM server.vote_ballot_entry"
    " WHERE vote_id = :vote_id AND owner_no = ANY(CAST(:owners AS text[])) GROUP BY owner_no, pass"
)
_LOCK_OWNERS = text(
    "SELECT owner_no FROM server.vote_owner WHERE vote_id = :vote_id"
    " AND owner_no = ANY(CAST(:owners AS text[])) ORDER BY owner_no FOR UPDATE"
)
_PROGRESS = text(
    "SELECT count(*) FILTER (WHERE missing = 1) AS once, count(*) FILTER (WHERE agreed) AS agreed,"
    " count(*) FILTER (WHERE missing = 0 AND NOT agreed) AS differs FROM server.vote_ballot"
    " WHERE vote_id = :vote_id"
)


def votes(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return votes within a territory, the newest first.

    Args:
        filters: `vote_id`, `state`, `form`, `community_id`, `text`: values or None.
    """
    after_at, after_id = after or (None, None)
    names = ("vote_id", "state", "form", "community_id", "text")
    given = {
        **{name: filters.get(name) for name in names},
        **territory.parameters(),
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_VOTES, given).mappings()]


def vote(session: Session, vote_id: UUID) -> Vote:
    """Return the row of a vote that exists, as it stands now."""
    wanted = select(Vote).where(Vote.vote_id == vote_id).execution_options(populate_existing=True)
    return session.scalars(wanted).one()


def facts(session: Session, vote_id: UUID, *, lock: bool = False) -> VoteFacts:
    """Return a vote that exists as decisions see it; locked, nobody else moves it."""
    if lock:
        session.execute(_LOCK, {"vote_id": vote_id})
    return VoteFacts(*session.execute(_FACTS, {"vote_id": vote_id}).one())


def rules(session: Session) -> list[Rule]:
    """Return every rule that is or was in force."""
    return [
        Rule(
            one.rule_set,
            one.form,
            one.matter,
            "all" if one.base == "all" else "taking_part",
            None
            if one.quorum_numerator is None or one.quorum_denominator is None
            else Share(one.quorum_numerator, one.quorum_denominator),
            Share(one.approval_numerator, one.approval_denominator, one.approval_strict),
            one.by_area,
            one.valid_from,
            one.valid_to,
        )
        for one in session.scalars(select(VoteRule).order_by(VoteRule.valid_from, VoteRule.matter))
    ]


def rule_sources(session: Session) -> list[VoteRule]:
    """Return the rows of all rules by the day from which they hold."""
    return list(session.scalars(select(VoteRule).order_by(VoteRule.valid_from, VoteRule.matter)))


def figures(session: Session, vote_id: UUID) -> dict[str, Any]:
    """Return heads and areas of the register and of the agreed ballots, as the database reckons them."""
    found: dict[str, Any] = session.execute(
        text("SELECT server.vote_figures(:vote_id)"), {"vote_id": vote_id}
    ).scalar_one()
    return found


def insert_vote(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a vote without entries."""
    session.execute(insert(Vote).values(**columns, state="draft", head_seq=0))


def insert_entry(session: Session, columns: Mapping[str, Any]) -> None:
    """Store an entry; the database checks it and moves the vote."""
    session.execute(insert(VoteEntry).values(**columns))


def history(session: Session, vote_id: UUID) -> Sequence[Any]:
    """Return the entries of a vote in order, each with the names of its author and of whom they acted for."""
    absent, named = aliased(User), VoteEntry.data["on_behalf_of"].astext
    return session.execute(
        select(VoteEntry, User.display_name, absent.display_name)
        .join(User, User.user_id == VoteEntry.actor_id)
        .outerjoin(absent, absent.user_id == named.cast(Uuid))
        .where(VoteEntry.vote_id == vote_id)
        .order_by(VoteEntry.seq)
    ).all()


def put_register(
    session: Session,
    vote_id: UUID,
    owners: Sequence[Mapping[str, Any]],
    units: Sequence[Mapping[str, Any]],
) -> None:
    """Store a register in place of the one before."""
    session.execute(delete(VoteUnit).where(VoteUnit.vote_id == vote_id))
    session.execute(delete(VoteOwner).where(VoteOwner.vote_id == vote_id))
    session.execute(insert(VoteOwner), [{**one, "vote_id": vote_id} for one in owners])
    session.execute(insert(VoteUnit), [{**one, "vote_id": vote_id} for one in units])


def owners(
    session: Session, vote_id: UUID, *, text: str | None, ballot: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return owners by number with their units, area and ballot (`none`, `once`, `differs`, `agreed`)."""
    given = {"vote_id": vote_id, "text": text, "ballot": ballot, "after": after, "limit": limit}
    return [dict(row) for row in session.execute(_OWNERS, given).mappings()]


def lock_owners(session: Session, vote_id: UUID, numbers: Sequence[str]) -> set[str]:
    """Return those of these numbers that the register knows, locked against other clerks."""
    found = session.execute(_LOCK_OWNERS, {"vote_id": vote_id, "owners": sorted(numbers)})
    return set(found.scalars())


def attempts(
    session: Session, vote_id: UUID, numbers: Sequence[str]
) -> dict[tuple[str, int], tuple[int, set[UUID]]]:
    """Return by owner and pass how often the ballot was entered, and by whom."""
    rows = session.execute(_ATTEMPTS, {"vote_id": vote_id, "owners": list(numbers)})
    return {(row[0], row[1]): (row[2], set(row[3])) for row in rows}


def insert_ballots(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store entries of ballots."""
    session.execute(insert(BallotEntry), list(rows))


def progress(session: Session, vote_id: UUID) -> dict[str, int]:
    """Return how many ballots were entered once, alike and differently."""
    return dict(session.execute(_PROGRESS, {"vote_id": vote_id}).mappings().one())


def insert_paper(session: Session, vote_id: UUID, paper_id: UUID) -> None:
    """Note that a paper is about a vote."""
    session.execute(insert(VotePaper).values(vote_id=vote_id, paper_id=paper_id))


def of_rule(session: Session, rule_set: str, form: str, matter: str) -> Rule:
    """Return the rule under which a vote was opened."""
    found = [
        one for one in rules(session) if (one.rule_set, one.form, one.matter) == (rule_set, form, matter)
    ]
    return found[0]


def settled_on(session: Session, vote_id: UUID) -> date | None:
    """Return the local day on which a vote was counted; None before."""
    found: date | None = session.execute(
        text(
            "SELECT (recorded_at AT TIME ZONE 'Asia/Shanghai')::date FROM server.vote_entry"
            " WHERE vote_id = :vote_id AND command = 'vote.count'"
        ),
        {"vote_id": vote_id},
    ).scalar()
    return found
