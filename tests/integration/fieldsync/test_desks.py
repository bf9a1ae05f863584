"""The desks for what is held or quarantined, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import wiring
from server.photos import service as photos
from server.photos.claims import ClaimedPhoto
from sync.mutations import Outcome
from tests.integration.fieldsync.conftest import TabletOverHttp, World
from tests.integration.fieldsync.test_held import work
from tests.integration.sync.pushing import an_item, command, write_note

REASON = "the worker called"


def see(world: World, desk: str, who: str = "leader", **query: Any) -> Any:
    return world.client.get(f"/api/v1/sync/{desk}", query_string=query, headers=world.office(who))


def resolve(
    world: World, desk: str, tablet: TabletOverHttp, seq: int, who: str = "leader", **choice: Any
) -> Any:
    told = {"action": "apply", "reason": REASON} | choice
    path = f"/api/v1/sync/{desk}/{tablet.device_id}/{seq}/resolve"
    return world.client.post(path, json=told, headers=world.office(who))


def outcomes(tablet: TabletOverHttp) -> list[tuple[int, str]]:
    """Return what the tablet hears of its items at a pull from the beginning."""
    ops = [op["data"] for op in tablet.pull().json["ops"] if op["entity"] == "outcome"]
    return [(one["seq"], one["status"]) for one in ops]


def revoke(world: World, tablet: TabletOverHttp, revoked: str = "now()") -> None:
    with world.db.transaction() as session:
        session.execute(
            text(f"UPDATE server.device SET revoked_at = {revoked} WHERE device_id = :id"),
            {"id": tablet.device_id},
        )


def notes(world: World) -> int:
    with world.db.transaction() as session:
        found = session.execute(text("SELECT count(*) FROM sync.entity_state WHERE entity = 'note'"))
        return int(found.scalar_one())


def test_a_held_item_is_shown_with_what_was_sent_and_what_it_waits_for(world: World) -> None:
    tablet = world.tablet()
    missing = str(uuid4())
    item = an_item(1, depends_on=[missing])
    tablet.push([item])

    [shown] = see(world, "held").json["items"]

    assert shown["sent"] == item
    assert shown["waits_for"] == [f"mid:{missing}"]
    assert shown["problem"]["type"] == "/problems/dependency-missing"
    assert (shown["username"], shown["seq"], shown["status"]) == ("walker", 1, "held")
    assert see(world, "quarantine").json["items"] == []


def test_each_desk_says_how_much_waits_within_reach(world: World) -> None:
    tablet, far = world.tablet(), world.tablet("other")
    tablet.push([an_item(1, depends_on=[str(uuid4())]), an_item(2, type="moon.visit")])
    far.push([an_item(1, type="moon.visit")])
    revoke(world, tablet)
    tablet.push([an_item(3)])

    assert see(world, "desks").json == {"held": 2, "quarantined": 1, "conflicts": 0}
    assert see(world, "desks", "admin").json == {"held": 3, "quarantined": 1, "conflicts": 0}
    assert see(world, "desks", "walker").status_code == 403


FILTERS: list[tuple[dict[str, str], int]] = [
    ({"worker": "walker"}, 2),
    ({"worker": "other"}, 0),
    ({"type": "moon.visit"}, 1),
    ({"reason": "unknown-type"}, 1),
    ({"reason": "item-fault"}, 0),
    ({"device_id": "0198f3c2-0000-7000-8000-000000000000"}, 0),
]


@pytest.mark.parametrize(("query", "count"), FILTERS, ids=lambda value: str(value))
def test_a_desk_is_filtered(world: World, query: dict[str, str], count: int) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1, type="moon.visit"), an_item(2, depends_on=[str(uuid4())])])

    assert len(see(world, "held", **query).json["items"]) == count


def test_pages_hold_every_item_once(world: World) -> None:
    tablet = world.tablet()
    tablet.push([an_item(seq, type="moon.visit") for seq in range(1, 6)])
    seen: list[int] = []
    cursor = None
    while True:
        page = see(world, "held", limit=2, **({"cursor": cursor} if cursor else {})).json
        seen += [item["seq"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [1, 2, 3, 4, 5]
    assert see(world, "held", cursor="W10").json["type"] == "/problems/cursor-invalid"


def test_the_leader_of_another_place_and_grid_workers_see_and_decide_nothing(world: World) -> None:
    tablet = world.tablet("other")
    tablet.push([an_item(1, type="moon.visit")])

    assert see(world, "held").json["items"] == []
    assert resolve(world, "held", tablet, 1, action="reject").status_code == 404
    for desk in ("held", "quarantine"):
        assert see(world, desk, "walker").status_code == 403
        assert resolve(world, desk, tablet, 1, "other").status_code == 403
    assert len(see(world, "held", "admin").json["items"]) == 1
    assert see(world, "gaps", "walker").status_code == 403


def test_a_leader_applies_what_waits_and_the_tablet_hears_of_it(world: World) -> None:
    tablet = world.tablet()
    item = an_item(1, depends_on=[str(uuid4())])
    follows = an_item(2, depends_on=[item["mid"]])
    tablet.push([item, follows])

    decision = resolve(world, "held", tablet, 1)
    work(world)

    assert decision.status_code == 200, decision.json
    assert (decision.json["became"], decision.json["was"], decision.json["reason"]) == (
        "applied",
        "held",
        REASON,
    )
    assert outcomes(tablet) == [(1, "applied"), (2, "applied")]
    assert notes(world) == 2
    with world.db.transaction() as session:
        sql = "SELECT user_id, facts ->> 'reason' FROM server.audit_line WHERE action = 'held.decide'"
        told = session.execute(text(sql))
        assert [tuple(row) for row in told] == [(world.people["leader"], REASON)]


def test_the_same_choice_again_is_answered_alike_and_another_one_is_refused(world: World) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1, depends_on=[str(uuid4())])])

    first, again = (resolve(world, "held", tablet, 1, action="reject") for _ in range(2))
    others = [
        resolve(world, "held", tablet, 1),
        resolve(world, "held", tablet, 1, action="reject", reason="another"),
        resolve(world, "held", tablet, 1, "admin", action="reject"),
    ]

    assert again.json == first.json
    assert [one.status_code for one in others] == [409] * 3
    assert {one.json["type"] for one in others} == {"/problems/already-decided"}
    assert others[0].json["decision"] == first.json
    assert outcomes(tablet) == [(1, "rejected")]


def test_what_went_on_by_itself_meanwhile_is_not_decided(world: World) -> None:
    tablet = world.tablet()
    late = an_item(2)
    tablet.push([an_item(1, depends_on=[late["mid"]]), late])
    work(world)

    refused = resolve(world, "held", tablet, 1, action="reject")

    assert (refused.status_code, refused.json["item_status"], refused.json["decision"]) == (
        409,
        "applied",
        None,
    )


def test_what_cannot_be_done_is_not_decided_and_told_why(world: World) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1, type="moon.visit")])

    refused = resolve(world, "held", tablet, 1)

    assert (refused.status_code, refused.json["type"]) == (409, "/problems/cannot-apply")
    assert refused.json["problem"]["type"] == "/problems/unknown-type"
    assert len(see(world, "held").json["items"]) == 1


def test_work_of_a_revoked_tablet_waits_in_escrow_and_is_applied_as_the_workers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []

    def obey(session: Any, mutation: Any) -> Outcome:
        done.append(mutation)
        return write_note(session, mutation)

    monkeypatch.setitem(wiring.COMMAND_TYPES, "note.write", command(obey=obey))
    tablet = world.tablet()
    revoke(world, tablet)
    item = an_item(1)
    tablet.push([item, an_item(2)])
    assert notes(world) == 0

    [first, _] = see(world, "quarantine", reason="device-revoked").json["items"]
    answer = resolve(world, "quarantine", tablet, 1)
    resolve(world, "quarantine", tablet, 2, action="reject")
    revoke(world, tablet, "NULL")

    assert (first["sent"], first["device_revoked_at"] is not None) == (item, True)
    assert answer.json["became"] == "applied"
    assert [one.device_time.isoformat() for one in done] == ["2026-11-22T01:00:00+00:00"]
    assert sorted(outcomes(tablet)) == [(1, "applied"), (2, "rejected")]


def test_a_clash_is_applied_under_a_mid_that_the_server_makes(world: World) -> None:
    tablet = world.tablet()
    first, second = an_item(1), an_item(1)
    third = second | {"data": {"text": "a third"}}
    for item in (first, second, third):
        tablet.push([item])
    open_items = see(world, "quarantine").json["items"]

    unnamed = resolve(world, "quarantine", tablet, 1)
    digest = next(one["digest"] for one in open_items if one["sent"] == second)
    named = resolve(world, "quarantine", tablet, 1, digest=digest)

    assert (unnamed.status_code, len(unnamed.json["digests"])) == (422, 2)
    assert named.json["became"] == "applied"
    assert named.json["applied_mid"] not in (None, first["mid"], second["mid"])
    assert notes(world) == 2
    assert [item["sent"] for item in see(world, "quarantine").json["items"]] == [third]
    assert tablet.push([second]).json["results"][0]["status"] == "quarantined"


BAD: list[dict[str, Any]] = [
    {"action": "burn"},
    {"reason": ""},
    {"reason": "  "},
    {"reason": None},
    {"reason": "x" * 501},
    {"digest": "zz"},
]


@pytest.mark.parametrize("choice", BAD, ids=str)
def test_a_choice_that_cannot_be_read_is_refused_with_its_place(world: World, choice: dict[str, Any]) -> None:
    tablet = world.tablet()

    answer = resolve(world, "held", tablet, 1, **choice)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, f"/{next(iter(choice))}")


def test_the_photos_that_a_tablet_still_owes_are_the_lines_behind_its_number(world: World) -> None:
    tablet, other = world.tablet(), world.tablet("other")
    named, case_id = ["ab" * 32, "cd" * 32], uuid4()
    claimed = [ClaimedPhoto(bytes.fromhex(one)) for one in named]
    tablet.push([an_item(1)])
    with world.db.transaction() as session:
        photos.claim(
            session,
            entity="case",
            entity_id=case_id,
            photos=claimed,
            user_id=world.people["walker"],
            now=datetime.now(UTC),
        )

    listed = see(world, "absent-photos", device_id=str(tablet.device_id)).json["items"]
    [first] = (page := see(world, "absent-photos", limit="1").json)["items"]
    [second] = see(world, "absent-photos", limit="1", cursor=page["next"]).json["items"]
    [counted] = [
        one for one in see(world, "devices").json["items"] if one["device_id"] == str(tablet.device_id)
    ]

    assert {one["sha256"] for one in listed} == set(named)
    assert counted["photos_missing"] == len(listed)
    assert {first["sha256"], second["sha256"]} == set(named)
    assert listed[0]["records"] == [{"entity": "case", "entity_id": str(case_id)}]
    assert see(world, "absent-photos", device_id=str(other.device_id)).json["items"] == []
    assert see(world, "absent-photos", "walker").status_code == 403


def test_declared_gaps_are_listed(world: World) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1)])
    tablet.push([an_item(5, type="device.gap", data={"from": 2, "to": 4, "reason": "fell into the Si"})])

    [gap] = see(world, "gaps", worker="walker").json["items"]

    assert (gap["from_seq"], gap["to_seq"], gap["reason"], gap["username"]) == (
        2,
        4,
        "fell into the Si",
        "walker",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sync.decision SET reason = 'another'",
        "DELETE FROM sync.decision",
        "INSERT INTO sync.decision SELECT * FROM sync.decision",
    ],
)
def test_a_decision_is_taken_once_and_stays(world: World, sql: str) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1, type="moon.visit")])
    resolve(world, "held", tablet, 1, action="reject")

    with (
        pytest.raises(DBAPIError, match=r"permission denied|append-only|decision_pkey"),
        world.db.transaction() as session,
    ):
        session.execute(text(sql))
