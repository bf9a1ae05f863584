from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.ledger.lists import Filter
from server.ledger.sheets.columns import KINDS, LEDGER
from server.ledger.sheets.errors import TooManyPictures
from server.ledger.sheets.export import Look, export
from server.photos.store import Folder
from tests.build import NOW, a_worker
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform, cells_of
from tests.pictures import jpeg


def written(cast: Cast, file: Path, look: Look | None = None, **filters: Any) -> list[dict[str, Any]]:
    with cast.county.database.snapshot() as session:
        export(session, file, Filter(**filters), look or Look(), actor=None, now=cast.clock)
    return cells_of(file)


def test_a_closed_case_fills_the_columns_that_officials_know(cast: Cast, tmp_path: Path) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)

    line = written(cast, tmp_path / "台账.xlsx")[0]

    assert line["序号"] == 1
    assert line["案卷号"] == "370831-2026-000001"
    assert line["街道"] == "泗河街道"
    assert line["问题类别"] == "车辆乱停乱放"
    assert line["发现人"] == cast.worker.display_name
    assert line["核查人"] == cast.checker.display_name
    assert (line["核查结论"], line["销号签字"]) == ("通过", cast.shift_leader.display_name)
    assert (line["整改前照片"], line["整改后照片"], line["核查照片"]) == ("1 张", "1 张", "1 张")
    assert line["信号灯"] == "绿"
    assert line["牵头单位"]
    assert str(line["发现日期"]).startswith("2026-11-20 09:3")


def test_the_ledger_has_its_49_columns_in_order_and_the_print_view_16() -> None:
    assert [column.zh for column in LEDGER][:3] == ["序号", "案卷号", "网格编码"]
    assert (len(LEDGER), LEDGER[-1].zh) == (49, "备注")
    assert len(KINDS["print"].columns) == 16


def test_a_filter_keeps_lines_out(cast: Cast, tmp_path: Path) -> None:
    cast.report()
    cast.to_claimed(category="private_wiring_charging", severity="A")

    lines = written(cast, tmp_path / "a.xlsx", state=("filed",))

    assert [line["问题类别"] for line in lines] == ["车辆乱停乱放"]


def test_a_line_leads_to_its_case_and_shows_its_photos(cast: Cast, tmp_path: Path) -> None:
    case_id = cast.to_claimed()
    store = Folder(cast.county.settings.photo_store)
    with cast.county.transaction() as session:
        for sha256 in session.scalars(text("SELECT sha256 FROM server.photo_claim")):
            store.keep_thumbnail(bytes(sha256), 240, jpeg(size=(240, 180)))

    written(cast, tmp_path / "a.xlsx", Look(address="https://wangge.example/", thumbnails=store))

    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/media/")]
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert len(names) >= 1
    assert f"https://wangge.example/cases/{case_id}" in sheet


def test_too_many_pictures_are_refused_and_leave_no_file(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.ledger.sheets.export.MOST_ROWS_WITH_PICTURES", 0)
    cast.report()

    with pytest.raises(TooManyPictures):
        written(cast, tmp_path / "a.xlsx", Look(thumbnails=Folder(tmp_path / "photos")))

    assert [file.name for file in tmp_path.iterdir() if file.name != "photos"] == []


def test_an_export_is_asked_for_made_by_a_worker_and_fetched_by_its_owner(
    cast: Cast, perform: Perform
) -> None:
    cast.report()
    ours, others = (cast.county.bearer(who) for who in (cast.dispatcher, cast.shift_leader))
    with cast.county.client() as client:
        body = {"kind": "问题清单", "filters": {"state": ["filed", "closed"]}}
        asked = client.post("/api/v1/ledger/exports", json=body, headers=ours)
        perform(asked.get_json()["task_id"])

        task = client.get(asked.get_json()["status"], headers=ours).get_json()
        file = client.get(task["file"], headers=ours)
        content = file.data
        file.close()
        foreign = client.get(asked.get_json()["status"], headers=others)

    assert (asked.status_code, asked.get_json()["state"], asked.get_json()["file"]) == (202, "waiting", None)
    assert (task["state"], task["answer"]["rows"], task["done_rows"]) == ("done", 1, 1)
    assert zipfile.is_zipfile(BytesIO(content))
    assert "filename*=UTF-8''%E9%97%AE" in file.headers["Content-Disposition"]
    assert foreign.status_code == 404


def test_an_export_holds_only_what_its_owner_may_see(cast: Cast, perform: Perform) -> None:
    cast.report()
    with cast.county.transaction() as session:
        stranger = a_worker(session, ["370831002008001"], now=NOW)
    theirs = cast.county.bearer(stranger)
    with cast.county.client() as client:
        asked = client.post("/api/v1/ledger/exports", json={}, headers=theirs)
        perform(asked.get_json()["task_id"])
        task = client.get(asked.get_json()["status"], headers=theirs).get_json()

    assert (task["state"], task["answer"]["rows"]) == ("done", 0)


@pytest.mark.parametrize(
    "body",
    [
        {"filters": {"stat": "filed"}},
        {"filters": {"state": "lost"}},
        {"kind": "novel"},
        {"rows": 1},
        {"filters": 3},
    ],
)
def test_a_wish_that_nobody_reads_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    with cast.county.client() as client:
        answer = client.post("/api/v1/ledger/exports", json=body, headers=cast.county.bearer(cast.dispatcher))

    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_web_processes_load_no_excel() -> None:
    code = "import server.app, sys; print([m for m in ('xlsxwriter', 'python_calamine') if m in sys.modules])"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
