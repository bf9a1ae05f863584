"""Anybody orders anything, against the real database: it and the pure rules never disagree."""

from __future__ import annotations

import random
from typing import Any

import pytest

from server.ledger.command_data import members
from server.ledger.lifecycle import ORDERS
from server.ledger.verify import verify
from server.problems import DomainError
from tests.integration.ledger.acting import Cast, a_digest, column

STEPS = 120


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_ordered_the_ledger_holds(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    people = [cast.worker, cast.checker, cast.dispatcher, cast.shift_leader, cast.headquarters, cast.fixer]
    likely = {
        "filed": ("case.dispatch", cast.dispatcher),
        "dispatched": ("case.accept", cast.fixer),
        "in_progress": ("case.claim_fixed", cast.fixer),
        "closeout_requested": ("case.assign_check", cast.dispatcher),
        "checking": ("case.check", cast.checker),
        "check_passed": ("case.close", cast.shift_leader),
    }
    case_ids = [cast.report()[0] for _ in range(2)]
    obeyed: dict[str, int] = {}
    for _ in range(STEPS):
        case_id = dice.choice(case_ids)
        name, actor = dice.choice(ORDERS), dice.choice(people)
        if dice.random() < 0.5:
            name, actor = likely.get(column(cast.county, case_id, "state"), (name, actor))
        photo = a_digest()
        data: dict[str, Any] = {
            "category": "",
            "severity": "",
            "unit": cast.fixer.unit_code,
            "demand": "改",
            "done": "已改",
            "paid_by": "物业",
            "checker": str(dice.choice([cast.checker, cast.checker, cast.fixer]).user_id),
            "passed": dice.random() < 0.6,
            "reason": "未改",
            "location": cast.location(),
            "note": "拒绝",
            "text": "看过",
            "photos": [photo],
        }
        try:
            cast.order(actor, name, case_id, **{key: data[key] for key in members(name) & set(data)})
        except DomainError:
            continue
        obeyed[name] = obeyed.get(name, 0) + 1
        cast.arrive(photo)

    with cast.county.database.snapshot() as session:
        proof = verify(session)
    assert proof.entries == 4 + sum(obeyed.values())
    assert obeyed["case.check"] > 0
