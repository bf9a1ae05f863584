"""How tests look at heat: over HTTP, as SQL counts it, and by running what workers run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import redis
import uuid6
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.maps.heat import jobs
from server.work import Job, Work
from tests.build import NOW, County
from tests.integration.ledger.acting import Cast, a_digest

Ask = Callable[..., Any]


def work(county: County, job: Job, now: datetime = NOW) -> Any:
    """Do a job as a worker would."""
    with redis.Redis.from_url(county.settings.redis_url) as connection:
        return job(Work(county.database, county.settings, connection, now))


def fold(county: County) -> None:
    """Let the worker fold all there is."""
    work(county, jobs.fold)


def asking(client: FlaskClient, county: County, actor: Actor, path: str = "/api/v1/heat") -> Ask:
    """Return a question to heat: parameters in, JSON out."""

    def ask(**given: Any) -> Any:
        query = {name.rstrip("_"): value for name, value in given.items()}
        answer = client.get(path, query_string=query, headers=county.bearer(actor))
        assert answer.status_code == 200, answer.text
        return answer.get_json(force=True)

    return ask


def differences(session: Session) -> list[Any]:
    """Return the counts in which what is kept differs from what stands in the tables."""
    counters = [f"{s}_{a}" for s in ("open", "closed", "ended") for a in "abc"] + ["inspections"]
    counters += [f"found_{a}" for a in "abc"]
    kept = ", ".join(f"sum({name}) AS {name}" for name in counters)
    unlike = " OR ".join(f"coalesce(r.{name}, 0) <> coalesce(e.{name}, 0)" for name in counters)
    rows = session.execute(
        text(
            "SELECT * FROM server.heat_recounted r FULL JOIN"
            f" (SELECT kind, month, place, category, {kept} FROM server.heat_exact GROUP BY 1, 2, 3, 4) e"
            f" USING (kind, month, place, category) WHERE {unlike}"
        )
    )
    return [*rows.all(), *days_unlike(session)]


def days_unlike(session: Session) -> list[Any]:
    """Return the facts of days in which what is packed and what waits differ from the tables."""
    told, counted = "SELECT * FROM server.heat_days_exact", "SELECT * FROM server.heat_days_recounted"
    sql = f"({told} EXCEPT ALL {counted}) UNION ALL ({counted} EXCEPT ALL {told})"
    return list(session.execute(text(sql)).all())


def hand_over(cast: Cast, case_id: UUID) -> None:
    """End a case otherwise than by a close-out."""
    unit = "public_security_bureau"
    cast.order(cast.shift_leader, "case.transfer", case_id, unit=unit, photos=[a_digest()])


def inspected(cast: Cast, *found: str, corrects: UUID | None = None, case_id: UUID | None = None) -> UUID:
    """Store an inspection that found these items wrong, all of one category, and return its id."""
    inspection_id = UUID(int=uuid6.uuid7().int)
    with cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.inspection (inspection_id, checklist_version, community_id, corrects,"
                " geom, grid_cell_code, user_id, content_sha256, received_at, answers) SELECT :id,"
                " (SELECT version FROM server.checklist_version LIMIT 1), :community, :corrects,"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :cell, :user, sha256('x'), :now, '{}'"
            ),
            {
                "id": inspection_id,
                "community": cast.community_id,
                "corrects": corrects,
                "lon": cast.point[0],
                "lat": cast.point[1],
                "cell": cast.cell,
                "user": cast.worker.user_id,
                "now": cast.later(),
            },
        )
        for item in found:
            session.execute(
                text(
                    "INSERT INTO server.violation (violation_id, inspection_id, item_code, category,"
                    " severity, case_id) VALUES"
                    " (gen_random_uuid(), :id, :item, 'parking_disorderly', 'C', :case)"
                ),
                {"id": inspection_id, "item": item, "case": case_id},
            )
    return inspection_id
