"""What workers do for files of places; GDAL is loaded when the work begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from geo.datum import known_datum
from geo.errors import GeoError
from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.communities.rosters.outcome import By
from server.communities.service import local_day, reach_of
from server.communities.transfer.errors import PlacesFaulty
from server.communities.transfer.kinds import Kind
from server.outcomes import problem_of
from server.problems import NotYours
from server.sheets.faults import reasons, write_report
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Doing, Progress, settle
from server.sheets.tables import SheetTask
from server.work import Work

IMPORT, EXPORT, OSM = "places-import", "places-export", "osm"


def take_in(kinds: Mapping[str, Kind]) -> Doing:
    """Return the job that takes in the file of places that somebody sent."""

    def job(work: Work, task: SheetTask, tell: Progress) -> Came:
        files = SheetFiles(work.settings)
        try:
            came = _take(work, task, kinds, tell)
        except GeoError as fault:
            came = Came(problem_of(fault), refused=True)
        except PlacesFaulty as fault:
            write_report(files.report(task.task_id), fault.faults)
            told = {"refused_rows": len({one.row for one in fault.faults}), "reasons": reasons(fault.faults)}
            came = Came({**problem_of(fault), **told}, refused=True)
        # What was cut off is done again: the file goes once it is known what came of it.
        files.incoming(task.task_id).unlink(missing_ok=True)
        return came

    return job


def give_out(kinds: Mapping[str, Kind]) -> Doing:
    """Return the job that writes the layer that somebody asked for, as far as they may see it."""

    def job(work: Work, task: SheetTask, tell: Progress) -> Came:
        from server.communities.transfer import giving  # web processes load no GDAL

        kind, asked = kinds[task.asked["layer"]], task.asked
        with work.database.snapshot() as session:
            seen = reach_of(session, _who(session, task), kind.layer.right, work.now)
            told = giving.give_out(
                session,
                kind,
                SheetFiles(work.settings).made(task.task_id),
                form=asked["format"],
                datum=known_datum(asked["datum"]),
                encoding=asked["encoding"],
                seen=seen,
                day=local_day(work.now),
            )
        tell(told["rows"], told["rows"])
        return Came({**told, "file": True})

    return job


def _take(work: Work, task: SheetTask, kinds: Mapping[str, Kind], tell: Progress) -> Came:
    from server.communities.transfer import osm, taking  # web processes load no GDAL

    files, asked = SheetFiles(work.settings), task.asked
    how = taking.How(
        known_datum(asked["datum"]) if asked["datum"] != "file" else None,
        asked["mapping"],
        asked["table"],
        asked["dry_run"],
        asked["skip_refused"],
        files.made(task.task_id),
    )
    told: dict[str, Any] = {"file_name": task.file_name, "tell": tell}
    with work.database.transaction() as session:
        told["by"] = By(_who(session, task), work.now)
        if asked["layer"] == OSM:
            came = osm.take_osm(session, kinds, files.incoming(task.task_id), how, **told)
            parts = [one.as_json() for one in came]
            answer = Came({"parts": parts, **_sum(came), "dry_run": asked["dry_run"]})
            settle(session, task, answer, datetime.now(UTC))
            return answer
        one = taking.take_in(session, kinds[asked["layer"]], files.incoming(task.task_id), how, **told)
        write_report(files.report(task.task_id), one.faults)
        answer = Came({**one.as_json(), "changes": f"/api/v1/places/tasks/{task.task_id}/changes"})
        settle(session, task, answer, datetime.now(UTC))
        return answer


def _sum(came: list[Any]) -> dict[str, int]:
    names = ("created", "changed", "unchanged", "repeated")
    return {
        "rows": sum(one.rows for one in came),
        **{name: sum(one.count(name) for one in came) for name in names},
    }


def _who(session: Any, task: SheetTask) -> Actor:
    found = actor_by_id(session, task.created_by, None)
    if found is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return found
