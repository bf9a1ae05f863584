"""How the OpenAPI file describes what charging sites send to tablets and take from them."""

from __future__ import annotations

from server.communities.contract import REMOVED
from server.communities.values import LONGEST_TEXT
from server.photos.contract import PHOTOS
from server.siting.proposals import SEEN_AS
from sync.contract import (
    FLAG,
    ID,
    LOCATION,
    MOMENT,
    PLACE,
    Schema,
    edited,
    maybe,
    one_of,
    record,
    shown,
    whole,
    words,
)

_SITE = {
    "name": maybe(words(200)),
    "charging_ports": maybe(whole(0, 10_000)),
    "has_shed": maybe(FLAG),
    "note": maybe(words(LONGEST_TEXT)),
    "location": LOCATION,
}
COMMANDS: dict[str, Schema] = {
    "charging_site.propose": shown(
        record(
            "community_id location", community_id=ID, status=maybe(one_of(*SEEN_AS)), photos=PHOTOS, **_SITE
        ),
        community_id="01980000-0000-7000-8000-00000000c001",
        name="北门车棚",
        charging_ports=20,
        location={"lon": 117.2736, "lat": 35.6571, "accuracy_m": 4, "datum": "wgs84"},
    ),
    "charging_site.edit": edited(
        {**_SITE, "removed": REMOVED},
        charging_ports={"old": 20, "new": 24},
        has_shed={"old": None, "new": True},
    ),
}
ENTITIES: dict[str, Schema] = {
    "charging_site": record(
        "site_id community_id name status location version",
        site_id=ID,
        community_id=ID,
        community_name=words(),
        neighbourhood_code=words(),
        name=words(),
        status=words(),
        charging_ports=maybe(whole(0)),
        has_shed=maybe(FLAG),
        note=words(),
        origin=words(),
        proposed_at=MOMENT,
        version=whole(1),
        location=PLACE,
    )
}
