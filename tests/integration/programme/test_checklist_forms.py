"""Checklists as XLSForm: read by the workers, taken in like those in JSON, and written for Excel."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from click.testing import CliRunner
from flask.testing import FlaskClient
from redis import Redis

from checklists.catalog import catalog
from checklists.xlsform.writing import form_of
from server.cli import main
from server.communities.service import local_day
from server.sheets.errors import UnreadableTable
from server.sheets.files import SheetFiles
from server.sheets.reading import read_book
from server.sheets.writing import write_book
from server.wiring import JOBS
from server.work import Work
from tests.build import County, a_person

LATER = (local_day(datetime.now(UTC)) + timedelta(days=3)).isoformat()


class Keeper:
    """Somebody of the headquarters who sends forms and waits for what workers make of them."""

    def __init__(
        self, county: County, client: FlaskClient, role: str = "headquarters", unit: str | None = None
    ) -> None:
        self.county, self.client = county, client
        with county.transaction() as session:
            self.headers = county.bearer(a_person(session, role, unit))

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self.client.open(path, method=method, json=body, headers=self.headers)
        return answer.status_code, answer.get_json()

    def send(self, file: Path) -> tuple[int, Any]:
        with file.open("rb") as sent:
            form = {"file": (sent, file.name)}
            answer = self.client.post("/api/v1/checklist-forms", data=form, headers=self.headers)
        return answer.status_code, answer.get_json()

    def done(self, task: dict[str, Any]) -> dict[str, Any]:
        with Redis.from_url(self.county.settings.redis_url) as redis:
            work = Work(self.county.database, self.county.settings, redis, datetime.now(UTC))
            JOBS["sheet-task"](work, task["task_id"])
        found: dict[str, Any] = self("GET", task["status"])[1]
        return found


def own_form(folder: Path, **changed: str) -> Path:
    """Return T2 as a department keeps it: one question changed, the numbers left to the server."""
    document = deepcopy(dict(catalog().get("T2").document))
    document["items"][1].update({"label_zh": "门厅、楼梯间、走道是否有充电", **changed})
    sheets = form_of(document)
    at = sheets["survey"][0].index("number")
    file = folder / "T2.xlsx"
    plain = [
        [*row[:at], "" if number else row[at], *row[at + 1 :]] for number, row in enumerate(sheets["survey"])
    ]
    write_book(file, {**sheets, "survey": plain})
    return file


def test_a_form_is_read_looked_at_and_planned_like_a_checklist_in_json(
    county: County, tmp_path: Path
) -> None:
    with county.client() as client:
        keeper = Keeper(county, client)
        status, task = keeper.send(own_form(tmp_path))
        read = keeper.done(task)

        assert (status, read["state"]) == (202, "done")
        answer = read["answer"]
        pointers = {one["pointer"] for one in answer["differences"]}
        assert pointers == {"/charging_in_hall_or_stairs/label_zh"}
        document = answer["document"]
        taken = keeper("POST", "/api/v1/checklists", {"document": document, "starts_on": LATER})[1]
        assert (taken["outcome"], taken["version"]) == ("planned", answer["version"])


def test_what_must_be_mended_is_told_by_cell_and_in_a_report(county: County, tmp_path: Path) -> None:
    with county.client() as client:
        keeper = Keeper(county, client)
        read = keeper.done(keeper.send(own_form(tmp_path, code="二"))[1])
        broken = tmp_path / "no.xlsx"
        broken.write_bytes(b"PK\x03\x04 and no more")
        unread = keeper.done(keeper.send(broken)[1])
        with client.get(read["report"], headers=keeper.headers) as answer:
            report = answer.get_data(as_text=True)

    assert (read["state"], read["answer"]["document"]) == ("refused", None)
    [trouble] = [one for one in read["answer"]["troubles"] if one["stops"]]
    told = (trouble["sheet"], trouble["row"], trouble["column"])
    assert told == ("survey", 7, "name")
    assert "survey: name" in report
    assert (unread["state"], unread["answer"]["type"]) == ("refused", "/problems/unreadable-table")


def test_a_checklist_is_written_for_excel_and_read_back_as_the_same_version(county: County) -> None:
    with county.client() as client:
        keeper = Keeper(county, client)
        task = keeper("POST", "/api/v1/checklists/T2/form")[1]
        made = keeper.done(task)
        assert keeper("POST", "/api/v1/checklists/T99/form")[0] == 404
        with client.get(made["file"], headers=keeper.headers) as file:
            assert file.status_code == 200
        again = keeper.done(keeper.send(SheetFiles(county.settings).made(UUID(made["task_id"])))[1])

    assert again["answer"]["version"] == catalog().get("T2").version
    assert (again["answer"]["differences"], again["answer"]["troubles"]) == ([], [])


def test_who_keeps_no_checklists_sends_no_form(county: County, tmp_path: Path) -> None:
    with county.client() as client:
        assert Keeper(county, client, "planner", "construction_hq").send(own_form(tmp_path))[0] == 403
        keeper = Keeper(county, client)
        assert keeper("POST", "/api/v1/checklist-forms")[0] == 422


def test_the_command_line_tries_takes_in_and_writes_a_form(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DATABASE_URL", county.database_url), ("SECRET_KEY", county.settings.secret_key)):
        monkeypatch.setenv(name, value)
    out = tmp_path / "out.xlsx"

    def run(*words: object) -> Any:
        return CliRunner().invoke(main, ["checklist", *(str(word) for word in words)])

    tried = run("import", own_form(tmp_path), "--dry-run")
    faulty = run("import", own_form(tmp_path, code="二"))
    taken = run("import", own_form(tmp_path))
    exported = run("export", "T2", out)

    assert "would be sha256:" in tried.output
    assert (faulty.exit_code, "survey row 7, name" in faulty.output) == (1, True)
    assert "T2 is now sha256:" in taken.output
    assert exported.exit_code == 0
    assert "门厅、楼梯间、走道是否有充电" in str(read_book(out, "out.xlsx", ("survey",)))


def test_a_workbook_with_cells_at_its_far_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_string(0, 0, "type")
        sheet.write_string(1_048_575, 16_383, "far")

    with pytest.raises(UnreadableTable):
        read_book(file, file.name, ("survey",))
