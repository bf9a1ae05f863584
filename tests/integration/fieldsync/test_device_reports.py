"""What a tablet tells of itself: its room, its battery, and what still waits on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.integration.fieldsync.test_devices import listed, switch

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import TabletOverHttp, World

STORAGE = {"used_bytes": 900, "quota_bytes": 1000, "days_left": 1, "room": "tight"}
BATTERY = {"percent": 17, "charging": False}
OUTBOX = {"items": 23, "photos": 4, "photo_bytes": 3_600_000, "oldest_at": "2026-11-20T08:00:00+08:00"}
WHOLE = {"app_version": "wangge-tablet/2", "storage": STORAGE, "battery": BATTERY, "outbox": OUTBOX}


def tell(tablet: TabletOverHttp, told: Any) -> Any:
    return tablet.world.client.post("/sync/v1/report", json=told, headers=tablet.headers)


def test_what_a_tablet_tells_of_itself_stands_beside_it(world: World) -> None:
    tablet = world.tablet()
    world.tablet("other")
    assert listed(world)[0]["report"] is None

    answer = tell(tablet, WHOLE | {"colour": "red"})

    assert (answer.status_code, set(answer.json)) == (200, {"received_at"})
    [one] = listed(world, nearly_full="true", waiting_from=23)
    told = one["report"]
    assert one["app_version"] == "wangge-tablet/2"
    assert (told["room"], told["days_left"], told["nearly_full"]) == ("tight", 1, True)
    assert (told["battery_percent"], told["charging"]) == (17, False)
    assert (told["waiting_items"], told["waiting_photos"], told["waiting_photo_bytes"]) == (23, 4, 3_600_000)
    assert told["oldest_at"].startswith("2026-11-20")
    numbers = world.client.get("/api/v1/sync/fleet", headers=world.office("admin")).json
    assert (numbers["nearly_full"], numbers["many_waiting"]) == (1, 1)
    assert listed(world, waiting_from=24) == []


def test_the_newest_report_stands_and_what_it_leaves_out_is_not_known(world: World) -> None:
    tablet = world.tablet()
    tell(tablet, WHOLE)

    tell(tablet, {"outbox": OUTBOX | {"items": 0}, "battery": None})

    [one] = listed(world)
    assert (one["report"]["waiting_items"], one["report"]["battery_percent"]) == (0, None)
    assert (one["report"]["used_bytes"], one["report"]["nearly_full"]) == (None, False)
    assert one["app_version"] == "wangge-tablet/2"


def test_a_tablet_that_is_switched_off_may_still_tell_what_waits_on_it(world: World) -> None:
    tablet = world.tablet()
    switch(world, tablet, "revoke")

    assert tell(tablet, WHOLE).status_code == 200
    assert tell(tablet, {}).status_code == 200


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"storage": {"used_bytes": 1}}, "/storage/quota_bytes"),
        ({"storage": STORAGE | {"used_bytes": -1}}, "/storage/used_bytes"),
        ({"storage": STORAGE | {"quota_bytes": 2**63}}, "/storage/quota_bytes"),
        ({"storage": STORAGE | {"room": "plenty"}}, "/storage/room"),
        ({"battery": BATTERY | {"percent": 101}}, "/battery/percent"),
        ({"battery": BATTERY | {"percent": 0.5}}, "/battery/percent"),
        ({"battery": "full"}, "/battery"),
        ({"outbox": OUTBOX | {"items": None}}, "/outbox/items"),
        ({"outbox": OUTBOX | {"oldest_at": "yesterday"}}, "/outbox/oldest_at"),
        ({"app_version": "\0"}, "/app_version"),
        ({"app_version": "x" * 201}, "/app_version"),
        ([], ""),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_told_before_stays(
    world: World, told: Any, pointer: str
) -> None:
    tablet = world.tablet()
    tell(tablet, WHOLE)

    answer = tell(tablet, told)

    assert answer.status_code in (400, 422)
    assert pointer in [one["pointer"] for one in answer.json["errors"]] or not pointer
    assert listed(world)[0]["report"]["waiting_items"] == 23


def test_only_a_tablet_tells_of_itself(world: World) -> None:
    assert world.client.post("/sync/v1/report", json=WHOLE).status_code == 401
    assert world.client.post("/sync/v1/report", json=WHOLE, headers=world.office("walker")).status_code == 403


@pytest.mark.parametrize(
    "lie",
    [
        "battery_percent = 101",
        "used_bytes = -1",
        "room = 'plenty'",
        "charging = NULL",
        "quota_bytes = NULL",
        "waiting_photos = NULL",
        "waiting_items = -1",
    ],
)
def test_the_database_keeps_no_report_that_cannot_be(world: World, lie: str) -> None:
    tell(world.tablet(), WHOLE)

    with pytest.raises(IntegrityError), world.db.transaction() as session:
        session.execute(text(f"UPDATE server.device_report SET {lie}"))
