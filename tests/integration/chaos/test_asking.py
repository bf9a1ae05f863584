"""In the storm the desk really asks: what a resident told is looked at by the worker who was sent."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from server.photos.store import Folder
from tests.chaos.model import judge
from tests.chaos.office import Office
from tests.chaos.truth import tablet_of, truth_of
from tests.integration.chaos.conftest import WALKER

if TYPE_CHECKING:
    from tests.chaos.writer import Writer
    from tests.integration.chaos.conftest import Place


def test_what_a_resident_told_is_verified_by_the_worker_who_was_asked(place: Place, tablet: Writer) -> None:
    office = Office(place.county.database, random.Random(1))
    office.ask(WALKER)
    tablet.pull()
    [(case_id, told)] = tablet.client.store.records("case").items()
    photos, spot = ["ab" * 32], {"lon": 117.275, "lat": 35.655, "accuracy_m": 6.5, "datum": "wgs84"}

    tablet.client.add(
        "case.verify",
        case_id,
        {"finding": "true", "photos": photos, "location": spot},
        base_version=told["version"],
    )
    tablet.client.sync()

    assert (office.questions, told["state"]) == (1, "verifying")
    assert [item.status for item in tablet.client.store.items()] == ["applied"]
    assert tablet.client.store.records("case")[case_id]["state"] == "reported"
    assert _proved(place, tablet) == []


def _proved(place: Place, tablet: Writer) -> list[str]:
    scope = frozenset(tablet.client.line.call("GET", "/sync/v1/pull").json()["checkpoint"])
    photos = Folder(place.county.settings.photo_store)
    known = tablet_of(tablet.client, tablet.file, scope, photos, [frozenset(place.grounds[0])])
    with place.county.database.snapshot() as session:
        return judge([known], truth_of(session)).faults
