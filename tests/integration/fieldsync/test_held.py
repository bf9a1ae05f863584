"""Held items over HTTP: they go on by the worker's job, and the tablet hears of it at its next pull."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis import Redis

from server import queue, wiring
from server.fieldsync.rules import RELEASE
from server.work import Work
from tests.integration.fieldsync.conftest import World
from tests.integration.sync.pushing import an_item, command


def work(world: World) -> None:
    """Do the job as a worker would."""
    with queue.connect(world.settings.redis_url) as redis:
        queue.begun(redis, RELEASE)
        wiring.JOBS[RELEASE](Work(world.db, world.settings, redis, datetime.now(UTC)))


def asked_for(world: World) -> bool:
    with Redis.from_url(world.settings.redis_url) as redis:
        return any(job.description == RELEASE for job in queue.jobs.open_queue(redis).jobs)


def test_an_item_held_for_another_tablets_item_goes_on_and_both_hear_of_it(world: World) -> None:
    tablet, other = world.tablet(), world.tablet("other")
    late = an_item(1)
    held = an_item(1, depends_on=[late["mid"]])
    first = tablet.push([held]).json["results"][0]
    assert (first["status"], asked_for(world)) == ("held", False)

    other.push([late])
    assert asked_for(world)
    work(world)

    ops = [op for op in tablet.pull().json["ops"] if op["entity"] == "outcome"]
    assert [(op["data"]["mid"], op["data"]["seq"], op["data"]["status"]) for op in ops] == [
        (held["mid"], 1, "applied")
    ]
    assert ops[0]["bucket"] == f"user:{world.people['walker']}"
    assert tablet.push([held]).json["results"][0] == first | {"replayed": True}
    assert not [op for op in other.pull().json["ops"] if op["entity"] == "outcome"]


def test_a_type_that_the_server_learns_with_an_upgrade_is_taken_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = world.tablet()
    tablet.push([an_item(1, type="moon.visit")])
    work(world)
    assert not [op for op in tablet.pull().json["ops"] if op["entity"] == "outcome"]

    monkeypatch.setitem(wiring.COMMAND_TYPES, "moon.visit", command("moon.visit"))
    work(world)

    assert [op["data"]["status"] for op in tablet.pull().json["ops"] if op["entity"] == "outcome"] == [
        "applied"
    ]
