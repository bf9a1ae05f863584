"""Taking in an existing ledger: what becomes of its rows, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.ledger import queries, service
from server.ledger.lists import Filter
from server.ledger.sheets import mappings
from server.ledger.sheets.errors import MappingFaulty, UnknownMapping
from server.ledger.sheets.export import Look, export
from server.ledger.sheets.mapping import LedgerMapping, mapping_of
from server.ledger.verify import verify
from server.sheets.errors import ColumnsMissing, TableFaulty, UnknownColumn
from tests.build import NOW
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform, cells_of
from tests.integration.sheets.tables import a_row, a_table, take

OPEN = {"案卷号": "2024-18", "销号日期": "", "状态": "未销号"}


def stored(cast: Cast) -> list[Any]:
    with cast.county.transaction() as session:
        found = session.execute(
            text(
                'SELECT c.*, i.old_number FROM server."case" c'
                " LEFT JOIN server.imported_case i USING (case_id)"
            )
        )
        return list(found.mappings())


def test_a_closed_case_is_taken_in_as_it_was_and_gets_no_number_of_ours(cast: Cast, tmp_path: Path) -> None:
    taken = take(cast, a_table(tmp_path, [a_row(cast)]))

    case = stored(cast)[0]
    assert (taken.rows, taken.open_cases, taken.closed_cases, taken.faults) == (1, 0, 1, [])
    assert (case["state"], case["origin"], case["number"], case["old_number"]) == (
        "closed",
        "imported",
        None,
        "2024-17",
    )
    assert case["reported_at"] == datetime(2024, 3, 4, 16, tzinfo=UTC)
    assert case["closed_at"] == datetime(2024, 3, 19, 16, tzinfo=UTC)


def test_an_open_case_is_filed_with_a_number_of_ours_and_the_ledger_proves_it(
    cast: Cast, tmp_path: Path
) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, **OPEN), a_row(cast)]))

    found = {case["old_number"]: case for case in stored(cast)}
    assert (found["2024-18"]["state"], found["2024-18"]["number"]) == ("filed", "370831-2026-000001")
    assert found["2024-18"]["due_at"] > cast.clock
    with cast.county.database.snapshot() as session:
        proof = verify(session)
    assert (proof.cases, proof.entries, proof.open_cases, proof.numbers) == (2, 3, 1, 1)


def test_a_deadline_that_was_told_stays(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, **OPEN, 整改时限="2024-03-10 17:30")]))

    case = stored(cast)[0]
    assert case["due_at"] == case["first_due_at"] == datetime(2024, 3, 10, 9, 30, tzinfo=UTC)
    assert case["filed_at"] == case["reported_at"]


def test_an_open_case_has_its_parties_and_tasks_by_the_duties(cast: Cast, tmp_path: Path) -> None:
    grave = {"问题类别": "占用、堵塞消防车通道", "等级": "A"}
    take(cast, a_table(tmp_path, [a_row(cast, **OPEN, **grave)]))
    case_id = stored(cast)[0]["case_id"]

    with cast.county.transaction() as session:
        case = service.show(session, case_id, actor=cast.headquarters, now=cast.clock)
        commands = [entry.command for entry in queries.history_of(session, case_id)]

    assert commands == ["case.import", "case.file", "case.copy"]
    assert case["parties"]["urging"] not in (None, case["unit"])
    tasks = {
        one["unit"]: (one["own_duty"], one["copied"], bool(one["due_at"])) for one in case["departments"]
    }
    assert tasks == dict.fromkeys(("emergency_bureau", "public_security_bureau"), (True, True, True))
    assert set(case["parties"]["investigating"]) == set(tasks)
    with cast.county.database.snapshot() as session:
        verify(session)


def test_an_open_case_of_the_old_ledger_goes_on_to_the_close_out(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, **OPEN)]))
    case_id = stored(cast)[0]["case_id"]

    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="尽快")
    answer = cast.order(cast.fixer, "case.accept", case_id)

    assert (answer["state"], answer["origin"]) == ("in_progress", "imported")


def test_tablets_hear_of_what_is_left_to_do_only(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, **OPEN), a_row(cast)]))

    with cast.county.transaction() as session:
        told = session.execute(text("SELECT body FROM sync.entity_state WHERE entity = 'case'")).scalars()
        bodies = list(told)
    assert [body["number"] for body in bodies] == ["370831-2026-000001"]


def test_what_names_people_stands_beside_the_hashed_entry(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast)]))

    with cast.county.transaction() as session:
        canonical, words = session.execute(
            text(
                "SELECT canonical, words FROM server.case_entry"
                " JOIN server.case_entry_private USING (case_id, seq)"
            )
        ).one()
    assert words["contact"] == "王五 13800000000"
    assert "王五" not in canonical
    assert "2024-17" in canonical


def test_what_was_taken_in_is_exported_again(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, 处理文号="泗城执〔2024〕5号", 备注="老台账")]))

    with cast.county.database.snapshot() as session:
        export(session, tmp_path / "a.xlsx", Filter(), Look(), actor=None, now=cast.clock)

    line = cells_of(tmp_path / "a.xlsx")[0]
    assert (line["案卷号"], line["处理文号"], line["备注"]) == ("2024-17", "泗城执〔2024〕5号", "老台账")
    assert (line["发现人"], line["责任人/电话"]) == ("李四", "王五 13800000000")


@pytest.mark.parametrize(
    ("cells", "column", "detail"),
    [
        ({"销号日期": "2024-03-01"}, "销号日期", "was closed before it was opened"),
        ({"销号日期": "2099-01-01"}, "销号日期", "lies in the future"),
        ({"状态": "已销号", "销号日期": ""}, "销号日期", "is closed without a date"),
        ({"状态": "未销号"}, "销号日期", "is open, yet has a closing date"),
        ({"整改时限": "2024-03-01"}, "整改时限", "is due before it was found"),
        ({"发现日期": ""}, "发现日期", "must not be empty"),
        ({"发现日期": "去年"}, "发现日期", "is not a date such as 2026-09-30 or 2026-09-30 14:05"),
        ({"措施序号": "9"}, "措施序号", "is not a measure of this category: 12"),
        ({"问题类别": "门禁破损"}, "", "the category serves measures 7, 16: name one"),
        ({"问题类别": "天太热"}, "问题类别", "is no category; map its words (values.category)"),
        ({"等级": "A"}, "等级", "parking_disorderly has no rule at severity A"),
        ({"小区": "没有的小区"}, "小区", "is no community here"),
        ({"小区": ""}, "小区", "names no community and lies in none"),
        ({"经度": "-71.06", "纬度": "42.36"}, "经度", "lies outside the county"),
    ],
)
def test_a_row_that_cannot_be_a_case_says_why(
    cast: Cast, tmp_path: Path, cells: dict[str, str], column: str, detail: str
) -> None:
    file = a_table(tmp_path, [a_row(cast, **cells), a_row(cast, 案卷号="good")])

    taken = take(cast, file, skip_refused=True)

    assert [(fault.row, fault.column, fault.detail) for fault in taken.faults] == [(2, column, detail)]
    assert [case["old_number"] for case in stored(cast)] == ["good"]


def test_a_row_names_which_measure_of_its_category_it_belongs_to(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, 问题类别="门禁破损", 措施序号="16")]))

    with cast.county.transaction() as session:
        assert session.scalars(text('SELECT measure FROM server."case"')).all() == [16]


def test_one_bad_row_stops_all_unless_told_otherwise(cast: Cast, tmp_path: Path) -> None:
    file = a_table(tmp_path, [a_row(cast), a_row(cast, 案卷号="2", 发现日期="?")])

    with pytest.raises(TableFaulty) as told:
        take(cast, file)

    assert told.value.errors[0]["pointer"] == "/rows/3/发现日期"
    assert stored(cast) == []


def test_a_dry_run_judges_every_row_and_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = a_table(tmp_path, [a_row(cast, 发现日期="?"), a_row(cast, 案卷号="2"), a_row(cast, **OPEN)])

    taken = take(cast, file, dry_run=True)

    assert (taken.rows, taken.open_cases, taken.closed_cases, taken.refused_rows) == (3, 1, 1, 1)
    assert stored(cast) == []


def test_a_number_is_taken_in_once_for_each_ledger(cast: Cast, tmp_path: Path) -> None:
    file = a_table(tmp_path, [a_row(cast), a_row(cast)])
    first = take(cast, file, skip_refused=True)

    again = take(cast, file, skip_refused=True)
    other = take(cast, file, LedgerMapping(name="另一街道"), skip_refused=True)

    assert [(taken.closed_cases, taken.refused_rows) for taken in (first, again, other)] == [
        (1, 1),
        (0, 2),
        (1, 1),
    ]


def test_foreign_columns_words_and_hours_are_mapped(cast: Cast, tmp_path: Path) -> None:
    row = a_row(cast)
    foreign = {
        "Opened": "2024-03-05T08:00:00",
        "Closed": "2024-03-06T08:00:00",
        "What": "Cars",
        "Where": row["小区"],
        "Area": row["社区"],
    }
    mapping = mapping_of(
        {
            "columns": {
                "Opened": "found_at",
                "Closed": "closed_at",
                "What": "category",
                "Where": "community",
                "Area": "neighbourhood",
            },
            "values": {"category": {"cars": "parking_disorderly"}},
            "defaults": {"source": "hotline", "severity": "C"},
            "time_zone": "America/New_York",
        }
    )

    take(cast, a_table(tmp_path, [foreign]), mapping)

    case = stored(cast)[0]
    assert (case["category"], case["source"]) == ("parking_disorderly", "hotline")
    assert case["reported_at"] == datetime(2024, 3, 5, 13, tzinfo=UTC)


def test_a_placeholder_is_no_place(cast: Cast, tmp_path: Path) -> None:
    lon, lat = cast.point
    row = a_row(cast, 经度=str(lon), 纬度=str(lat))

    take(cast, a_table(tmp_path, [row]), LedgerMapping(placeholders=((lon, lat),)))

    assert stored(cast)[0]["geom"] is None


def test_a_mapping_is_kept_under_a_name(cast: Cast) -> None:
    with cast.county.transaction() as session:
        mapping = LedgerMapping(columns={"a": "found_at"}, placeholders=((1.0, 2.0),))
        mappings.save(session, "旧", mapping, actor=None, now=NOW)

    with cast.county.transaction() as session:
        assert mappings.saved(session, "旧").columns == {"a": "found_at"}
        assert mappings.saved(session, "旧").placeholders == ((1.0, 2.0),)
        with pytest.raises(UnknownMapping):
            mappings.saved(session, "新")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"columns": {"a": "nonsense"}}, UnknownColumn),
        ({"colums": {}}, MappingFaulty),
        ({"time_zone": "Mars/Phobos"}, MappingFaulty),
        ({"values": {"category": 3}}, MappingFaulty),
        ({"placeholders": [1]}, MappingFaulty),
        ([], MappingFaulty),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(given: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        mapping_of(given)


def test_a_table_without_the_columns_that_must_be_there_is_refused(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing):
        take(cast, a_table(tmp_path, [{"小区": "a", "备注": "b"}]))


def test_a_table_is_sent_taken_in_by_a_worker_and_reported(
    cast: Cast, tmp_path: Path, perform: Perform
) -> None:
    file = a_table(tmp_path, [a_row(cast), a_row(cast, 案卷号="2", 发现日期="?")])
    admin, dispatcher = (cast.county.bearer(who) for who in (cast.headquarters, cast.dispatcher))
    with cast.county.client() as client:

        def send(who: dict[str, str], **fields: str) -> Any:
            with file.open("rb") as content:
                form = {"file": (content, "旧台账.csv"), **fields}
                return client.post("/api/v1/ledger/imports", data=form, headers=who)

        refused, sent, skipped = send(dispatcher), send(admin), send(admin, skip_refused="true")
        for asked in (sent, skipped):
            perform(asked.get_json()["task_id"])
        first, second = (
            client.get(a.get_json()["status"], headers=admin).get_json() for a in (sent, skipped)
        )
        report = client.get(first["report"], headers=admin)
        content = report.data.decode("utf-8-sig")
        report.close()

    assert (refused.status_code, sent.status_code) == (403, 202)
    assert (first["state"], first["answer"]["refused_rows"]) == ("refused", 1)
    assert (second["state"], second["answer"]["closed_cases"]) == ("done", 1)
    assert "3,发现日期,?" in content
