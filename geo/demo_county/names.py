"""Invented names in the manner of a county seat in Shandong."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any

from geo.demo_county.model import CommunityKind, DemoCompany


def community_names(random: Random, kind: CommunityKind) -> Iterator[str]:
    """Yield names for one kind of community, none twice; after the plain names come those of later phases."""
    parts = _names()[kind]
    pool = ["".join(pair) for pair in product(parts["first"], parts["last"])]
    random.shuffle(pool)
    yield from pool
    phase = 2
    while True:
        yield from (f"{name}{phase}期" for name in pool)
        phase += 1


def companies() -> tuple[DemoCompany, ...]:
    """Return the invented property companies, marked as such in their names."""
    return tuple(
        DemoCompany(
            f"demo_company_{number:02d}", f"{zh}物业服务有限公司（演示）", f"{en} Property Services (demo)"
        )
        for number, (zh, en) in enumerate(_names()["companies"], start=1)
    )


@cache
def _names() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (files("geo") / "data" / "demo_names.json").read_text(encoding="utf-8")
    )
    return found
