"""How the OpenAPI file describes what inspections send to tablets and take from them."""

from __future__ import annotations

from typing import Any

from checklists.answers import LONGEST_REASON, MOST_INSTANCES
from checklists.extras import LONGEST_NOTE
from server.inspections.track_reading import MOST_POINTS
from server.ledger.command_data import LONGEST_TEXT
from server.photos.contract import EXAMPLE, PHOTOS
from sync.contract import (
    ANYTHING,
    EVIDENCE,
    FLAG,
    ID,
    LOCATION,
    MOMENT,
    NUMBER,
    SHA256,
    Schema,
    by_name,
    many,
    maybe,
    one_of,
    record,
    shown,
    told,
    whole,
    words,
)

_BESIDE: dict[str, Schema] = {
    "note": maybe(words(LONGEST_NOTE)),
    "photos": many(SHA256),
    "location": told({"type": "object", "nullable": True}, "Where it is, when not where the inspection is."),
    "joins": told(maybe(ID), "An open case that was seen to be the same problem."),
}
_INSTANCE = told(
    record("", **_BESIDE) | {"additionalProperties": ANYTHING},
    "Answers by item code, and what stands beside them.",
)
ANSWER = told(
    record(
        "",
        value=told(ANYTHING, "As the item's type in the checklist says."),
        na=FLAG,
        not_inspected=told(words(LONGEST_REASON), "Why nobody could look."),
        instances=many(_INSTANCE, MOST_INSTANCES),
        **_BESIDE,
    ),
    "One of `value`, `na`, `not_inspected`; a group has `instances` instead of a value.",
)
_INSPECTION: dict[str, Schema] = {
    "checklist": maybe(words(LONGEST_TEXT)),
    "checklist_version": words(LONGEST_TEXT, 1),
    "community_id": ID,
    "grid_cell_code": told(maybe(words(LONGEST_TEXT)), "Computed from the position when absent."),
    "location": maybe(LOCATION),
    "started_at": maybe(MOMENT),
    "finished_at": maybe(MOMENT),
    "answers": by_name(ANSWER, "Answers by item code."),
    "photos": PHOTOS,
}
_EXAMPLE: dict[str, Any] = {
    "checklist": "T2",
    "checklist_version": "sha256:9f86d081884c7d65",
    "community_id": "01980000-0000-7000-8000-00000000c001",
    "location": {"lon": 117.2736, "lat": 35.6571, "accuracy_m": 6.5, "datum": "wgs84", "mock": False},
    "started_at": "2026-11-22T08:14:03+08:00",
    "finished_at": "2026-11-22T08:31:40+08:00",
    "answers": {
        "ebikes_estimate": {"value": 140},
        "cuts_off_when_full": {"not_inspected": "locked"},
        "fly_wires": {"instances": [{"count": {"value": 3}, "photos": [EXAMPLE], "joins": None}]},
    },
    "photos": [{"sha256": EXAMPLE, "size": 2_913_044, "content_type": "image/jpeg", "role": "before"}],
}
_POINT = record(
    "lon lat at",
    lon={"type": "number", "minimum": -180, "maximum": 180},
    lat={"type": "number", "minimum": -90, "maximum": 90},
    at=MOMENT,
    accuracy_m=maybe({"type": "number", "minimum": 0}),
)
COMMANDS: dict[str, Schema] = {
    "inspection.create": shown(record("checklist_version community_id answers", **_INSPECTION), **_EXAMPLE),
    "inspection.correct": shown(
        record(
            "corrects checklist_version community_id answers",
            corrects=told(ID, "The inspection that this one corrects; both stay."),
            **_INSPECTION,
        ),
        corrects="01980000-0000-7000-8000-00000000a001",
        **_EXAMPLE,
    ),
    "track.append": shown(
        record(
            "points",
            points=many(_POINT, MOST_POINTS) | {"minItems": 1},
            datum=one_of("wgs84", "cgcs2000", "gcj02", "bd09"),
        ),
        points=[{"lon": 117.2736, "lat": 35.6571, "at": "2026-11-22T08:14:03+08:00", "accuracy_m": 8}],
    ),
}

_PLACE = maybe(record("lon lat", lon=NUMBER, lat=NUMBER, accuracy_m=maybe(NUMBER), datum=words()))
_WARNING = record("type", type=words(), pointer=words(), detail=words(), detail_zh=words())
_TO_CHECK = record(
    "kind case",
    kind=one_of("check", "verify"),
    case={"$ref": "#/components/schemas/CaseRecord"},
    community=maybe({"type": "object"}),
    photos=many({"type": "object"}),
)
_TO_VERIFY = record(
    "kind complaint",
    kind=one_of("verify_complaint"),
    complaint=told({"type": "object"}, "What is complained of, and where; never who complained."),
    community=maybe({"type": "object"}),
    photos=many({"type": "object"}),
)
_TO_DO = record(
    "kind community_id inspection_id",
    kind=told(words(), "A task's code; `check`, `verify` and `verify_complaint` have forms of their own."),
    community_id=ID,
    community_name=words(),
    inspection_id=ID,
    checklist=words(),
    item=words(),
    note=words(),
    found_at=MOMENT,
)
ENTITIES: dict[str, Schema] = {
    "inspection": record(
        "inspection_id checklist checklist_version community_id received_at evidence version",
        inspection_id=ID,
        checklist=words(),
        checklist_version=words(),
        kind=words(),
        community_id=ID,
        community_name=words(),
        neighbourhood_code=words(),
        grid_cell_code=maybe(words()),
        worker=record("user_id name", user_id=ID, name=words()),
        device_id=maybe(ID),
        location=_PLACE,
        started_at=maybe(MOMENT),
        finished_at=maybe(MOMENT),
        device_time=maybe(MOMENT),
        received_at=MOMENT,
        evidence=EVIDENCE,
        case_ids=many(ID),
        warnings=many(_WARNING),
        version=whole(1),
        corrects=maybe(ID),
        corrected_by=many(ID),
    ),
    "task": {"anyOf": [_TO_CHECK, _TO_VERIFY, _TO_DO]},
}
