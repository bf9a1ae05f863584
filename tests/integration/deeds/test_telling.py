"""People are told of stand-ins: whoever is named at once, both when it has ended, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.auth.stand_ins import service as stand_ins
from server.notifications import service as notifications
from server.notifications import standing
from tests.build import NOW, County, a_person
from tests.integration.deeds.test_deeds import named


def told(county: County, now: Any, *people: Actor) -> list[list[str]]:
    """Let a worker tell twice; return what each of these has been told, the newest first."""
    for _ in range(2):
        with county.transaction() as session:
            notifications.post(session, list(standing.news(session, now)), now=now)
    with county.transaction() as session:
        return [
            [
                one["title_zh"]
                for one in notifications.inbox(session, unread=False, after=None, limit=9, actor=actor)
            ]
            for actor in people
        ]


def test_the_deputy_hears_at_once_and_both_when_it_has_ended_by_itself(county: County) -> None:
    with county.transaction() as session:
        absent, deputy = a_person(session, "shift_leader"), a_person(session, "dispatcher")
        named(session, absent, deputy, NOW)

    [before, heard] = told(county, NOW, absent, deputy)
    assert (before, len(heard)) == ([], 1)
    assert heard[0].startswith(f"请您为{absent.display_name}代班")

    after = NOW + timedelta(days=4)
    [ended, over] = told(county, after, absent, deputy)
    assert ended == [f"{deputy.display_name}为您的代班已结束"]
    assert over[0] == f"您为{absent.display_name}的代班已结束"
    assert told(county, NOW + timedelta(days=20), absent, deputy) == [ended, over]


def test_who_revokes_it_is_not_told_so(county: County) -> None:
    with county.transaction() as session:
        absent, deputy = a_person(session, "shift_leader"), a_person(session, "dispatcher")
        _, stand_in_id = named(session, absent, deputy, NOW)
        stand_ins.revoke(session, UUID(stand_in_id), actor=absent, now=NOW)

    [quiet, over] = told(county, NOW + timedelta(hours=1), absent, deputy)

    assert (quiet, over) == ([], [f"您为{absent.display_name}的代班已结束"])
