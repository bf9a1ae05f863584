"""The office sees how each tablet fares, and switches one off or on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import uuid6
from click.testing import CliRunner, Result
from sqlalchemy import text

from server.cli import main
from tests.integration.sync.pushing import an_item

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import TabletOverHttp, World


def listed(world: World, username: str = "leader", **query: Any) -> list[dict[str, Any]]:
    answer = world.client.get("/api/v1/sync/devices", query_string=query, headers=world.office(username))
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def switch(world: World, tablet: TabletOverHttp, what: str, username: str = "leader") -> Any:
    return world.client.post(
        f"/api/v1/sync/devices/{tablet.device_id}/{what}",
        json={"reason": "lost on the bus"},
        headers=world.office(username),
    )


def audited(world: World) -> list[str]:
    with world.db.transaction() as session:
        found = session.scalars(
            text(
                "SELECT action || ' ' || (facts ->> 'reason') FROM server.audit_line"
                " WHERE entity = 'device' AND action <> 'device.enrol' ORDER BY audit_line_id"
            )
        )
        return list(found)


def test_a_tablet_that_never_came_back_says_so(world: World) -> None:
    tablet = world.tablet()

    [one] = listed(world)

    assert one["device_id"] == str(tablet.device_id)
    assert (one["username"], one["name"], one["acked_through"]) == ("walker", "t", 0)
    assert (one["pulled_at"], one["pull_lag_s"], one["work_lag_s"], one["clock_offset_ms"]) == (None,) * 4
    assert (one["held"], one["quarantined"], one["photos_missing"], one["gaps"]) == (0, 0, 0, 0)


def test_a_tablet_at_work_shows_its_contact_its_clock_and_what_waits(world: World) -> None:
    tablet = world.tablet()
    ahead = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1).isoformat()
    tablet.pull()
    tablet.push(
        [an_item(1), an_item(2, depends_on=[str(uuid6.uuid7())])],
        clock={"wall": ahead, "monotonic_ms": 1, "boot_id": "b"},
    )
    world.client.post("/sync/v1/push", json=tablet.envelope([an_item(1)]), headers=tablet.headers)

    [one] = listed(world)

    assert (one["held"], one["quarantined"], one["acked_through"]) == (1, 1, 2)
    assert one["pull_lag_s"] in range(60)
    assert one["work_lag_s"] in range(60)
    assert one["last_contact_at"] >= one["enrolled_at"]
    assert one["clock_offset_ms"] is not None


def test_photos_that_have_not_arrived_are_counted(world: World) -> None:
    tablet = world.tablet()
    with world.db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.photo (sha256, state, first_seen_at)"
                " SELECT sha256(n::text::bytea), 'expected', now() FROM generate_series(1, 2) n;"
                "INSERT INTO server.photo_claim (entity, entity_id, sha256, role, claimed_by, claimed_at)"
                " SELECT 'case', gen_random_uuid(), sha256, 'before', CAST(:user_id AS uuid), now()"
                " FROM server.photo, generate_series(1, 2)"
            ),
            {"user_id": str(world.people["walker"])},
        )

    [one] = listed(world, troubled="true")

    assert (one["device_id"], one["photos_missing"]) == (str(tablet.device_id), 2)


def test_items_that_a_tablet_skipped_are_counted_until_they_come(world: World) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1)])
    assert tablet.push([an_item(5)]).status_code == 409

    [one] = listed(world, troubled="true")
    assert one["unsent_items"] == 3

    tablet.push([an_item(seq) for seq in range(2, 6)])
    assert listed(world, troubled="true") == []
    assert listed(world)[0]["unsent_items"] == 0


def test_a_declared_hole_is_shown(world: World) -> None:
    tablet = world.tablet()
    with world.db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO sync.gap (device_id, from_seq, to_seq, reason, mid, user_id, declared_at)"
                " VALUES (CAST(:device AS uuid), 3, 7, 'card', gen_random_uuid(), gen_random_uuid(), now())"
            ),
            {"device": str(tablet.device_id)},
        )

    [one] = listed(world, troubled="true")

    assert (one["gaps"], one["lost_items"]) == (1, 5)


def test_pages_bring_every_tablet_once(world: World) -> None:
    wanted = {str(world.tablet(name).device_id) for name in ("walker", "other", "walker")}
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        answer = world.client.get(
            "/api/v1/sync/devices",
            query_string={"limit": 1} | ({"cursor": cursor} if cursor else {}),
            headers=world.office("admin"),
        ).json
        found += [one["device_id"] for one in answer["items"]]
        cursor, pages = answer["next"], pages + 1

    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({}, 2),
        ({"text": "WALK"}, 1),
        ({"text": "%"}, 0),
        ({"revoked": "true"}, 1),
        ({"revoked": "false"}, 1),
        ({"silent_for_h": 1}, 0),
        ({"troubled": "true"}, 0),
    ],
)
def test_tablets_can_be_looked_for(world: World, query: dict[str, Any], number: int) -> None:
    world.tablet()
    switch(world, world.tablet("other"), "revoke", "admin")

    assert len(listed(world, "admin", **query)) == number


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor": "WyJhIiwiYiJd"}, {"limit": 0}, {"silent_for_h": 0}, {"text": "a\0b"}],
)
def test_a_question_that_cannot_be_read_is_refused(world: World, query: dict[str, Any]) -> None:
    answer = world.client.get("/api/v1/sync/devices", query_string=query, headers=world.office("admin"))

    assert answer.status_code in (400, 422)
    assert answer.json["errors"]


def test_a_shift_leader_sees_the_tablets_of_the_own_subdistrict(world: World) -> None:
    mine, theirs = world.tablet(), world.tablet("other")

    assert [one["device_id"] for one in listed(world)] == [str(mine.device_id)]
    assert switch(world, theirs, "revoke").status_code == 403
    assert world.client.get("/api/v1/sync/devices", headers=world.office("walker")).status_code == 403


def test_a_revoked_tablet_pulls_nothing_and_its_work_is_kept_until_it_is_readmitted(world: World) -> None:
    tablet = world.tablet()

    first, second = switch(world, tablet, "revoke"), switch(world, tablet, "revoke")
    pulled, pushed = tablet.pull(), tablet.push([an_item(1)]).json
    again = switch(world, tablet, "readmit")

    assert first.json["revoked_at"] == second.json["revoked_at"] is not None
    assert (pulled.status_code, pulled.json["type"]) == (403, "/problems/device-revoked")
    assert [result["status"] for result in pushed["results"]] == ["quarantined"]
    assert (again.json["revoked_at"], again.json["quarantined"]) == (None, 1)
    assert tablet.pull().status_code == 200
    assert audited(world) == ["device.revoke lost on the bus", "device.readmit lost on the bus"]


def test_a_tablet_that_nobody_enrolled_cannot_be_switched(world: World) -> None:
    for what in ("revoke", "readmit"):
        url = f"/api/v1/sync/devices/{uuid6.uuid7()}/{what}"
        assert world.client.post(url, json={}, headers=world.office("admin")).status_code == 404


def wangge(world: World, *words: str) -> Result:
    environment = {
        "DATABASE_URL": world.settings.database_url,
        "DATABASE_OWNER_URL": world.settings.database_owner_url,
        "SECRET_KEY": world.settings.secret_key,
    }
    return CliRunner().invoke(main, ["device", *words], env=environment)


def test_the_command_line_lists_tablets_and_switches_them(world: World) -> None:
    tablet = world.tablet()
    world.tablet("other")
    name = str(tablet.device_id)

    off = wangge(world, "revoke", name, "--reason", "stolen")
    lines = wangge(world, "list").output.splitlines()
    told = orjson.loads(wangge(world, "list", "--text", "walk", "--json").output)
    on = wangge(world, "readmit", name)

    assert (off.exit_code, on.exit_code) == (0, 0)
    assert f"{name}  walker  t  revoked" in off.output
    assert len(lines) == 2
    assert [one["device_id"] for one in told] == [name]
    assert "in use" in on.output
    assert audited(world) == ["device.revoke stolen", "device.readmit "]


def test_the_command_line_refuses_an_unknown_tablet_in_words(world: World) -> None:
    refused = wangge(world, "revoke", str(uuid6.uuid7()))

    assert refused.exit_code == 1
    assert "There is no such tablet" in refused.output
