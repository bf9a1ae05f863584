"""The use cases of the ledger: open cases, obey commands, show what a person may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlalchemy import and_, text
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.queries import CommunityFacts
from server.ledger import (
    command_data,
    duplicates,
    history,
    lifecycle,
    lists,
    merging,
    queries,
    repeat_queries,
    request_queries,
    requests,
    tablet_entries,
    timing,
    view,
    visibility,
    wires,
)
from server.ledger.case_files import CaseFile, case_file
from server.ledger.errors import StaleVersion, StateForbids, UnknownCommand
from server.ledger.facts import CaseFacts, Command, Deadline, Decision, Settled
from server.ledger.findings import FoundViolation, OpenCase, home_of, may_join
from server.ledger.history import SYSTEM, Author, Head
from server.ledger.knowing import known_for
from server.ledger.opening import Closed, plan
from server.ledger.outline import county_outline
from server.ledger.plan import Opened
from server.ledger.repeats import ClosedCase
from server.ledger.rulebook import clock_of, parameters_of, terms_of
from server.ledger.terms import local_day
from server.ledger.ties import covers
from server.ledger.view import CaseView
from server.ledger.waiting import cases_waiting
from server.photos import service as photos
from server.photos.claims import Claim, ClaimedPhoto, EvidencePhoto, evidence_shown, read_photos
from server.problems import NotFound, NotYours
from sync.entity import cell_bucket

NUMBERED = frozenset(("case.file",))


def open_cases(
    session: Session,
    violations: Sequence[FoundViolation],
    communities: Mapping[UUID, CommunityFacts],
    *,
    now: datetime,
) -> tuple[list[Opened], list[Claim]]:
    """Let each violation join an open case, reopen a closed one or open its own.

    Returns where each ended and the photos to claim.

    Set-wise: as many statements for a hundred as for one. The caller claims the photos and then tells the
    tablets (`wires.tell`), so that inspections and cases share a round trip. `communities` holds the facts
    of every community named.

    Raises:
        UnknownCategory: no rule is in force for a pair of category and severity.
    """
    if not violations:
        return [], []
    terms = terms_of(session, violations, communities, now)
    pairs = list(zip(violations, terms, strict=True))
    seeking = [found for found, term in pairs if may_join(found, term)]
    near = queries.open_cases_near(session, seeking) if seeking else []
    homes = [home_of(found, term, near) for found, term in pairs]
    homeless = [
        found for (found, term), home in zip(pairs, homes, strict=True) if not home and may_join(found, term)
    ]
    before = repeat_queries.closed_near(session, homeless) if homeless else []
    wanted = [home for home in homes if home is not None] + [case.case_id for case in before]
    heads = repeat_queries.heads_for_update(session, wanted) if wanted else {}
    standing = [*near, *(OpenCase(one.case_id, one.community_id, one.category, one.asset) for one in before)]
    standing = [one for one in standing if one.case_id in heads and heads[one.case_id].state != "closed"]
    closed = _closed(session, violations, before, heads, now) if before else None
    made = plan(violations, terms, standing, heads, now, lambda: token_bytes(history.SALT_BYTES), closed)
    queries.store_plan(session, made)
    return made.opened, [Claim("case", case_id, photo) for case_id, photo in made.photos]


def _closed(
    session: Session,
    violations: Sequence[FoundViolation],
    before: Sequence[ClosedCase],
    heads: Mapping[UUID, Head],
    now: datetime,
) -> Closed:
    """Return those of these cases that are closed still, now that they are locked."""
    cases = [one for one in before if one.case_id in heads and heads[one.case_id].state == "closed"]
    digests = {photo.sha256 for found in violations for photo in found.photos}
    seen = photos.first_seen(session, digests) if cases else {}
    fresh = {
        one.case_id: frozenset(sha for sha in digests if sha not in seen or seen[sha] > one.closed_at)
        for one in cases
    }
    clock = clock_of(session, now)

    def deadline(one: ClosedCase) -> Deadline:
        assert one.limit_amount is not None
        assert one.limit_unit is not None
        return clock.deadline(now, one.limit_amount, one.limit_unit)

    within = timedelta(days=parameters_of(session, now).rebound_within_days)
    return Closed(cases, fresh, deadline, within)


def obey(session: Session, *, case_id: UUID, command: Command, actor: Actor, now: datetime) -> dict[str, Any]:
    """Carry out one command on a case, write it into the history, tell the tablets; return the case.

    Raises:
        NotFound: there is no such case.
        UnknownCommand, InvalidInput: the command cannot be read.
        NotYours, SamePerson: another has to do this.
        StaleVersion, StateForbids, EvidenceMissing: not now; `extra["current"]` shows the case.
    """
    if command.type not in lifecycle.ORDERS:
        raise UnknownCommand(command.type)
    touched = {case_id, *command_data.others(command)}
    if len(touched) > 1:
        queries.lock(session, touched)
    file = _locked(session, case_id, actor, now)
    facts = file.facts
    check_right(file, command.type, actor)
    if command.base_version is None:
        raise command_data.invalid(
            [
                {
                    "pointer": "/base_version",
                    "detail": "name the version you saw",
                    "detail_zh": "须注明所见版本",
                }
            ]
        )
    if command.base_version != facts.version:
        current = show(session, case_id, actor=actor, now=now)
        raise StaleVersion(command.base_version, facts.version, current)
    if not lifecycle.permits(facts.state, command.type):
        current = show(session, case_id, actor=actor, now=now)
        raise StateForbids(command.type, facts.state, current)
    command_data.refuse_unknown(command.data, command_data.members(command.type))
    carry_out(session, facts, file.head, command, actor, now)
    audit.write(session, actor, command.type, "case", case_id, {"base_version": command.base_version}, now)
    told = wires.tell(session, sorted(touched))
    if command.type in NUMBERED:
        number_now(session)
        return show(session, case_id, actor=actor, now=now)
    found = next(case for case in told.cases if case.case_id == case_id)
    return _shown(session, found, actor, now, told.photos.get(case_id))


def number_now(session: Session) -> None:
    """Let the numbers be given now rather than at the commit, so that the answer can show them."""
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def carry_out(
    session: Session, facts: CaseFacts, head: Head, command: Command, actor: Actor, now: datetime
) -> Head:
    """Decide a command on a locked case and store the entry, its columns and its photos; return the new head.

    Raises:
        StateForbids: the case takes no such command now.
        InvalidInput, NotYours, SamePerson, EvidenceMissing: the command may not be.
    """
    if not lifecycle.permits(facts.state, command.type):
        raise StateForbids(command.type, facts.state)
    data = command_data.read(command.type, command.data, county_outline(session))
    known = known_for(session, facts, command.type, data, now)
    decision = lifecycle.decide(facts, command, data, actor, now, known)
    lapsed = requests.lapsing(facts, decision)
    told = {"lapsed": [one.kind for one in lapsed]} if lapsed else {}
    written = history.write(
        head,
        decision.command,
        decision.to_state,
        author=Author(actor.user_id, actor.unit_code, actor.stands_for),
        at=now,
        salt=token_bytes(history.SALT_BYTES),
        facts={**decision.facts, **told},
        words=decision.words,
    )
    queries.store_entry(session, written, decision.columns)
    last = _follow(session, written.head, decision, now)
    if decision.asks is not None:
        request_queries.ask(session, facts.case_id, written.head.seq, decision.asks, now)
    if decision.settles is not None:
        request_queries.settle(session, decision.settles, now)
    for one in lapsed:
        request_queries.settle(session, Settled(one.request_id, "lapsed", one.words_given), now)
    if command.type == "case.merge":
        author = Author(actor.user_id, actor.unit_code, actor.stands_for)
        merging.hand_over(session, facts.case_id, data["into"], author=author, now=now)
    claims = _claims(facts.case_id, command, decision, written.head.seq)
    photos.claim_all(session, claims, user_id=actor.user_id, now=now)
    return last


def _follow(session: Session, head: Head, decision: Decision, now: datetime) -> Head:
    """Write what the product itself adds after a decision; return the last head."""
    for name, facts in decision.follows:
        entry = history.write(head, name, head.state, author=SYSTEM, at=now, salt=b"", facts=facts)
        queries.store_entry(session, entry, {})
        head = entry.head
    return head


def show(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return a case in detail, with the commands that this person may give now.

    Raises:
        NotFound: there is no such case, or it is beyond the person's reach.
    """
    found = lists.views(session, [case_id])
    if not found:
        raise NotFound("There is no such case, or it is not yours to see.", "案卷不存在或您无权查看。")
    return _shown(session, found[0], actor, now)


