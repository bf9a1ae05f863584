"""How the OpenAPI file describes what of the programme travels to tablets."""

from __future__ import annotations

from sync.contract import (
    DAY,
    FLAG,
    NUMBER,
    Schema,
    many,
    maybe,
    record,
    told,
    whole,
    words,
)

_HOURS = told(many(many(words())), "Pairs of opening and closing time, in `zone`.")
ENTITIES: dict[str, Schema] = {
    "checklist": told(
        record("version", version=words(), code=words()), "The checklist's whole document, with its version."
    ),
    "category": record("category label_zh label_en", category=words(), label_zh=words(), label_en=words()),
    "rule": record(
        "category severity valid_from",
        category=words(),
        severity=words(),
        valid_from=DAY,
        valid_to=maybe(DAY),
        measures=many(whole()),
        first_actor=maybe(words()),
        lead=maybe(words()),
        departments=many(words()),
        own_duty=FLAG,
        limit_amount=maybe(NUMBER),
        limit_unit=maybe(words()),
        set_by_dispatcher=FLAG,
        milestone=maybe(words()),
        radius_m=maybe(NUMBER),
        radius_scope=maybe(words()),
        auto_file=FLAG,
        photo_required=FLAG,
    ),
    "calendar": record(
        "year holidays make_up_days provisional hours zone",
        year=whole(),
        holidays=many(DAY),
        make_up_days=many(DAY),
        provisional=FLAG,
        hours=_HOURS,
        zone=words(),
    ),
}
