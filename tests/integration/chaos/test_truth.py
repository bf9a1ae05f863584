"""The proof reads the real tables: each case damages one of them and is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import uuid6
from sqlalchemy import make_url

from server.photos.store import Folder
from tests.chaos.model import Findings, judge
from tests.chaos.truth import tablet_of, truth_of

if TYPE_CHECKING:
    from server.local.throw_away import ThrowAway
    from tests.chaos.writer import Writer
    from tests.integration.chaos.conftest import Place


SPOT = {"lon": 117.275, "lat": 35.655}


def after_some_work(tablet: Writer) -> None:
    tablet.worker.inspect(1)
    tablet.report()
    tablet.client.sync()
    tablet.note()
    walk_and_mend(tablet)
    tablet.client.sync()


def walk_and_mend(tablet: Writer) -> None:
    """Walk a track of two points, find a hydrant and give it another name."""
    points = [{**SPOT, "at": f"2026-11-22T0{hour}:00:00Z"} for hour in (1, 2)]
    tablet.client.add("track.append", uuid6.uuid7(), {"points": points})
    hydrant = uuid6.uuid7()
    community_id = min(tablet.client.store.records("community"))
    told = {"community_id": community_id, "kind": "fire_hydrant", "name": "1号", "location": SPOT}
    tablet.client.add("facility.create", hydrant, told)
    change = {"fields": {"name": {"old": "1号", "new": "一号"}}}
    tablet.client.add("facility.edit", hydrant, change, base_version=1)


def proved(place: Place, tablet: Writer) -> Findings:
    scope = frozenset(tablet.client.line.call("GET", "/sync/v1/pull").json()["checkpoint"])
    photos = Folder(place.county.settings.photo_store)
    walked = [frozenset(place.grounds[0])]
    known = tablet_of(tablet.client, tablet.file, scope, photos, walked)
    with place.county.database.snapshot() as session:
        return judge([known], truth_of(session))


def test_work_that_arrived_is_sound(place: Place, tablet: Writer) -> None:
    after_some_work(tablet)

    found = proved(place, tablet)

    assert found.sound, found.faults
    assert (found.sent, found.acknowledged, found.photos_verified) == (6, 6, 1)
    assert dict(found.statuses) == {"applied": 6}
    assert (found.fated, found.reasons.total()) == (6, 0)
    assert found.compared > 20


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM sync.mutation WHERE seq = 2", "was applied, the server knows []"),
        ('UPDATE sync.mutation SET result = result || \'{"status": "held"}\' WHERE seq = 1', "was applied"),
        (
            "UPDATE server.case_entry_private SET words = '{\"text\": \"x\"}' WHERE words ? 'text'",
            "is done and nothing stands for it",
        ),
        (
            "INSERT INTO server.inspection SELECT (jsonb_populate_record(i, jsonb_build_object("
            "'inspection_id', gen_random_uuid()))).* FROM server.inspection i LIMIT 1",
            "was never sent",
        ),
        ("UPDATE geo.facility SET version = 3 WHERE version = 2", "3 stand, 2 to 2 were done"),
        ("UPDATE server.track SET point_count = 3", "3 stand, 2 to 2 were done"),
        ("DELETE FROM geo.facility WHERE version = 2", "must be one of [('held', 'not-found')]"),
        ("DELETE FROM sync.bucket_entry WHERE entity = 'checklist'", "absent at the server"),
        ("UPDATE geo.community SET name = name || '!'", "the tablets were not told: community"),
        ("DELETE FROM server.case_entry WHERE seq = 2", "the ledger is faulty"),
    ],
)
def test_damage_to_the_tables_is_found(
    services: ThrowAway, place: Place, tablet: Writer, damage: str, words: str
) -> None:
    after_some_work(tablet)
    name = make_url(place.county.database_url).database or ""
    # Only a superuser gets past the triggers that forbid all this.
    services.cluster.ask(f"SET session_replication_role = replica; {damage}", name)

    found = proved(place, tablet)

    assert not found.sound
    assert any(words in fault for fault in found.faults), found.faults
