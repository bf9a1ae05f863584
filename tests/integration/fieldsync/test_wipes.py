"""A lost tablet is erased from afar: no more data, its work first, its word when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import uuid6
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.integration.fieldsync.test_device_reports import WHOLE, tell
from tests.integration.fieldsync.test_devices import listed, switch
from tests.integration.sync.pushing import an_item

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import TabletOverHttp, World

LEFT = {"items": 0, "photos": 1, "photo_bytes": 900_000, "drafts": 2}


def wipe(
    world: World, tablet: TabletOverHttp, *, back: bool = False, username: str = "admin", **said: Any
) -> Any:
    url = f"/api/v1/sync/devices/{tablet.device_id}/wipe{'/withdraw' if back else ''}"
    told = {"reason": "掉在公交车上"} | said
    return world.client.post(url, json=told, headers=world.office(username))


def ordered(tablet: TabletOverHttp) -> str | None:
    found = tablet.world.client.get("/sync/v1/config", headers=tablet.headers).json["wipe"]
    return found and str(found["wipe_id"])


def says(tablet: TabletOverHttp, wipe_id: str, state: str, **said: Any) -> Any:
    url = f"/sync/v1/wipes/{wipe_id}"
    return tablet.world.client.post(url, json={"state": state, **said}, headers=tablet.headers)


def trail(world: World) -> list[str]:
    with world.db.transaction() as session:
        found = session.scalars(
            text("SELECT action FROM server.audit_line WHERE action LIKE 'device.%' ORDER BY audit_line_id")
        )
        return [action for action in found if action not in ("device.code", "device.enrol")]


def test_a_lost_tablet_hands_in_erases_itself_and_the_office_sees_each_step(world: World) -> None:
    tablet = world.tablet()
    tell(tablet, WHOLE)
    assert ordered(tablet) is None

    asked = wipe(world, tablet)
    assert (asked.status_code, asked.json["wipe"]["ordered_by"]) == (200, "管理员")
    assert asked.json["wipe"]["reason"] == "掉在公交车上"
    assert tablet.pull().json["type"] == "/problems/device-revoked"
    assert world.client.get("/api/v1/me", headers=tablet.headers).status_code == 403
    wipe_id = ordered(tablet)
    assert wipe_id is not None
    assert says(tablet, wipe_id, "learned").status_code == 200
    pushed = tablet.push([an_item(1)]).json
    assert [one["status"] for one in pushed["results"]] == ["quarantined"]

    assert says(tablet, wipe_id, "erasing", left=LEFT).status_code == 200
    assert says(tablet, wipe_id, "erased").status_code == 200
    assert says(tablet, wipe_id, "erased").status_code == 200

    assert ordered(tablet) is None
    [one] = listed(world, wipe="done")
    assert listed(world, wipe="open") == []
    assert one["wipe"]["learned_at"] <= one["wipe"]["erasing_at"] <= one["wipe"]["erased_at"]
    assert (one["wipe"]["left_photos"], one["wipe"]["left_drafts"], one["quarantined"]) == (1, 2, 1)
    assert trail(world) == ["device.revoke", "device.wipe", "device.wipe_begin", "device.wipe_done"]
    numbers = world.client.get("/api/v1/sync/fleet", headers=world.office("admin")).json
    assert (numbers["to_erase"], numbers["erased"]) == (0, 1)


@pytest.mark.parametrize("was_off", [False, True])
def test_taken_back_in_time_the_tablet_is_as_it_was(world: World, was_off: bool) -> None:
    tablet = world.tablet()
    if was_off:
        switch(world, tablet, "revoke")
    first = wipe(world, tablet).json["wipe"]["wipe_id"]
    assert wipe(world, tablet, reason="again").json["wipe"]["wipe_id"] == first
    says(tablet, first, "learned")

    back = wipe(world, tablet, back=True)

    assert back.json["wipe"] is None
    assert (back.json["revoked_at"] is not None) is was_off
    assert ordered(tablet) is None
    late = says(tablet, first, "erasing", left=LEFT)
    assert (late.status_code, late.json["type"]) == (409, "/problems/wipe-withdrawn")
    assert wipe(world, tablet, back=True).status_code == 404
    assert tablet.pull().status_code == (403 if was_off else 200)


def test_once_the_tablet_has_begun_nothing_is_taken_back_and_it_stays_off(world: World) -> None:
    tablet = world.tablet()
    wipe_id = wipe(world, tablet).json["wipe"]["wipe_id"]
    says(tablet, wipe_id, "erasing", left=LEFT)

    assert wipe(world, tablet, back=True).json["type"] == "/problems/wipe-under-way"
    assert switch(world, tablet, "readmit").json["type"] == "/problems/wipe-keeps-off"
    assert listed(world)[0]["revoked_at"] is not None


def test_only_administrators_order_it_for_a_reason_and_only_the_tablet_itself_tells(world: World) -> None:
    tablet, other = world.tablet(), world.tablet("other")
    for who in ("leader", "planner", "walker"):
        assert wipe(world, tablet, username=who).status_code == 403
    for reason in ("", " ", "x" * 501, None, 7, "\0"):
        refused = wipe(world, tablet, reason=reason)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")
    assert listed(world)[0]["revoked_at"] is None
    assert (
        world.client.post(
            f"/api/v1/sync/devices/{uuid6.uuid7()}/wipe", json={"reason": "x"}, headers=world.office("admin")
        ).status_code
        == 404
    )
    wipe_id = wipe(world, tablet).json["wipe"]["wipe_id"]

    assert says(other, wipe_id, "erased").status_code == 404
    assert says(tablet, str(uuid6.uuid7()), "erased").status_code == 404
    for said in ({"state": "gone"}, {"state": "erasing"}, {"state": "erasing", "left": {}}, {}):
        url = f"/sync/v1/wipes/{wipe_id}"
        assert world.client.post(url, json=said, headers=tablet.headers).status_code == 422
    assert listed(world)[0]["wipe"]["learned_at"] is None


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.device SET revoked_at = NULL",
        "UPDATE server.device_wipe SET erased_at = now()",
        "UPDATE server.device_wipe SET erasing_at = now()",
        "UPDATE server.device_wipe SET erasing_at = now(), left_items = 0, left_photos = 0,"
        " left_photo_bytes = 0, left_drafts = 0",
        "UPDATE server.device_wipe SET learned_at = ordered_at - interval '1 s'",
        "UPDATE server.device_wipe SET withdrawn_at = now()",
        "UPDATE server.device_wipe SET reason = 'another'",
        "UPDATE server.device_wipe SET device_id = gen_random_uuid()",
        "DELETE FROM server.device_wipe",
        "INSERT INTO server.device_wipe SELECT gen_random_uuid(), device_id, reason, ordered_by, now(), false"
        " FROM server.device_wipe",
    ],
)
def test_the_database_refuses_every_false_word_about_an_order(world: World, attack: str) -> None:
    wipe(world, world.tablet())

    with pytest.raises(DBAPIError), world.db.transaction() as session:
        session.execute(text(attack))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.device_wipe"
        " SET withdrawn_at = now(), withdrawn_by = ordered_by, withdrawn_because = 'x'",
        "UPDATE server.device_wipe SET erasing_at = NULL, left_items = NULL, left_photos = NULL,"
        " left_photo_bytes = NULL, left_drafts = NULL",
        "UPDATE server.device_wipe SET left_items = 9",
        "UPDATE server.device SET revoked_at = NULL",
    ],
)
def test_what_a_tablet_has_begun_stays_begun(world: World, attack: str) -> None:
    tablet = world.tablet()
    says(tablet, wipe(world, tablet).json["wipe"]["wipe_id"], "erasing", left=LEFT)

    with pytest.raises(DBAPIError), world.db.transaction() as session:
        session.execute(text(attack))


def test_a_tablet_that_is_on_has_no_order(world: World) -> None:
    world.tablet()

    with pytest.raises(DBAPIError, match="switched off first"), world.db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.device_wipe"
                " (wipe_id, device_id, reason, ordered_by, ordered_at, was_revoked)"
                " SELECT gen_random_uuid(), device_id, 'x', user_id, now(), false FROM server.device"
            )
        )
