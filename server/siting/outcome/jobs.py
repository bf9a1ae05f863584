"""What workers make of plans: map layers, workbooks, sheets for sites, notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.disk import replaced_whole
from server.problems import NotYours
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.siting.outcome import service
from server.work import Work

EXPORT, COMPARISON = "siting-plan-export", "siting-comparison"
FILES: Mapping[str, tuple[str, str]] = {
    "gpkg": ("选址方案", ".gpkg"),
    "geojson": ("选址方案", ".geojson"),
    "xlsx": ("选址方案", ".xlsx"),
    "sheets": ("点位单", ".docx"),
    "notice": ("公示", ".docx"),
}


def make_export(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write a plan in the form that somebody asked for, within that person's reach."""
    from server.siting.outcome.files import write_plan  # web processes load none of it

    asked, file = task.asked, SheetFiles(work.settings).made(task.task_id)
    with work.database.snapshot() as session:
        actor = _who(session, task)
        report = service.report(session, UUID(asked["plan_id"]), actor=actor)
        whole = len(report["sites"])
        with replaced_whole(file) as part:
            write_plan(session, part, report, asked["format"], lambda done: tell(done, whole))
    tell(whole, whole)
    return Came({"rows": whole, "file": True})


def make_comparison(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Write the comparison sheet that somebody asked for."""
    from server.siting.outcome.files import write_comparison  # web processes load none of it

    ids = [UUID(one) for one in task.asked["plans"]]
    with work.database.snapshot() as session:
        told = service.side_by_side(session, ids, actor=_who(session, task))
    with replaced_whole(SheetFiles(work.settings).made(task.task_id)) as part:
        write_comparison(part, told, task.asked["format"])
    tell(len(told["figures"]), len(told["figures"]))
    return Came({"rows": len(told["figures"]), "file": True})


def _who(session: Any, task: SheetTask) -> Actor:
    found = actor_by_id(session, task.created_by, None)
    if found is None:
        raise NotYours("You can no longer sign in.", "您的账号已停用。")
    return found


# What the workers do here, by the kind of task.
SHEETS = {EXPORT: make_export, COMPARISON: make_comparison}
