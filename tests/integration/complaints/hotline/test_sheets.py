"""Work orders in Excel: looked into, tried, taken in whole or not at all, and written back with replies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from click.testing import CliRunner
from redis import Redis
from sqlalchemy import text

from server.cli import main
from server.ledger.lists import Filter
from server.ledger.sheets.export import Look, export
from server.sheets.files import SheetFiles
from server.sheets.reading import read_table
from server.wiring import JOBS, PERIODIC
from server.work import Work
from tests.integration.complaints.hotline.calling import HotlineDesk, a_block, a_sheet, case_of

ROW: dict[str, object] = {
    "order_no": "SD1",
    "called_at": "2026-11-18 09:00",
    "caller": "赵晓梅",
    "phone": "13854712345",
    "content": "楼道堆杂物",
    "due": "5个工作日",
}
ANSWERED: dict[str, object] = {
    **ROW,
    "order_no": "SD2",
    "reply": "已清理",
    "replied_at": "2026-11-19 10:00",
    "contacted_on": "2026-11-19",
    "satisfied": "满意",
    "solved": "是",
}
RETURNED: dict[str, object] = {**ROW, "order_no": "SD3", "return_reason": "不属本辖区"}


def worked(desk: HotlineDesk, answer: Any) -> dict[str, Any]:
    """Do the task that was asked for, and return it."""
    assert answer.status_code == 202, answer.json
    county = desk.cast.county
    with Redis.from_url(county.settings.redis_url) as redis:
        JOBS["sheet-task"](
            Work(county.database, county.settings, redis, datetime.now(UTC)), answer.json["task_id"]
        )
    headers = county.bearer(desk.cast.dispatcher)
    found = desk.client.get(answer.json["status"], headers=headers).json
    assert isinstance(found, dict)
    return found


def looked_into(desk: HotlineDesk, file: Path) -> dict[str, Any]:
    with file.open("rb") as sheet:
        return worked(desk, desk.ask("POST", "/tables", data={"file": (sheet, "12345.xlsx")}))


def imported(desk: HotlineDesk, table: dict[str, Any], **form: Any) -> dict[str, Any]:
    return worked(desk, desk.ask("POST", "/imports", data={"table": table["task_id"], **form}))


def test_a_sheet_is_looked_into_tried_and_taken_in_with_what_had_happened(
    desk: HotlineDesk, tmp_path: Path
) -> None:
    table = looked_into(desk, a_sheet(tmp_path, ROW, ANSWERED, RETURNED, titles={"content": "反映内容"}))

    tried = imported(desk, table, dry_run="true")
    nothing = desk.ask("GET", "/orders").json["items"]
    taken, again = imported(desk, table), imported(desk, table)

    assert table["answer"]["fields"]["反映内容"] == "content"
    assert (tried["answer"]["created"], nothing) == (3, [])
    assert (taken["answer"]["created"], again["answer"]["unchanged"]) == (3, 3)
    states = {one["order_no"]: one["state"] for one in desk.ask("GET", "/orders").json["items"]}
    assert states == {"SD1": "received", "SD2": "closed", "SD3": "returned"}
    closed = desk.order("SD2")
    assert (closed["satisfied"], closed["solved"], closed["signal"]) == ("satisfied", "solved", "green")
    assert [one["imported"] for one in closed["history"]] == [False, True, True, True]


def test_one_faulty_row_stops_all_and_the_report_names_it(desk: HotlineDesk, tmp_path: Path) -> None:
    table = looked_into(
        desk, a_sheet(tmp_path, ROW, {**ANSWERED, "satisfied": "很好"}, {**ROW, "content": "别的"})
    )

    refused = imported(desk, table)

    assert (refused["state"], refused["answer"]["refused_rows"]) == ("refused", 2)
    assert [(one["row"], one["column"]) for one in refused["answer"]["errors"]] == [
        (3, "是否满意"),
        (4, "工单编号"),
    ]
    assert desk.ask("GET", "/orders").json["items"] == []


def test_a_mapping_corrects_the_guess_and_a_wrong_one_is_refused(desk: HotlineDesk, tmp_path: Path) -> None:
    table = looked_into(desk, a_sheet(tmp_path, ROW, titles={"content": "甲", "address": "乙"}))

    lacking = imported(desk, table)
    unknown = imported(desk, table, columns_json=orjson.dumps({"丙": "content"}).decode())
    columns = {"工单编号": "order_no", "来电时间": "called_at", "甲": "content"}
    taken = imported(desk, table, columns_json=orjson.dumps(columns).decode())
    no_json = desk.ask("POST", "/imports", data={"table": table["task_id"], "columns_json": "["})

    assert lacking["answer"]["type"] == "/problems/columns-missing"
    assert unknown["answer"]["type"] == "/problems/unknown-column"
    assert taken["answer"]["created"] == 1
    assert desk.order("SD1")["caller"] is None
    assert no_json.status_code == 422


def test_orders_go_back_in_the_platforms_columns_with_their_replies(
    desk: HotlineDesk, tmp_path: Path
) -> None:
    order = desk.done(desk.taken("SD9"), "reply", reply="=已清走")
    assert order["state"] == "replied"
    desk.taken("SD8")

    made = worked(desk, desk.ask("POST", "/exports", json={"state": ["replied"]}))

    file = SheetFiles(desk.cast.county.settings).made(UUID(made["task_id"]))
    [row] = list(read_table(file).rows)
    assert (row.cells["工单编号*"], row.cells["来电人"], row.cells["办理结果"]) == (
        "SD9",
        "赵晓梅",
        "=已清走",
    )
    assert desk.ask("POST", "/exports", desk.cast.fixer, json={}).status_code == 403


def test_the_ledger_in_excel_names_the_orders_of_a_case_and_nobody_who_called(
    desk: HotlineDesk, tmp_path: Path
) -> None:
    first = desk.open_case(desk.taken("SD1")).json
    desk.done(desk.taken("SD2"), "link", case_id=str(case_of(first)))
    county = desk.cast.county

    with county.database.snapshot() as session:
        now, look = datetime.now(UTC), Look("ledger", "", None)
        file = tmp_path / "ledger.xlsx"
        export(session, file, Filter(), look, actor=None, now=now, tell=lambda rows: None)

    [row] = list(read_table(file).rows)
    assert row.cells["12345工单号"] == "SD1、SD2"
    assert not [cell for cell in row.cells.values() if "赵晓梅" in str(cell) or "13854712345" in str(cell)]


def test_the_desk_is_reminded_once_of_each_signal(desk: HotlineDesk) -> None:
    desk.taken(办理时限="2026-11-20 18:00")
    county = desk.cast.county

    with Redis.from_url(county.settings.redis_url) as redis:
        for _ in range(2):
            PERIODIC["remind-hotline"][0](Work(county.database, county.settings, redis, datetime.now(UTC)))

    with county.transaction() as session:
        told = session.execute(text("SELECT kind, unit_code, title_zh FROM server.notification")).all()
    assert [(one.kind, one.unit_code) for one in told] == [("hotline_red", desk.cast.dispatcher.unit_code)]
    assert "SD2026110001" in told[0].title_zh
    assert "赵" not in told[0].title_zh


def test_the_command_line_takes_in_a_sheet_and_a_text_and_writes_them_back(
    desk: HotlineDesk, tmp_path: Path, monkeypatch: Any
) -> None:
    settings = desk.cast.county.settings
    for name in ("database_url", "redis_url", "secret_key", "photo_store"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    run = CliRunner()
    file = a_sheet(tmp_path, ROW, titles={"content": "甲"})
    (tmp_path / "orders.txt").write_text(a_block("T1"), encoding="utf-8")

    tried = run.invoke(main, ["hotline", "import", str(file), "--map", "甲=content", "--dry-run"])
    taken = run.invoke(main, ["hotline", "import", str(file), "--map", "甲=content"])
    pasted = run.invoke(main, ["hotline", "paste", str(tmp_path / "orders.txt")])
    back = run.invoke(main, ["hotline", "export", str(tmp_path / "back.xlsx")])

    assert "1 would be new" in tried.output, tried.output
    assert "1 were new" in taken.output, taken.output
    assert "1 were new" in pasted.output, pasted.output
    assert "2 orders" in back.output, back.output
    assert {row.cells["工单编号*"] for row in read_table(tmp_path / "back.xlsx").rows} == {"SD1", "T1"}
