"""All SQL about papers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, aliased

from server.auth.tables import Unit, User
from server.communities.territory import Territory
from server.papers.lifecycle import PaperFacts, Step
from server.papers.tables import Paper, PaperCase, PaperEntry, PaperPrefix, PaperTemplate

_CASES, _LIST = (
    text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
    for name in ("case_facts", "papers")
)
_SEEN_CASES = text(
    'SELECT k.case_id, k.number FROM server."case" k JOIN geo.community c USING (community_id)'
    " WHERE k.number = ANY(CAST(:numbers AS text[])) AND (CAST(:division AS text) IS NULL"
    " OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))"
    " AND (CAST(:unit AS text) IS NULL OR k.unit_code = :unit)"
)
_EVENTS = text(
    "SELECT e.case_id, e.seq, e.command, e.to_state, e.level, e.actor_unit, e.recorded_at"
    " FROM server.case_entry e WHERE e.case_id = ANY(CAST(:ids AS uuid[]))"
    " AND e.command IN ('case.dispatch', 'case.accept', 'case.raise_level', 'case.record_refusal',"
    " 'case.claim_fixed', 'case.check', 'case.request_extension', 'case.reopen') ORDER BY e.case_id, e.seq"
)
_PHOTOS = text(
    "SELECT DISTINCT ON (c.entity_id, c.sha256) c.entity_id, encode(c.sha256, 'hex'), c.role"
    " FROM server.photo_claim c JOIN server.photo p USING (sha256)"
    " WHERE c.entity = 'case' AND c.entity_id = ANY(CAST(:ids AS uuid[])) AND c.role = ANY(:roles)"
    " AND p.state = 'stored' ORDER BY c.entity_id, c.sha256"
)


def papers(
    session: Session,
    territory: Territory,
    own: str,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return the papers within reach that pass the filters, newest draft first.

    Args:
        own: the reader's unit, which sees what it drafts and what was issued to it.
        filters: `paper_id`, `kind`, `state`, `body`, `to_unit`, `case_id`, `text`: values or None.
    """
    after_at, after_id = after or (None, None)
    names = ("paper_id", "kind", "state", "body", "to_unit", "case_id", "text")
    given = {
        **{name: filters.get(name) for name in names},
        "division": territory.division,
        "unit": territory.unit,
        "own": own,
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row._mapping) for row in session.execute(_LIST, given)]


def facts(session: Session, paper_id: UUID, *, lock: bool = False) -> PaperFacts | None:
    """Return a paper with its history; locked, nobody else moves it until the transaction ends."""
    wanted = select(Paper).where(Paper.paper_id == paper_id).execution_options(populate_existing=True)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        return None
    absent, named = aliased(User), PaperEntry.data["on_behalf_of"].astext
    past = session.execute(
        select(PaperEntry, User.display_name, absent.user_id, absent.display_name)
        .outerjoin(User, User.user_id == PaperEntry.actor_id)
        .outerjoin(absent, absent.user_id == named.cast(Uuid))
        .where(PaperEntry.paper_id == paper_id)
        .order_by(PaperEntry.seq)
    )
    steps = tuple(
        Step(e.seq, e.command, e.actor_id, name, e.recorded_at, e.data, stood_for, stood_for_name)
        for e, name, stood_for, stood_for_name in past
    )
    return PaperFacts(
        paper_id, found.kind, found.body, found.to_unit, found.state, found.head_seq, found.fields, steps
    )


def paper(session: Session, paper_id: UUID) -> Paper:
    """Return the row of a paper that exists, as it stands now."""
    wanted = select(Paper).where(Paper.paper_id == paper_id).execution_options(populate_existing=True)
    return session.scalars(wanted).one()


def insert_paper(
    session: Session, columns: Mapping[str, Any], cases: Sequence[tuple[UUID, int | None]]
) -> None:
    """Store a paper without entries, and its cases in order with the entries that caused it."""
    session.execute(insert(Paper).values(**columns))
    rows = [
        {
            "paper_id": columns["paper_id"],
            "position": position,
            "case_id": case_id,
            "kind": columns["kind"],
            "cause_seq": seq,
        }
        for position, (case_id, seq) in enumerate(cases, start=1)
    ]
    if rows:
        session.execute(insert(PaperCase), rows)


def insert_entry(session: Session, columns: Mapping[str, Any]) -> None:
    """Store an entry; the database checks it and moves the paper."""
    session.execute(insert(PaperEntry).values(**columns))


def unit(session: Session, code: str) -> Unit | None:
    """Return a unit by its code."""
    return session.get(Unit, code)


