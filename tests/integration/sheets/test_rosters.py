"""Rosters in Excel: all of one is taken in or nothing, and twice is as good as once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from server.cli import main
from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.outcome import By
from server.communities.rosters.work import take_in, write_template
from server.sheets.errors import TableFaulty
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.writing import SheetWriter
from tests.build import CELL, OTHER_CELL, PASSWORD, a_person
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform

COMPANY = ("hongda_wuye", "泗水县宏达物业服务有限公司", None, "91350100M000100Y43", "0537-4221234", 3)
WORKER = ("wang.li", "王丽", f"{CELL}、{OTHER_CELL}", None, PASSWORD)


def a_roster(folder: Path, kind: str, *rows: tuple[object, ...]) -> Path:
    file = folder / f"{ROSTERS[kind].title}.xlsx"
    with SheetWriter(file, ROSTERS[kind].columns, Layout(ROSTERS[kind].title)) as sheet:
        for row in rows:
            sheet.add(row)
    return file


def take(cast: Cast, kind: str, file: Path, *, dry_run: bool = False) -> tuple[int, int, int]:
    with cast.county.transaction() as session:
        by = By(cast.headquarters, cast.later())
        told = take_in(session, kind, file, file_name=file.name, dry_run=dry_run, by=by)
    return told.outcome.created, told.outcome.changed, told.outcome.unchanged


def rows_of(cast: Cast, sql: str, **given: Any) -> list[Any]:
    with cast.county.transaction() as session:
        return [tuple(row) for row in session.execute(text(sql), given)]


def home_of(cast: Cast) -> tuple[str, str]:
    found = rows_of(
        cast,
        "SELECT c.name, n.name_zh FROM geo.community c"
        " JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code WHERE community_id = :id",
        id=cast.community_id,
    )
    name, place = found[0]
    return str(name), str(place)


def change_no(cast: Cast) -> int:
    return int(rows_of(cast, "SELECT coalesce(max(change_no), 0) FROM sync.change")[0][0])


def a_sample(cast: Cast, folder: Path, kind: str) -> Path:
    """Return a roster whose row makes or changes one record."""
    rows: dict[str, tuple[object, ...]] = {
        "companies": COMPANY,
        "workers": WORKER,
        "communities": (*home_of(cast), 4321, "老旧小区", 1998, None),
        "contracts": (*home_of(cast), "lq", "业主选聘", "2001-01-01", "2002-12-31"),
        "assignments": (cast.worker.username, OTHER_CELL, "2027-01-01", None),
    }
    if kind == "contracts":
        code = rows_of(cast, "SELECT unit_code FROM server.property_company ORDER BY 1 LIMIT 1")[0][0]
        rows[kind] = (*rows[kind][:2], code, *rows[kind][3:])
    return a_roster(folder, kind, rows[kind])


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_roster_taken_in_twice_changes_nothing_the_second_time(
    cast: Cast, tmp_path: Path, kind: str
) -> None:
    file = a_sample(cast, tmp_path, kind)

    first = take(cast, kind, file)
    told = change_no(cast)
    again = take(cast, kind, file)

    assert first == ((0, 1, 0) if kind == "communities" else (1, 0, 0))
    assert again == (0, 0, 1)
    assert change_no(cast) == told


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_dry_run_tells_what_would_be_and_leaves_no_trace(cast: Cast, tmp_path: Path, kind: str) -> None:
    file, told = a_sample(cast, tmp_path, kind), change_no(cast)
    lines = rows_of(cast, "SELECT count(*) FROM server.audit_line")

    outcome = take(cast, kind, file, dry_run=True)

    assert sum(outcome[:2]) == 1
    assert change_no(cast) == told
    assert rows_of(cast, "SELECT count(*) FROM server.audit_line") == lines


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_template_is_a_roster_without_rows(tmp_path: Path, kind: str) -> None:
    write_template(kind, tmp_path / "a.xlsx")

    table = read_table(tmp_path / "a.xlsx")

    assert [title.removesuffix("*") for title in table.titles] == [c.zh for c in ROSTERS[kind].columns]
    assert list(table.rows) == []


def test_a_worker_signs_in_and_walks_the_cells_listed(cast: Cast, tmp_path: Path) -> None:
    take(cast, "workers", a_roster(tmp_path, "workers", WORKER))
    take(cast, "workers", a_roster(tmp_path, "workers", ("wang.li", "王莉", CELL, None, None)))

    sql = (
        'SELECT u.display_name, a.grid_cell_code FROM server."user" u'
        " JOIN server.assignment a USING (user_id) WHERE username = 'wang.li' AND valid_to IS NULL"
    )
    assert rows_of(cast, sql) == [("王莉", CELL)]
    with cast.county.client() as client:
        answer = client.post("/api/v1/auth/login", json={"username": "wang.li", "password": PASSWORD})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "row", "title"),
    [
        ("companies", ("Hongda", "宏达", None, None, None, None), "单位代码"),
        ("companies", ("sihe_subdistrict", "宏达", None, None, None, None), "单位代码"),
        ("companies", ("hongda", "宏达", None, "91350100M000100Y44", None, None), "统一社会信用代码"),
        ("companies", ("hongda", "宏达", None, None, None, -1), "党员人数"),
        ("companies", ("hongda", None, None, None, None, None), "企业名称"),
        ("workers", ("wang.li", "王丽", "370831999999999", None, PASSWORD), "网格编码"),
        ("workers", ("wang.li", "王丽", CELL, "没有的单位", PASSWORD), "单位"),
        ("workers", ("wang.li", "王丽", CELL, None, None), "初始密码"),
        ("workers", ("wang.li", "王丽", CELL, None, "short"), ""),
        ("communities", ("没有的小区", None, 3, None, None, None), "小区"),
        ("communities", ("没有的小区", None, -3, None, None, None), "户数"),
        ("contracts", ("没有的小区", None, "谁", "业主选聘", "2025-01-01", None), "物业企业"),
        ("contracts", ("没有的小区", None, "谁", "其他", "2025-01-01", None), "合同类型"),
        ("assignments", ("nobody", CELL, "2026-01-01", None), "用户名"),
        ("assignments", ("nobody", "1", "2026-01-01", None), "网格编码"),
    ],
)
def test_a_faulty_cell_is_named_and_nothing_is_taken_in(
    cast: Cast, tmp_path: Path, kind: str, row: tuple[object, ...], title: str
) -> None:
    before = rows_of(cast, "SELECT count(*) FROM server.audit_line")

    with pytest.raises(TableFaulty) as told:
        take(cast, kind, a_roster(tmp_path, kind, row))

    assert title in {fault.column.removesuffix("*") for fault in told.value.faults}
    assert rows_of(cast, "SELECT count(*) FROM server.audit_line") == before


def test_a_row_that_stands_twice_is_a_fault(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(TableFaulty) as told:
        take(cast, "companies", a_roster(tmp_path, "companies", COMPANY, COMPANY))

    assert told.value.faults[0].detail == "stands in row 2 already"


def test_contracts_of_one_community_never_overlap(cast: Cast, tmp_path: Path) -> None:
    code = rows_of(cast, "SELECT unit_code FROM server.property_company ORDER BY 1 LIMIT 1")[0][0]
    old = (*home_of(cast), code, "业主选聘", "2001-01-01", "2002-12-31")
    clash = (*home_of(cast), code, "业主选聘", "2002-12-31", "2003-12-31")

    with pytest.raises(TableFaulty) as told:
        take(cast, "contracts", a_roster(tmp_path, "contracts", old, clash))

    assert [fault.row for fault in told.value.faults] == [3]


def test_a_roster_is_sent_and_its_file_forgotten(cast: Cast, tmp_path: Path, perform: Perform) -> None:
    file = a_roster(tmp_path, "workers", WORKER)
    with cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    ours, others = cast.county.bearer(admin), cast.county.bearer(cast.dispatcher)
    with cast.county.client() as client:

        def send(who: dict[str, str], kind: str = "workers") -> Any:
            with file.open("rb") as content:
                return client.post(f"/api/v1/rosters/{kind}", data={"file": (content, "a.xlsx")}, headers=who)

        refused, unknown, sent = send(others), send(ours, "novels"), send(ours)
        template = client.post("/api/v1/rosters/companies/template", headers=ours)
        for asked in (sent, template):
            perform(asked.get_json()["task_id"])
        done = client.get(sent.get_json()["status"], headers=ours).get_json()
        made = client.get(template.get_json()["status"], headers=ours).get_json()
        got = client.get(made["file"], headers=ours)
        size = len(got.data)
        got.close()

    assert (refused.status_code, unknown.status_code, sent.status_code) == (403, 404, 202)
    assert (done["state"], done["answer"]["created"]) == ("done", 1)
    assert size > 1000
    assert list((cast.county.settings.photo_store / "sheets").glob("*.in")) == []


def test_the_command_line_takes_rosters_too(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", cast.county.database_url)
    monkeypatch.setenv("SECRET_KEY", cast.county.settings.secret_key)
    good = str(a_roster(tmp_path, "companies", COMPANY))
    bad = str(a_roster(tmp_path, "workers", ("wang.li", "王丽", "1", None, PASSWORD)))
    report = tmp_path / "faults.csv"

    told = CliRunner().invoke(main, ["roster", "import", "companies", good, "--dry-run"])
    faulty = CliRunner().invoke(main, ["roster", "import", "workers", bad, "--report", str(report)])

    assert told.output.strip() == "1 rows: 1 would be created, 0 changed, 0 stood already, 0 refused."
    assert faulty.exit_code == 1
    assert "2,网格编码" in report.read_text(encoding="utf-8-sig")
