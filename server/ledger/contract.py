"""How the OpenAPI file describes what cases send to tablets and take from them."""

from __future__ import annotations

from server.ledger.command_data import LONGEST_TEXT
from server.ledger.states import STATES
from server.photos.contract import EXAMPLE, PHOTOS
from sync.contract import (
    DAY,
    EVIDENCE,
    FLAG,
    ID,
    LOCATION,
    MOMENT,
    NUMBER,
    Schema,
    many,
    maybe,
    one_of,
    record,
    shown,
    told,
    whole,
    words,
)

_TEXT = words(LONGEST_TEXT)
_NEEDED_TEXT = words(LONGEST_TEXT, 1)
_NEEDED_PHOTOS = PHOTOS | {"minItems": 1}
_PLACE = {"lon": 117.2736, "lat": 35.6571, "accuracy_m": 6.5, "datum": "wgs84"}
COMMANDS: dict[str, Schema] = {
    "case.report": shown(
        record(
            "category community_id",
            category=_NEEDED_TEXT,
            severity=maybe(_TEXT),
            community_id=ID,
            grid_cell_code=maybe(_TEXT),
            location=maybe(LOCATION),
            description=maybe(_TEXT),
            photos=told(PHOTOS, "Without one the case opens and cannot close."),
            joins=told(maybe(ID), "An open case that was seen to be the same problem."),
            asset=maybe(_TEXT),
            offender=maybe(_TEXT),
        ),
        category="parking_disorderly",
        severity="C",
        community_id="01980000-0000-7000-8000-00000000c001",
        location=_PLACE,
        description="三辆车停在消防通道旁",
        photos=[{"sha256": EXAMPLE, "role": "before"}],
    ),
    "case.accept": shown(record()),
    "case.claim_fixed": shown(
        record(
            "done photos",
            done=_NEEDED_TEXT,
            paid_by=maybe(_TEXT),
            photos=_NEEDED_PHOTOS,
            location=maybe(LOCATION),
        ),
        done="已清走",
        paid_by="物业",
        photos=[EXAMPLE],
    ),
    "case.check": shown(
        record(
            "passed photos location",
            passed=FLAG,
            reason=told(maybe(_TEXT), "A failed check needs one."),
            photos=_NEEDED_PHOTOS,
            location=LOCATION,
        ),
        passed=False,
        reason="仍有车辆",
        photos=[EXAMPLE],
        location=_PLACE,
    ),
    "case.verify": shown(
        record(
            "finding photos location",
            finding={"anyOf": [one_of("true", "false", "not_found"), FLAG]},
            photos=_NEEDED_PHOTOS,
            location=LOCATION,
        ),
        finding="true",
        photos=[EXAMPLE],
        location=_PLACE,
    ),
    "case.reopen": shown(
        record("photos", reason=maybe(_TEXT), photos=_NEEDED_PHOTOS, location=maybe(LOCATION)),
        reason="问题反弹",
        photos=[EXAMPLE],
    ),
    "case.record_refusal": shown(
        record("photos", note=maybe(_TEXT), photos=_NEEDED_PHOTOS), note="拒不整改", photos=[EXAMPLE]
    ),
    "case.report_dissuaded": shown(
        record("photos", note=maybe(_TEXT), photos=_NEEDED_PHOTOS), note="已劝离", photos=[EXAMPLE]
    ),
    "case.note": shown(record("text", text=_NEEDED_TEXT, photos=PHOTOS), text="业主已联系维修"),
}

_COUNT = whole(0)
ENTITIES: dict[str, Schema] = {
    "case": record(
        "case_id state version category severity measure level reported_at community_id evidence",
        case_id=ID,
        number=maybe(words()),
        state=one_of(*STATES),
        version=whole(0),
        category=words(),
        severity=words(),
        measure=whole(),
        level=whole(0),
        community_id=ID,
        community_name=words(),
        grid_cell_code=maybe(words()),
        unit=maybe(words()),
        unit_name=maybe(words()),
        lead_unit=maybe(words()),
        location=maybe(record("lon lat", lon=NUMBER, lat=NUMBER, accuracy_m=maybe(NUMBER), datum=words())),
        evidence=EVIDENCE,
        inspection_id=maybe(ID),
        description=words(),
        source=words(),
        origin=words(),
        asset=maybe(words()),
        reported_by=maybe(ID),
        reported_at=MOMENT,
        checker_id=maybe(ID),
        demand=maybe(words()),
        finding=maybe(words()),
        merged_into=maybe(ID),
        repeat_of=maybe(ID),
        transferred_to=maybe(words()),
        resume_on=maybe(DAY),
        parties=record(
            "",
            offender=maybe(words()),
            repairer=maybe(words()),
            urging=maybe(words()),
            investigating=many(words()),
        ),
        departments=many({"type": "object"}),
        **{
            name: maybe(MOMENT)
            for name in [
                "due_at",
                "filed_at",
                "closed_at",
                "yellow_at",
                "first_due_at",
                "claimed_at",
                "ended_at",
                "paused_at",
            ]
        },
        **{
            f"{name}_count": _COUNT
            for name in ["rework", "refused", "returned", "buck_passing", "extension", "rebound"]
        },
    )
}