def unit_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the Chinese names of units."""
    found = session.execute(select(Unit.code, Unit.name_zh).where(Unit.code.in_(codes)))
    return {row.code: row.name_zh for row in found}


def seen_cases(session: Session, numbers: Sequence[str], territory: Territory) -> dict[str, UUID]:
    """Return id by number of those of these cases that lie within a territory."""
    given = {"numbers": list(numbers), "division": territory.division, "unit": territory.unit}
    return {number: case_id for case_id, number in session.execute(_SEEN_CASES, given)}


def cases(session: Session, ids: Sequence[UUID]) -> list[Any]:
    """Return what papers say of cases, in the order asked for; see `case_facts.sql`."""
    return list(session.execute(_CASES, {"ids": [str(one) for one in ids]}))


def events(session: Session, ids: Sequence[UUID]) -> list[Any]:
    """Return the steps of cases that papers tell of: case_id, seq, command, to_state, level, recorded_at."""
    return list(session.execute(_EVENTS, {"ids": [str(one) for one in ids]}))


def photos(session: Session, ids: Sequence[UUID], roles: Sequence[str], most: int) -> list[str]:
    """Return the digests (hex) of stored photos that cases name in these roles."""
    found = session.execute(_PHOTOS, {"ids": [str(one) for one in ids], "roles": list(roles)})
    return list(dict.fromkeys(row[1] for row in found))[:most]


def earlier(session: Session, case_id: UUID, kind: str) -> list[tuple[str, str | None]]:
    """Return state and number of the papers of a kind about a case that are not void, oldest first."""
    found = session.execute(
        select(Paper.state, Paper.number)
        .join(PaperCase, PaperCase.paper_id == Paper.paper_id)
        .where(PaperCase.case_id == case_id, Paper.kind == kind, Paper.state != "void")
        .order_by(Paper.drafted_at, Paper.paper_id)
    )
    return [(state, number) for state, number in found]


def template(session: Session, kind: str) -> PaperTemplate | None:
    """Return the template of a kind that is in force."""
    return session.scalar(
        select(PaperTemplate)
        .where(PaperTemplate.kind == kind)
        .order_by(PaperTemplate.valid_from.desc())
        .limit(1)
    )


def template_by_id(session: Session, template_id: UUID) -> PaperTemplate:
    """Return the template under which a paper was issued."""
    return session.get_one(PaperTemplate, template_id)


def templates(session: Session) -> list[Any]:
    """Return all templates without their content by kind, newest first, with the end of their validity."""
    return list(
        session.execute(
            text(
                "SELECT t.template_id, t.kind, t.origin, t.valid_from, encode(t.sha256, 'hex') AS sha256,"
                " lag(t.valid_from) OVER (PARTITION BY t.kind ORDER BY t.valid_from DESC) AS valid_to,"
                ' u.display_name AS added_by FROM server.paper_template t LEFT JOIN server."user" u'
                " ON u.user_id = t.added_by ORDER BY t.kind, t.valid_from DESC"
            )
        )
    )


def insert_template(
    session: Session,
    *,
    template_id: UUID,
    kind: str,
    content: bytes,
    origin: str,
    added_by: UUID | None,
    now: datetime,
) -> None:
    """Store a template, in force from now on; one of the same instant stays."""
    session.execute(
        upsert(PaperTemplate)
        .values(
            template_id=template_id,
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).digest(),
            origin=origin,
            valid_from=now,
            added_by=added_by,
        )
        .on_conflict_do_nothing(index_elements=["kind", "valid_from"])
    )


def prefix(session: Session, body: str, kind: str) -> str | None:
    """Return the prefix of a body's numbers for a kind."""
    return session.scalar(
        select(PaperPrefix.prefix).where(PaperPrefix.body == body, PaperPrefix.kind == kind)
    )


def put_prefix(session: Session, body: str, kind: str, wanted: str) -> None:
    """Set the prefix of a body's numbers for a kind."""
    row = upsert(PaperPrefix).values(body=body, kind=kind, prefix=wanted)
    session.execute(row.on_conflict_do_update(index_elements=["body", "kind"], set_={"prefix": wanted}))


def add_prefixes(session: Session, rows: Sequence[Mapping[str, str]]) -> None:
    """Store prefixes; those that stand stay, those of unknown bodies are left out."""
    known = set(session.scalars(select(Unit.code)))
    wanted = [row for row in rows if row["body"] in known]
    if wanted:
        session.execute(upsert(PaperPrefix).on_conflict_do_nothing(), wanted)


def take_due(session: Session, at_once: int) -> list[Any]:
    """Return entries of cases for which papers are to be drafted, oldest first, locked for this worker."""
    return list(
        session.execute(
            text(
                "SELECT d.case_id, d.seq, e.command, e.level, e.actor_unit, e.actor_id, e.recorded_at"
                " FROM server.paper_due d JOIN server.case_entry e USING (case_id, seq)"
                " ORDER BY e.recorded_at, e.actor_id, d.case_id LIMIT :at_once FOR UPDATE OF d SKIP LOCKED"
            ),
            {"at_once": at_once},
        )
    )


def done_due(session: Session, entries: Sequence[tuple[UUID, int]]) -> None:
    """Forget entries whose papers are drafted, or need none."""
    session.execute(
        text(
            "DELETE FROM server.paper_due WHERE (case_id, seq) IN (SELECT * FROM"
            " unnest(CAST(:ids AS uuid[]), CAST(:seqs AS integer[])))"
        ),
        {"ids": [str(case_id) for case_id, _ in entries], "seqs": [seq for _, seq in entries]},
    )


def drafted(session: Session, ids: Collection[UUID]) -> set[tuple[UUID, int | None, str]]:
    """Return case, entry and kind of what the product drafted by itself for these cases."""
    found = session.execute(
        select(PaperCase.case_id, PaperCase.cause_seq, PaperCase.kind).where(
            PaperCase.case_id.in_(ids), PaperCase.cause_seq.is_not(None)
        )
    )
    return {(case_id, seq, kind) for case_id, seq, kind in found}


def case_ids(session: Session, paper_id: UUID) -> list[UUID]:
    """Return the cases that a paper is about, in order."""
    wanted = select(PaperCase.case_id).where(PaperCase.paper_id == paper_id).order_by(PaperCase.position)
    return list(session.scalars(wanted))


def prefix_of_another(session: Session, body: str, wanted: str) -> bool:
    """Return whether another body's numbers begin with this prefix."""
    found = select(PaperPrefix.body).where(PaperPrefix.prefix == wanted, PaperPrefix.body != body).limit(1)
    return session.scalar(found) is not None
