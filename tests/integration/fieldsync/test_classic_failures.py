"""Where other field systems lose or double work: each failure by its name, over a real line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server import wiring
from server.auth.actor import Actor
from server.communities import service as communities
from server.communities.service import local_day
from server.fieldsync import service
from sync import changes
from sync.entity import GLOBAL_BUCKET, Wire
from tests.build import JIHE_CELL, County, a_community_in, a_worker, cells_of_community
from tests.integration.fieldsync.served import FieldTablet, call, enrolled, reset, serving
from tests.integration.fieldsync.served import an_inspection as data_of

ROOT = Path(__file__).parents[3]
COPIES = 8


@dataclass(frozen=True, slots=True)
class Field:
    """A worker with a tablet in one cell of a served county."""

    county: County
    port: int
    worker: Actor
    tablet: FieldTablet
    community_id: UUID
    cell: str
    version: str

    def inspection(self, community_id: UUID | None = None, **more: Any) -> dict[str, Any]:
        """Return the data of an inspection in the worker's cell."""
        return data_of(self.county, community_id or self.community_id, self.version, **more)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Return what plain SQL says."""
        with self.county.transaction() as session:
            return [tuple(row) for row in session.execute(text(sql), values)]

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        found: int = self.rows(f"SELECT count(*) FROM {table}")[0][0]
        return found

    def move_to(self, cell: str) -> None:
        """Give the worker another cell from today on."""
        now = datetime.now(UTC)
        with self.county.transaction() as session:
            communities.assign(
                session,
                username=self.worker.username,
                cells=[cell],
                starts=local_day(now),
                ends=None,
                actor=None,
                now=now,
            )


@pytest.fixture
def field(county: County) -> Iterator[Field]:
    with county.transaction() as session:
        community_id = a_community_in(session)
        cell = cells_of_community(session, community_id)[0]
        worker = a_worker(session, [cell])
        version = session.execute(
            text("SELECT version FROM server.checklist_version WHERE code = 'T2' AND retired_at IS NULL")
        ).scalar_one()
    with serving(county) as port:
        yield Field(county, port, worker, enrolled(port, county, worker), community_id, cell, version)


def statuses(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [result["status"] for result in answer.json["results"]]


def warnings(answer: Any) -> set[str]:
    return {warning["type"] for result in answer.json["results"] for warning in result["warnings"]}


def test_one_upload_eight_times_at_once_is_eight_successes_and_one_record(field: Field) -> None:
    body = field.tablet.envelope([field.tablet.item(field.inspection())])

    with ThreadPoolExecutor(COPIES) as pool:
        answers = list(pool.map(field.tablet.push_bytes, [body] * COPIES))

    results = [answer.json["results"][0] for answer in answers]
    assert [answer.status for answer in answers] == [200] * COPIES
    assert sorted(result.pop("replayed") for result in results) == [False] + [True] * (COPIES - 1)
    assert results == [results[0]] * COPIES
    assert results[0]["status"] == "applied"
    assert (field.count("server.inspection"), field.count("server.violation")) == (1, 1)
    assert field.count('server."case"') == 1


def test_the_same_id_with_other_content_is_refused_with_the_stored_hash(field: Field) -> None:
    first = field.tablet.item(field.inspection())
    field.tablet.push(first)
    [(stored, answers)] = field.rows("SELECT encode(content_sha256, 'hex'), answers FROM server.inspection")

    other = field.tablet.item(
        field.inspection(answers={"ebikes_estimate": {"value": 1}}), entity_id=first["entity_id"]
    )
    refused = field.tablet.push(other)

    assert statuses(refused) == ["conflict"]
    assert refused.json["results"][0]["current"]["content_sha256"] == stored
    assert field.rows("SELECT encode(content_sha256, 'hex'), answers FROM server.inspection") == [
        (stored, answers)
    ]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_json_that_was_cut_is_refused_and_nothing_of_it_stored(field: Field, share: float) -> None:
    whole = field.tablet.envelope([field.tablet.item(field.inspection())])

    refused = field.tablet.push_bytes(whole[: int(len(whole) * share)])

    assert (refused.status, refused.json["type"]) == (400, "/problems/unreadable-envelope")
    assert refused.json["detail_zh"]
    assert (field.count("sync.envelope"), field.count("server.inspection")) == (0, 0)
    assert statuses(field.tablet.push_bytes(whole)) == ["applied"]


def test_a_line_that_breaks_in_the_body_stores_nothing(field: Field) -> None:
    whole = field.tablet.envelope([field.tablet.item(field.inspection())])

    reset(field.tablet.half_a_request(whole, len(whole) - 1))

    assert statuses(field.tablet.push_bytes(whole)) == ["applied"]
    assert field.count("sync.envelope") == 1


def test_a_tablet_that_went_silent_within_a_request_holds_nothing(field: Field) -> None:
    first, second = field.tablet.item(field.inspection()), field.tablet.item(field.inspection())
    whole = field.tablet.envelope([first])
    lines = [field.tablet.half_a_request(whole, len(whole) // 2) for _ in range(3)]

    held = field.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%'"
        " UNION ALL SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    answer = field.tablet.push(first, second)
    for line in lines:
        reset(line)

    assert held == [(0,), (0,)]
    assert statuses(answer) == ["applied", "applied"]


def test_a_tablet_that_left_before_the_answer_finds_it_at_the_next_push(field: Field) -> None:
    item = field.tablet.item(field.inspection())
    whole = field.tablet.envelope([item])

    reset(field.tablet.half_a_request(whole, len(whole)))
    answer = field.tablet.push(item, field.tablet.item(field.inspection()))

    assert statuses(answer) == ["applied", "applied"]
    assert field.count("server.inspection") == 2


def test_a_row_that_was_written_early_and_committed_late_is_seen_by_everybody(field: Field) -> None:
    field.tablet.pull()
    early = Wire("early", 1, frozenset({GLOBAL_BUCKET}), {})
    late = Wire("late", 1, frozenset({GLOBAL_BUCKET}), {})

    with field.county.transaction() as slow:
        changes.put(slow, "rule", [early])
        with field.county.transaction() as quick:
            changes.put(quick, "rule", [late])
        between = {op["id"] for op in field.tablet.pull()}
    after = {op["id"] for op in field.tablet.pull()}

    assert (between, after) == ({"late"}, {"early"})


def test_a_worker_who_was_moved_while_offline_hands_in_the_old_cell_and_goes_on_in_the_new_one(
    field: Field,
) -> None:
    field.tablet.pull()
    offline = field.tablet.item(field.inspection())
    field.move_to(JIHE_CELL)

    handed_in = field.tablet.push(offline)
    ops = field.tablet.pull()
    field.tablet.pull()  # tells that the answer before arrived
    too_late = field.tablet.push(field.tablet.item(field.inspection()))

    assert statuses(handed_in) == ["applied"]
    assert ops[0] == {"op": "evict", "bucket": f"cell:{field.cell}"}
    assert {op["bucket"] for op in ops if op["op"] == "put"} >= {f"cell:{JIHE_CELL}"}
    assert statuses(too_late) == ["held"]
    assert too_late.json["results"][0]["problem"]["detail_zh"]
    assert field.rows("SELECT kind FROM sync.waiting") == [("leader",)]


def test_an_outbox_of_an_old_app_is_taken_with_warnings(field: Field) -> None:
    body = field.inspection(weather="晴", answers={"fly_wires": {"instances": []}, "gone_item": {"value": 1}})
    old = field.tablet.item(body, app_build=7)

    answer = field.tablet.push(old, app="wangge-tablet/0.1.0", sort_of="old")

    assert statuses(answer) == ["applied"]
    assert len(warnings(answer)) >= 1
    pointers = {one["pointer"] for one in answer.json["results"][0]["warnings"]}
    assert {"/data/weather", "/data/answers/gone_item"} <= pointers


def test_a_checklist_that_was_retired_meanwhile_still_counts(field: Field) -> None:
    offline = field.tablet.item(field.inspection())
    field.rows(
        "UPDATE server.checklist_version SET retired_at = now() WHERE version = :v RETURNING 1",
        v=field.version,
    )

    answer = field.tablet.push(offline)

    assert statuses(answer) == ["applied"]
    assert "checklist-retired" in warnings(answer)
    assert field.count("server.violation") == 1


def test_a_refresh_whose_answer_was_lost_can_be_asked_again(field: Field) -> None:
    old = field.tablet.tokens["refresh_token"]

    def refresh(token: str) -> Any:
        return call(field.port, "POST", "/sync/v1/token", {"refresh_token": token})

    lost, again = refresh(old), refresh(old)
    used = refresh(again.json["refresh_token"])

    assert [lost.status, again.status, used.status] == [200, 200, 200]
    field.tablet.tokens = used.json
    field.tablet.pull()
    assert [refresh(old).status, refresh(lost.json["refresh_token"]).status] == [401, 401]
    assert refresh(used.json["refresh_token"]).status == 200


@contextmanager
def dying(county: County) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a web process upon a county that will die at its first inspection; yield it and its port."""
    environ = {
        **os.environ,
        "DATABASE_URL": county.database_url,
        "DATABASE_OWNER_URL": county.owner_url,
        "REDIS_URL": county.settings.redis_url,
        "SECRET_KEY": county.settings.secret_key,
        "PHOTO_STORE": str(county.settings.photo_store),
    }
    command = [sys.executable, "-m", "tests.integration.fieldsync.dying"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def test_what_a_killed_process_had_stored_is_applied_by_the_scheduler_exactly_once(field: Field) -> None:
    item = field.tablet.item(field.inspection())
    here = field.tablet.port
    with dying(field.county) as (process, port):
        field.tablet.port = port
        with pytest.raises((HTTPException, OSError)):
            field.tablet.push(item)
        assert process.wait(60) == -9
    field.tablet.port = here
    assert field.rows("SELECT state FROM sync.envelope") == [("received",)]
    assert field.count("server.inspection") == 0

    now = datetime.now(UTC)
    done = [
        service.apply_orphans(field.county.database, wiring.COMMAND_TYPES, now + timedelta(minutes=minutes))
        for minutes in (4, 6, 7)
    ]
    again = field.tablet.push(item)

    assert done == [0, 1, 0]
    assert (field.count("server.inspection"), field.count('server."case"')) == (1, 1)
    assert (statuses(again), again.json["results"][0]["replayed"]) == (["applied"], True)