def _shown(
    session: Session,
    found: CaseView,
    actor: Actor,
    now: datetime,
    shown: list[EvidencePhoto] | None = None,
) -> dict[str, Any]:
    case_id = found.case_id
    file = case_file(session, case_id, actor.placed_as, local_day(now), whole=True)
    covered = {} if file is None else covers(file.ties, actor)
    if file is None or not covered[_reach_or_own(actor, "cases.list")]:
        raise NotFound("There is no such case, or it is not yours to see.", "案卷不存在或您无权查看。")
    facts = file.facts
    orders = [order for order in lifecycle.ORDERS if _may(order, actor, covered)]
    if shown is None:
        shown = photos.photos_of(session, "case", [case_id])[case_id]
    told = view.detail(
        found,
        view.requests(file.requests, facts, actor),
        evidence_shown(shown),
        shown,
        [order for order in orders if lifecycle.may_order(facts, order, actor)],
        now,
    )
    waits = facts.state in ("reported", "verifying")
    return {
        **told,
        **timing.clocks_of(session, file, now),
        "duplicates": _duplicates(session, facts, actor, now) if waits else [],
        "related": _related(session, file.related, actor, now),
    }


def cases(
    session: Session,
    wanted: lists.Filter,
    after: tuple[str, str] | None,
    limit: int,
    *,
    waiting: str | None = None,
    due_first: bool = False,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the cases within the person's reach that pass the filter, newest report first.

    `waiting` (a key of `waiting.WAITS`) narrows them to those that wait in this way for this person.
    """
    visible = visibility.within(actor, reach(actor, "cases.list"), local_day(now))
    if waiting is not None:
        visible = and_(visible, cases_waiting(waiting, actor, now))
    found = lists.page(session, wanted, visible, after, limit, now, due_first=due_first)
    evidence = photos.evidence(session, "case", [case.case_id for case in found])
    return [case.as_json(evidence[case.case_id], now) for case in found]


def history_of(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the entries of a case in order.

    Raises:
        NotFound: there is no such case, or it is beyond the person's reach.
    """
    if not visible_case_ids(session, actor, [case_id], now):
        raise NotFound("There is no such case, or it is not yours to see.", "案卷不存在或您无权查看。")
    return tablet_entries.beside(session, case_id, queries.history_of(session, case_id))


def duplicates_of(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the open cases that may be the same problem, the nearest first, with distance and reason.

    Raises:
        NotFound: there is no such case, or it is beyond the person's reach.
    """
    if not visible_case_ids(session, actor, [case_id], now):
        raise NotFound("There is no such case, or it is not yours to see.", "案卷不存在或您无权查看。")
    return _duplicates(session, queries.facts_of(session, case_id), actor, now)


def _duplicates(session: Session, facts: CaseFacts, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    found = duplicates.duplicates_of(session, facts.case_id, facts.category, facts.severity, now)
    visible = visible_case_ids(session, actor, [one.case.case_id for one in found], now)
    return duplicates.seen(found, visible)


def _related(
    session: Session, found: Sequence[Mapping[str, Any]], actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    visible = visible_case_ids(session, actor, [row["case_id"] for row in found], now) if found else set()
    return [view.related(row) for row in found if row["case_id"] in visible]


def visible_case_ids(session: Session, actor: Actor, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Return those of these cases that the person may see."""
    return visibility.covered(session, actor, _reach_or_own(actor, "cases.list"), ids, local_day(now))


def check_right(
    file: CaseFile,
    action: str,
    actor: Actor,
    pulled_scope: frozenset[str] = frozenset(),
    *,
    approved: bool = False,
) -> None:
    """Refuse a command that the table of rights does not give this person on this case.

    A worker who was moved since keeps the cells that the tablet pulled last (`pulled_scope`); work that the
    office `approved` stands wherever the case lies, if the role may do it at all.

    Raises:
        NotYours: the role may not do this, or not here.
    """
    right = reach(actor, action)
    if approved:
        return
    cell = file.facts.grid_cell_code
    if right is Reach.CELLS and cell and cell_bucket(cell) in pulled_scope:
        return
    if not _may(action, actor, covers(file.ties, actor)):
        raise NotYours(
            f"Your right to {action} ends at your {right}; this case lies beyond it.",
            "此案卷不在您的权限范围内。",
        )


def _may(action: str, actor: Actor, covered: Mapping[Reach, bool]) -> bool:
    try:
        right = reach(actor, action)
    except NotYours:
        return False
    # A checker may come from elsewhere: the task was given to the person, not to a place.
    return action in ("case.check", "case.verify") or covered[right]


def _reach_or_own(actor: Actor, action: str) -> Reach:
    try:
        return reach(actor, action)
    except NotYours:
        return Reach.OWN


def _locked(session: Session, case_id: UUID, actor: Actor, now: datetime) -> CaseFile:
    found = case_file(session, case_id, actor.placed_as, local_day(now), locking=True)
    if found is None:
        raise NotFound("There is no such case.", "案卷不存在。")
    return found


def _claims(case_id: UUID, command: Command, decision: Decision, seq: int) -> list[Claim]:
    sent = read_photos(command.data.get("photos") or [], "/data/photos") if decision.photos else []
    taken = {photo.sha256.hex(): photo.taken_at for photo in sent}
    return [
        Claim("case", case_id, ClaimedPhoto(bytes.fromhex(digest), role, "", taken.get(digest), seq))
        for digest, role in decision.photos
    ]
