"""Reports over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger.bulletins import schemas, service
from server.ledger.bulletins.jobs import EXPORT
from server.ledger.bulletins.parts import Part
from server.ledger.bulletins.periods import TITLES, period_of
from server.ledger.terms import local_day
from server.request import now, session
from server.sheets import service as sheets
from server.sheets.routes import hand_over
from server.sheets.schemas import TaskSchema


def blueprint(parts: Sequence[Part]) -> Any:
    """Return the routes, with what other rooms tell of a period."""
    routes = Blueprint(
        "reports", __name__, url_prefix="/api/v1/reports", description="Reports of a day, a week or a month"
    )

    @routes.route("")
    @routes.arguments(schemas.ReportQuery, location="query")
    @routes.response(200, schemas.LedgerReportSchema)
    def get_report(query: dict[str, Any]) -> dict[str, Any]:
        """Report on a day, a week or a month beside the one before; every number lists its cases."""
        asked = (query["kind"], query["day"] or local_day(now()), query["subdistrict"])
        return service.report(session(), *asked, actor=actor(), now=now(), parts=parts)

    @routes.route("/exports", methods=["POST"])
    @routes.arguments(schemas.ReportExportSchema)
    @routes.response(202, TaskSchema)
    def export_report(given: dict[str, Any]) -> dict[str, Any]:
        """Ask for a report as a Word or Excel file; poll `status`, then fetch `file`."""
        who = actor()
        told = service.report(
            session(), given["kind"], given["day"], given["subdistrict"], actor=who, now=now()
        )
        period = period_of(given["kind"], given["day"])
        name = f"{told['area']}整改{TITLES[given['kind']][0]}-{period.first}.{given['format']}"
        asked = {**given, "day": given["day"].isoformat()}
        task = sheets.ask(session(), EXPORT, asked, file_name=name, actor=who, now=now())
        answer = sheets.as_json(task)
        hand_over(task.task_id)
        return answer

    return routes
