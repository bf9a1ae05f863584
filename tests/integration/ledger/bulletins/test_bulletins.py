"""Reports of a day, a week or a month: every number is the length of its list, and stays what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.ledger.bulletins import service
from server.ledger.terms import local_day
from server.wiring import JOBS, REPORT_PARTS
from server.work import Work
from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast, a_digest

NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


@pytest.fixture
def cast(county: County) -> Cast:
    made = a_cast(county)
    made.clock = NOON
    return made


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def a_week_of_work(cast: Cast) -> None:
    """Close one case, send another back to work, leave others where they are, over three days."""
    first = cast.to_checking()
    cast.check(first)
    cast.order(cast.shift_leader, "case.close", first)
    cast.later(days=1)
    second = cast.to_checking(category="small_ad_not_cleared")
    cast.check(second, passed=False)
    cast.report()
    cast.later(days=1)
    cast.order(
        cast.worker,
        "case.reopen",
        first,
        reason="又停满了",
        location=cast.location(),
        photos=[a_digest()],
    )


def told(cast: Cast, kind: str, day: date, now: datetime, subdistrict: str | None = None) -> dict[str, Any]:
    with cast.county.transaction() as session:
        return service.report(
            session, kind, day, subdistrict, actor=cast.headquarters, now=now, parts=REPORT_PARTS
        )


def by_name(report: dict[str, Any]) -> dict[str, int]:
    return {one["name"]: one["cases"] for one in (*report["happened"], *report["stood"])}


def listed(client: FlaskClient, bearer: dict[str, str], path: str) -> int:
    page = client.get(f"{path}&limit=1000", headers=bearer)
    assert page.status_code == 200, page.text
    return len(page.get_json()["items"])


def test_every_number_of_a_report_is_the_length_of_the_list_behind_it(
    cast: Cast, client: FlaskClient
) -> None:
    a_week_of_work(cast)
    street = cast.cell[:9]
    bearer = cast.county.bearer(cast.headquarters)

    for kind, place in (("week", None), ("day", street)):
        report = told(cast, kind, local_day(cast.clock), datetime.now(UTC), place)
        lines = [*report["happened"], *report["stood"]]
        numbers = [*lines, *(line["before"] for line in lines)]
        rows = [*report["by_place"], *report["by_measure"]]
        numbers += [row[name] for row in rows for name in ("reported", "closed", "open", "red")]
        for number in {one["list"]: one for one in numbers}.values():
            assert listed(client, bearer, number["list"]) == number["cases"], number["list"]

        beside = [line for part in report["beside"] for line in part["lines"]]
        for figure in (*beside, *(line["before"] for line in beside)):
            if figure["list"]:
                assert listed(client, bearer, figure["list"]) == figure["number"], figure["list"]

    week = by_name(told(cast, "week", local_day(cast.clock), cast.clock))
    wanted = {"reported": 3, "closed": 1, "check_failed": 1, "reopened": 1, "open": 3}
    assert {name: week[name] for name in wanted} == wanted


def test_a_past_report_says_the_same_however_late_it_is_asked_for(cast: Cast) -> None:
    a_week_of_work(cast)
    day = local_day(NOON) + timedelta(days=1)
    first = told(cast, "day", day, cast.clock)

    later = cast.later(days=40)
    waiting, _ = cast.report(category="small_ad_not_cleared")
    cast.order(cast.dispatcher, "case.dispatch", waiting, unit=cast.fixer.unit_code, demand="清理")
    again = told(cast, "day", day, later)

    assert {**again, "made_at": ""} == {**first, "made_at": ""}


def test_what_cannot_be_reported_is_refused_by_its_member(cast: Cast, client: FlaskClient) -> None:
    bearer = cast.county.bearer(cast.headquarters)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for query, pointer in (
        ({"day": tomorrow}, "/query/day"),
        ({"subdistrict": "999999999"}, "/query/subdistrict"),
        ({"subdistrict": "37"}, "/query/subdistrict"),
        ({"kind": "year"}, "/query/kind"),
        ({"day": "gestern"}, "/query/day"),
    ):
        answer = client.get("/api/v1/reports", query_string=query, headers=bearer)
        assert answer.status_code == 422, query
        assert answer.get_json()["errors"][0]["pointer"] == pointer
    assert client.get("/api/v1/reports", headers=cast.county.bearer(cast.fixer)).status_code == 403


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_report_leaves_as_word_and_as_excel(cast: Cast, client: FlaskClient, kind: str) -> None:
    a_week_of_work(cast)
    bearer = cast.county.bearer(cast.headquarters)
    asked = {"kind": "week", "day": local_day(cast.clock).isoformat(), "format": kind}

    task = client.post("/api/v1/reports/exports", json=asked, headers=bearer)

    assert task.status_code == 202, task.text
    made = task.get_json()
    with cast.county.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM server.sheet_task")).scalar_one() == 1
    county = cast.county
    JOBS["sheet-task"](
        Work(county.database, county.settings, client.application.extensions["wangge.redis"], cast.clock),
        made["task_id"],
    )
    answer = client.get(f"/api/v1/sheets/{made['task_id']}/file", headers=bearer, buffered=True)
    assert answer.status_code == 200
    file = cast.county.settings.photo_store / f"report.{kind}"
    file.write_bytes(answer.data)
    with ZipFile(file) as parts:
        words = "".join(
            parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
        )
    assert "期末结存" in words
    assert "新增上报" in words
    assert "12345 工单" in words
