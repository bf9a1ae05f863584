"""One device, and one process, take on so much at once; the rest is told when to come again."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from redis import Redis

from server.auth.leases import LATEST_S, LIFE_S, SOONEST_S, Holding, Leases, TooManyAtOnce
from server.fieldsync.limits import Crowd, ServerBusy
from server.local.ports import free_port
from tests.integration.sync.pushing import an_item, statuses
from tests.pictures import jpeg

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import TabletOverHttp, World

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as opened:
        yield opened


@pytest.fixture
def leases(redis: Redis) -> Leases:
    return Leases(redis, random.Random(1))


def place(member: str, limit: int = 2) -> Holding:
    return Holding("push:tablet", member, limit)


def test_as_many_as_the_limit_and_no_more(leases: Leases) -> None:
    both = leases.held(place("a")), leases.held(place("b"))
    with both[0], both[1], pytest.raises(TooManyAtOnce) as refused, leases.held(place("c")):
        pass
    with leases.held(place("c")), leases.held(place("d")):
        pass

    assert refused.value.retry_after_s in range(SOONEST_S, LATEST_S + 1)


def test_a_newer_holder_of_the_same_member_takes_over_and_is_not_undone_by_the_older(leases: Leases) -> None:
    with leases.held(place("b")):
        with ExitStack() as newer:
            with leases.held(place("a")):
                newer.enter_context(leases.held(place("a")))
            with pytest.raises(TooManyAtOnce), leases.held(place("c")):
                pass
        with leases.held(place("c")):
            pass


def test_what_a_killed_process_held_is_free_again_after_its_time(leases: Leases, redis: Redis) -> None:
    killed = leases.held(place("a", limit=1))
    killed.__enter__()
    name = next(key for key in redis.scan_iter("wangge:at-once:*") if redis.type(key) == b"zset")
    assert redis.ttl(name) in range(1, LIFE_S + 1)
    redis.zadd(name, {"a": 1})

    with leases.held(place("b", limit=1)):
        killed.__exit__(None, None, None)


def test_without_redis_nothing_is_refused_and_it_is_asked_rarely() -> None:
    with Redis.from_url(f"redis://127.0.0.1:{free_port()}") as away, structlog.testing.capture_logs() as told:
        leases = Leases(away, random.Random(1))
        with leases.held(place("a", limit=0)), leases.held(place("b", limit=0)):
            pass

    assert len(told) == 1


def test_a_full_process_refuses_at_once_or_after_some_patience() -> None:
    crowd = Crowd(1, random.Random(1))

    with crowd.one_more():
        for patience_s in (0, 0.01):
            with pytest.raises(ServerBusy), crowd.one_more(patience_s):
                pass
    with crowd.one_more():
        pass


def refused(answer: Any, slug: str) -> bool:
    assert answer.content_type == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 2
    return (answer.status_code, answer.json["type"]) == (429, f"/problems/{slug}")


def hold(world: World, redis: Redis, tablet: TabletOverHttp, what: str, limit: int) -> ExitStack:
    held = ExitStack()
    for number in range(limit):
        holding = Holding(f"{what}:{tablet.device_id}", f"other-{number}", limit)
        held.enter_context(Leases(redis, random.Random(number)).held(holding))
    return held


def test_too_many_pushes_of_one_device_wait_outside_and_other_devices_do_not(
    world: World, redis: Redis
) -> None:
    tablet, other = world.tablet(), world.tablet()

    with hold(world, redis, tablet, "push", world.settings.device_pushes_at_once):
        assert refused(tablet.push([an_item(1)]), "too-many-at-once")
        assert statuses(other.push([an_item(1)]).json) == ["applied"]

    assert statuses(tablet.push([an_item(1)]).json) == ["applied"]


def test_too_many_uploads_of_one_device_wait_outside_but_a_stalled_one_is_taken_over(
    world: World, redis: Redis
) -> None:
    tablet, limit = world.tablet(), world.settings.device_uploads_at_once
    photo = jpeg(1)
    uploads = [start(world, tablet, photo) for _ in range(2)]
    stalled = Holding(f"upload:{tablet.device_id}", uploads[0].rsplit("/", 1)[1], limit)

    with hold(world, redis, tablet, "upload", limit - 1), Leases(redis, random.Random(9)).held(stalled):
        assert refused(send(world, tablet, uploads[1], photo), "too-many-at-once")
        assert send(world, tablet, uploads[0], photo).status_code == 204


def start(world: World, tablet: TabletOverHttp, photo: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(photo).hexdigest().encode()).decode()
    headers = {
        **tablet.headers,
        **TUS,
        "Upload-Length": str(len(photo)),
        "Upload-Metadata": f"sha256 {digest}",
    }
    answer = world.client.post("/sync/v1/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def send(world: World, tablet: TabletOverHttp, address: str, photo: bytes) -> Any:
    headers = {**tablet.headers, **TUS, "Upload-Offset": "0"}
    kind = "application/offset+octet-stream"
    return world.client.patch(address, data=photo, headers=headers, content_type=kind)


def test_a_full_process_tells_tablets_when_to_come_again(world: World) -> None:
    tablet = world.tablet()
    world.client.application.extensions["wangge.crowd"] = Crowd(1, random.Random(1))

    with world.client.application.extensions["wangge.crowd"].one_more():
        assert refused(tablet.push([an_item(1)]), "server-busy")
        assert tablet.pull().status_code == 200

    assert statuses(tablet.push([an_item(1)]).json) == ["applied"]


def test_thirty_pulls_in_a_row_are_never_too_many(world: World) -> None:
    tablet = world.tablet()

    assert {tablet.pull().status_code for _ in range(30)} == {200}


def test_a_push_goes_through_while_redis_is_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = world.tablet()
    with Redis.from_url(f"redis://127.0.0.1:{free_port()}") as away:
        monkeypatch.setitem(world.client.application.extensions, "wangge.redis", away)

        assert statuses(tablet.push([an_item(1)]).json) == ["applied"]
