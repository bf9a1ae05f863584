"""A stand-in acts on papers, votes, complaints and orders: both are on record, and the absent reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.auth.actor import Actor
from server.auth.request import ON_BEHALF_OF
from server.auth.stand_ins import service as stand_ins
from server.ledger.terms import local_day
from server.papers.errors import SamePerson
from server.problems import NotYours
from tests.build import County, a_person
from tests.integration.complaints.desk import Desk
from tests.integration.complaints.hotline.calling import HotlineDesk
from tests.integration.governance.voting import a_voting
from tests.integration.ledger.acting import a_cast
from tests.integration.papers.office import Office, an_office


def a_deputy(
    county: County, absent: Actor, now: datetime, role: str = "dispatcher"
) -> tuple[Actor, Actor, str]:
    """Return somebody who stands in for the absent, the same in their place, and the stand-in's id."""
    with county.transaction() as session:
        deputy = a_person(session, role, absent.unit_code)
        return deputy, *named(session, absent, deputy, now)


def named(session: Any, absent: Actor, deputy: Actor, now: datetime) -> tuple[Actor, str]:
    first = local_day(now)
    told = stand_ins.name(
        session,
        absent=None,
        deputy=deputy.username,
        from_on=first,
        to_on=first + timedelta(days=3),
        reason="休假",
        note="",
        actor=absent,
        now=now,
    )
    return stand_ins.stand_in_for(session, deputy, absent.user_id, now), told["stand_in_id"]


@pytest.fixture
def office(county: County) -> Office:
    return an_office(county)


def test_a_paper_is_issued_for_the_signer_and_the_history_tells_both(office: Office) -> None:
    paper_id = office.to_countersigned(office.draft())
    deputy, standing, stand_in_id = a_deputy(office.county, office.signer, office.cast.clock)
    with pytest.raises(NotYours):
        office.order(deputy, "paper.issue", paper_id)

    office.order(standing, "paper.issue", paper_id)

    issued = office.show(paper_id)["history"][-1]
    assert (issued["command"], issued["actor"]) == ("paper.issue", deputy.display_name)
    assert issued["stands_for"] == office.signer.display_name
    [deed] = deeds(office.county, office.signer, stand_in_id)
    assert (deed["action"], deed["entity_id"]) == ("paper.issue", str(paper_id))
    assert deed["name"] == office.show(paper_id)["number"]


def deeds(county: County, reader: Actor, stand_in_id: str) -> list[dict[str, Any]]:
    with county.client() as client:
        answer = client.get(f"/api/v1/stand-ins/{stand_in_id}/deeds", headers=county.bearer(reader))
    assert answer.status_code == 200, answer.get_json()
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_who_drafted_a_paper_does_not_review_it_through_a_stand_in_nor_as_one(office: Office) -> None:
    paper_id = office.draft()
    with office.county.transaction() as session:
        as_reviewer, _ = named(session, office.reviewer, office.drafter, office.cast.clock)
    with pytest.raises(SamePerson):
        office.order(as_reviewer, "paper.review", paper_id)
    assert "paper.review" not in office.show(paper_id, as_reviewer)["commands"]

    in_my_name = office.draft(actor=as_reviewer)
    with pytest.raises(SamePerson):
        office.order(office.reviewer, "paper.review", in_my_name)

    attack = (
        "INSERT INTO server.paper_entry"
        " (paper_id, seq, command, from_state, to_state, actor_id, actor_unit, recorded_at, data)"
        " VALUES (:paper, 2, 'paper.review', 'draft', 'reviewed', :actor, :unit, :at,"
        " jsonb_build_object('on_behalf_of', CAST(:absent AS text)))"
    )
    told = {"paper": paper_id, "actor": office.drafter.user_id, "unit": office.drafter.unit_code}
    told |= {"absent": office.reviewer.user_id, "at": office.cast.clock}
    with pytest.raises(DBAPIError, match="different people"), office.county.transaction() as session:
        session.execute(text(attack), told)
    told |= {"actor": office.signer.user_id, "unit": office.signer.unit_code}
    with pytest.raises(DBAPIError, match="does not stand in"), office.county.transaction() as session:
        session.execute(text(attack), told)


def test_a_vote_is_opened_for_the_chief_but_ballots_are_entered_in_ones_own_name(county: County) -> None:
    voting = a_voting(county)
    vote = voting.register(voting.draft())
    _, standing, stand_in_id = a_deputy(county, voting.chief, voting.clock)
    first = voting.clock.date()

    opened = voting.order(
        vote,
        "vote.open",
        standing,
        opens_on=first.isoformat(),
        closes_on=(first + timedelta(10)).isoformat(),
    )

    assert opened["history"][-1]["stands_for"] == voting.chief.display_name
    assert [one["name"] for one in deeds(county, standing, stand_in_id)] == [opened["subject"]]
    with county.client() as client:
        headers = county.bearer(standing) | {ON_BEHALF_OF: str(voting.chief.user_id)}
        ballot = {"owner_no": "A", "choice": "for", "kind": "paper"}
        path = f"/api/v1/votes/{vote['vote_id']}/ballots"
        refused = client.post(path, json={"number": 1, "ballots": [ballot]}, headers=headers)
    assert (refused.status_code, refused.get_json()["type"]) == (403, "/problems/stand-in-not-here")


def test_complaints_and_orders_are_worked_on_for_the_absent_and_nobody_else_reads_the_deeds(
    county: County,
) -> None:
    cast = a_cast(county)
    now = cast.clock = datetime.now(UTC)
    with county.client() as client:
        desk, hotline = Desk(cast, client), HotlineDesk(client, cast)
        deputy, _, stand_in_id = a_deputy(county, desk.clerk, now)
        behalf = county.bearer(deputy) | {ON_BEHALF_OF: str(desk.clerk.user_id)}
        desk.report()
        [complaint] = desk.get("/complaints").get_json()["items"]
        path = f"/api/v1/complaints/{complaint['complaint_id']}"
        order = {"type": "complaint.acknowledge", "base_version": complaint["version"], "data": {}}

        done = client.post(f"{path}/commands", json=order, headers=behalf)
        entry = client.get(f"{path}/history", headers=behalf).get_json()["items"][-1]
        taken = hotline.taken()
        note = {"type": "hotline.note", "base_version": taken["version"], "data": {"text": "已电话联系"}}
        url = f"/api/v1/hotline/orders/{taken['order_id']}/commands"
        noted = client.post(url, json=note, headers=behalf)

        assert (done.status_code, noted.status_code) == (200, 200), (done.json, noted.json)
        assert (entry["actor"]["name"], entry["actor"]["stands_for"]) == (
            deputy.display_name,
            desk.clerk.display_name,
        )
        assert noted.get_json()["history"][-1]["stands_for"] == desk.clerk.display_name
        told = deeds(county, desk.clerk, stand_in_id)
        assert [one["action"] for one in told] == ["hotline.note", "complaint.acknowledge"]
        assert told[1]["name"] == complaint["number"]
        far = client.get(f"/api/v1/stand-ins/{stand_in_id}/deeds", headers=county.bearer(cast.fixer))
        assert far.status_code == 404
        odd = client.get(f"/api/v1/stand-ins/{stand_in_id}/deeds?cursor=x", headers=county.bearer(desk.clerk))
        assert odd.status_code == 400
