"""Tablets over a bad line lose nothing and double nothing, and the proof would say so if they did."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from server.simulation.answers import Visit, answer_checklist
from server.simulation.first_morning import FirstMorning
from server.simulation.proof import prove
from server.simulation.run import Plan, simulate
from server.simulation.worker import CHECKLISTS, Worker
from tests.build import NOW, PASSWORD

if TYPE_CHECKING:
    from tests.integration.simulation.conftest import Place


def test_everything_arrives_once_over_a_line_that_breaks(place: Place) -> None:
    plan = Plan(place.url, tablets=3, inspections=6, photos=1, faults=0.15, seed=7)

    found = simulate(plan, place.recruits(3), quiet=True)

    assert found.faults == []
    assert (found.sent, found.acknowledged, found.lost, found.doubled) == (18, 18, 0, 0)
    assert (found.photos, found.photos_verified) == (18, 18)
    assert dict(found.statuses) == {"applied": 18}
    assert found.cuts > 0
    assert found.sound


def a_proof_after(place: Place, damage: str) -> Any:
    client = place.client()
    worker = Worker(client, random.Random(1))
    worker.work(3, 1)
    with place.county.owner() as session:
        session.execute(text(damage))
    found = prove(worker, lambda name, more: None)
    client.close()
    return found


@pytest.mark.parametrize(
    ("damage", "lost", "doubled"),
    [
        ("DELETE FROM sync.mutation WHERE seq = 2", 1, 0),
        ("UPDATE server.inspection SET device_id = device_id", 0, 0),
        (
            "INSERT INTO server.inspection SELECT (jsonb_populate_record(i, jsonb_build_object("
            "'inspection_id', gen_random_uuid()))).* FROM server.inspection i LIMIT 1",
            0,
            1,
        ),
    ],
)
def test_the_proof_finds_what_was_lost_or_doubled(place: Place, damage: str, lost: int, doubled: int) -> None:
    found = a_proof_after(place, damage)

    assert (found.lost, found.doubled) == (lost, doubled)
    assert found.sound == (lost == doubled == 0)


def test_the_demo_people_take_a_case_to_its_close_out(place: Place) -> None:
    place.employ()

    case = FirstMorning(place.url, PASSWORD).run()

    assert case["state"] == "closed"
    assert case["evidence"] == {"expected": 3, "received": 3, "missing": 0}


def test_the_same_seed_finds_the_same(place: Place) -> None:
    client = place.client()
    client.pull()
    documents = [one for one in client.store.records("checklist").values() if one["code"] in CHECKLISTS]
    client.close()

    def answers(seed: int) -> list[Any]:
        visit = Visit(random.Random(seed), NOW.date(), ["ab" * 32], {})
        return [answer_checklist(document, visit, problem=True) for document in documents]

    assert answers(7) == answers(7)
    assert answers(7) != answers(8)
