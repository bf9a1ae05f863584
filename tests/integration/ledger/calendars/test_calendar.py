"""The work calendar by file: what it changes, which deadlines move with it, and what stays on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from checklists.deadlines import SHANGHAI
from server.cli import main
from server.ledger import past, rulebook, service
from server.ledger.calendars import queries as rows
from server.ledger.calendars import service as calendars
from server.ledger.calendars.moving import deadline_by
from server.ledger.calendars.schemas import CalendarFileSchema
from server.ledger.case_files import case_file
from server.ledger.lists import Filter
from server.ledger.rulebook import clock_of, rulebook_of
from server.ledger.terms import local_day
from server.ledger.verify import verify
from tests.build import County
from tests.integration.ledger.acting import Cast, column
from tests.integration.ledger.test_turns import asked, in_progress
from tests.integration.ledger.walking import Walk

# The cast works from Friday 2026-11-20 on; its cases are due on Monday, at the end of work.
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 21)


def a_file(*days: tuple[date, str], **more: Any) -> dict[str, Any]:
    """Return a file for a week in November in which these days differ."""
    listed = [{"day": day.isoformat(), "kind": kind, "name": "调休"} for day, kind in days]
    week = {"source": "国办发明电〔2026〕9号", "valid_from": "2026-11-16", "valid_to": "2026-12-01"}
    return {**week, "days": listed, **more}


def loaded(cast: Cast, *days: tuple[date, str], **more: Any) -> dict[str, Any]:
    given = CalendarFileSchema().load(a_file(*days, **more))
    with cast.county.transaction() as session:
        return calendars.load(session, given, actor=cast.headquarters, now=cast.later())


def end_of_work(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, 30, tzinfo=SHANGHAI)


def history(cast: Cast, case_id: UUID) -> list[dict[str, Any]]:
    with cast.county.transaction() as session:
        return service.history_of(session, case_id, actor=cast.headquarters, now=cast.clock)


def test_a_new_holiday_moves_the_open_deadlines_that_it_touches_and_says_which(cast: Cast) -> None:
    case_id, _ = cast.report()
    urgent, _ = cast.report("fire_lane_blocked", "A")
    assert column(cast.county, case_id, "due_at") == end_of_work(MONDAY)

    done = loaded(cast, (MONDAY, "holiday"))

    tuesday = end_of_work(MONDAY + timedelta(days=1))
    assert [(one["case_id"], one["was"], one["due_at"]) for one in done["moved"]] == [
        (case_id, end_of_work(MONDAY), tuesday)
    ]
    assert column(cast.county, case_id, "due_at") == tuesday
    assert column(cast.county, case_id, "first_due_at") == end_of_work(MONDAY)
    assert history(cast, urgent)[-1]["command"] != "case.move_deadline"
    with cast.county.database.snapshot() as session:
        verify(session)


def test_the_history_keeps_the_deadline_that_stood_before(cast: Cast) -> None:
    case_id, _ = cast.report()
    yesterday = local_day(cast.clock)
    cast.clock += timedelta(days=1)
    version = column(cast.county, case_id, "version")
    loaded(cast, (MONDAY, "holiday"))

    last = history(cast, case_id)[-1]
    with cast.county.transaction() as session:
        file = case_file(session, case_id)
        shown = past.cases(session, yesterday, Filter(), None, 9, actor=cast.headquarters, now=cast.clock)

    assert (last["command"], last["actor"], last["data"]["why"]) == ("case.move_deadline", None, "calendar")
    assert file is not None
    moved_to = end_of_work(MONDAY + timedelta(days=1))
    assert [one.due_at for one in file.dues] == [end_of_work(MONDAY), moved_to]
    assert datetime.fromisoformat(shown[0]["due_at"]) == end_of_work(MONDAY)
    assert column(cast.county, case_id, "version") == version


def test_a_make_up_day_brings_a_deadline_forward(cast: Cast) -> None:
    case_id, _ = cast.report()

    loaded(cast, (SATURDAY, "work"))

    assert column(cast.county, case_id, "due_at") == end_of_work(SATURDAY)


def test_a_dry_run_tells_and_changes_nothing(cast: Cast) -> None:
    case_id, _ = cast.report()

    told = loaded(cast, (MONDAY, "holiday"), dry_run=True)
    with cast.county.transaction() as session:
        held = calendars.shown(session, 2026)

    assert [one["case_id"] for one in told["moved"]] == [case_id]
    assert column(cast.county, case_id, "due_at") == end_of_work(MONDAY)
    assert held["changes"] == []
    assert MONDAY not in {one["day"] for one in held["days"]}


def test_the_same_file_again_changes_nothing_and_an_empty_one_takes_it_back(cast: Cast) -> None:
    case_id, _ = cast.report()
    loaded(cast, (MONDAY, "holiday"))

    again = loaded(cast, (MONDAY, "holiday"))
    back = loaded(cast)
    with cast.county.transaction() as session:
        told = calendars.shown(session, 2026)["changes"]

    assert (again["changes"], again["moved"]) == ([], [])
    assert [one["due_at"] for one in back["moved"]] == [end_of_work(MONDAY)]
    assert column(cast.county, case_id, "due_at") == end_of_work(MONDAY)
    assert [(one["was"] is None, one["becomes"] is None) for one in told] == [(False, True), (True, False)]


def test_a_deadline_that_a_person_set_stays(cast: Cast) -> None:
    by_hand, _ = cast.report()
    due = end_of_work(MONDAY + timedelta(days=2)).isoformat()
    unit = cast.fixer.unit_code
    cast.order(cast.dispatcher, "case.dispatch", by_hand, unit=unit, demand="清走", due_at=due)
    extended = in_progress(cast)
    request = asked(cast, cast.fixer, "case.request_extension", extended, until=due, reason="材料未到")
    cast.order(cast.dispatcher, "case.decide", extended, request_id=request, granted=True)

    done = loaded(cast, (MONDAY, "holiday"))

    assert done["moved"] == []
    assert {column(cast.county, one, "due_at").isoformat() for one in (by_hand, extended)} == {
        column(cast.county, by_hand, "due_at").isoformat()
    }


def test_every_deadline_of_a_random_ledger_follows_from_its_history(cast: Cast) -> None:
    walk = Walk(cast, Random(5))
    walk.begin()
    for _ in range(10):
        walk.day(4)
    friday = local_day(cast.clock) + timedelta(days=1)
    days = [(friday + timedelta(days=n), "holiday") for n in range(3)]
    span = {"valid_from": friday.isoformat(), "valid_to": (friday + timedelta(days=9)).isoformat()}

    with cast.county.transaction() as session:
        clock = clock_of(session, cast.clock)
        told = rows.steps(session, walk.cases)
        stored = {one: column(cast.county, one, "due_at") for one in walk.cases}
    for case_id, due in stored.items():
        found = deadline_by(clock, told.get(case_id, []))
        assert (found.due_at if found else None) == due

    done = loaded(cast, *days, **span)
    back = loaded(cast, **span)

    assert {one["case_id"] for one in done["moved"]} == {one["case_id"] for one in back["moved"]}
    assert {one: column(cast.county, one, "due_at") for one in walk.cases} == stored
    with cast.county.database.snapshot() as session:
        verify(session)


def test_what_was_filed_by_the_old_calendar_just_after_the_change_is_caught_up_with(cast: Cast) -> None:
    cast.report()
    with cast.county.transaction() as session:
        old = rulebook_of(session, cast.clock)
    loaded(cast, (MONDAY, "holiday"))
    with cast.county.transaction() as session:
        kept = replace(rulebook_of(session, cast.clock), clock=old.clock, read_at=cast.clock)
    rulebook._KEPT[cast.county.database.engine] = kept
    late, _ = cast.report()
    assert column(cast.county, late, "due_at") == end_of_work(MONDAY)

    with cast.county.transaction() as session:
        moved = [calendars.catch_up(session, cast.later()) for _ in range(2)]

    assert moved == [1, 0]
    assert column(cast.county, late, "due_at") == end_of_work(MONDAY + timedelta(days=1))


def test_tablets_are_told_of_the_year(cast: Cast) -> None:
    loaded(cast, (MONDAY, "holiday"))

    with cast.county.transaction() as session:
        body = session.execute(
            text("SELECT body FROM sync.entity_state WHERE entity = 'calendar' AND entity_id = '2026'")
        ).scalar_one()
    assert MONDAY.isoformat() in body["holidays"]


@pytest.mark.parametrize(
    ("spoil", "pointer"),
    [
        (lambda file: file["days"][0].update(kind="feast"), "/days/0/kind"),
        (lambda file: file["days"][0].update(day="2026-02-30"), "/days/0/day"),
        (lambda file: file["days"][0].update(day="2027-01-01"), "/days/0/day"),
        (lambda file: file["days"].append(dict(file["days"][0])), "/days/1/day"),
        (lambda file: file["days"][0].update(name="x\0"), "/days/0/name"),
        (lambda file: file["days"][0].update(more=1), "/days/0/more"),
        (lambda file: file.update(source=""), "/source"),
        (lambda file: file.update(valid_to="2026-11-16"), "/valid_to"),
        (lambda file: file.update(days="all"), "/days"),
    ],
)
def test_a_faulty_file_is_refused_row_by_row(
    cast: Cast, spoil: Callable[[dict[str, Any]], None], pointer: str
) -> None:
    file = a_file((MONDAY, "holiday"))
    spoil(file)

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        refused = client.post("/api/v1/calendar", json=file, headers=headers)
        shown = client.get("/api/v1/calendar?year=2026", headers=headers).get_json()

    assert refused.status_code == 422
    assert pointer in {one["pointer"] for one in refused.get_json()["errors"]}
    assert shown["changes"] == []


def test_headquarters_load_it_over_http_and_others_may_not(cast: Cast) -> None:
    case_id, _ = cast.report()
    file = a_file((MONDAY, "holiday"))

    with cast.county.client() as client:
        told = client.post("/api/v1/calendar", json=file, headers=cast.county.bearer(cast.headquarters))
        refused = client.post("/api/v1/calendar", json=file, headers=cast.county.bearer(cast.shift_leader))
        shown = client.get("/api/v1/calendar?year=2026", headers=cast.county.bearer(cast.worker))

    assert told.status_code == 200
    assert [one["case_id"] for one in told.get_json()["moved"]] == [str(case_id)]
    assert refused.status_code == 403
    assert shown.get_json()["known"] is True
    assert shown.get_json()["changes"][0]["day"] == MONDAY.isoformat()


def test_what_a_day_was_is_never_rewritten(cast: Cast) -> None:
    loaded(cast, (MONDAY, "holiday"))

    for statement in ("UPDATE server.calendar_change SET was = NULL", "DELETE FROM server.calendar_change"):
        with pytest.raises(IntegrityError, match="append-only"), cast.county.owner() as session:
            session.execute(text(statement))


@pytest.fixture
def run(county: County, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a way to give commands to the product upon this county."""
    monkeypatch.setenv("DATABASE_URL", county.database_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", county.owner_url)
    monkeypatch.setenv("REDIS_URL", county.settings.redis_url)
    monkeypatch.setenv("SECRET_KEY", county.settings.secret_key)
    monkeypatch.setenv("PHOTO_STORE", str(county.settings.photo_store))
    return lambda *words: CliRunner().invoke(main, list(words))


def test_a_csv_of_a_whole_year_is_shown_and_loaded_from_the_command_line(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    table = tmp_path / "2027.csv"
    table.write_text(
        "\ufeffday,kind,name\n2027-01-01,holiday,元旦\n2027-02-07,work,春节调休\n", encoding="utf-8"
    )

    before = run("calendar", "show", "2027")
    dry = run("calendar", "load", str(table), "--source", "国办通知", "--dry-run")
    done = run("calendar", "load", str(table), "--source", "国办通知")
    after = run("calendar", "show", "2027")

    assert "not known" in before.output
    assert "2 days would change, 0 open deadlines" in dry.output
    assert (done.exit_code, "2 days changed" in done.output) == (0, True)
    assert "2027-02-07 work    春节调休  国办通知" in after.output
    assert "an ordinary day → holiday 元旦" in after.output


def test_a_faulty_file_is_told_by_row_on_the_command_line(run: Callable[..., Any], tmp_path: Path) -> None:
    table, document = tmp_path / "faulty.csv", tmp_path / "faulty.json"
    table.write_text("day,kind,name\n2027-01-01,holiday,元旦\n2027-13-01,work,春节,调休\n", encoding="utf-8")
    document.write_bytes(orjson.dumps(a_file((MONDAY, "feast"))))
    (tmp_path / "none.csv").write_text("when,what\n", encoding="utf-8")

    rows_told = run("calendar", "load", str(table), "--source", "x")
    json_told = run("calendar", "load", str(document))
    none = run("calendar", "load", str(tmp_path / "none.csv"))

    assert [rows_told.exit_code, json_told.exit_code, none.exit_code] == [1, 1, 1]
    assert "faulty.csv#/days/1/day" in rows_told.output
    assert "faulty.json#/days/0/kind" in json_told.output
    assert "Name the columns" in none.output
