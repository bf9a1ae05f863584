"""One sheet for each community: on a page, and as a Word paper with its plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

import pytest

from server.wiring import JOBS
from server.work import Work
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def test_the_sheet_counts_what_its_lists_hold_and_leaves_as_word(cast: Cast) -> None:
    county, bearer = cast.county, cast.county.bearer(cast.dispatcher)
    cast.report()
    closed = cast.to_checking()
    cast.check(closed)
    cast.order(cast.shift_leader, "case.close", closed)
    path = f"/api/v1/communities/{cast.community_id}/sheet"
    with county.client() as client:
        told: Any = client.get(path, headers=bearer).get_json()
        [measure] = told["measures"]
        for name, wanted in (("open", 1), ("closed", 1)):
            assert measure[name]["cases"] == wanted
            assert len(client.get(measure[name]["list"], headers=bearer).get_json()["items"]) == wanted
        overdue = client.get(measure["overdue"]["list"], headers=bearer).get_json()["items"]
        assert len(overdue) == measure["overdue"]["cases"]
        assert told["community"]["households"] > 0
        assert told["built"]["buildings"] == len(told["buildings"])

        task: Any = client.post(f"{path}/exports", headers=bearer).get_json()
        work = Work(
            county.database,
            county.settings,
            client.application.extensions["wangge.redis"],
            datetime.now(UTC),
        )
        JOBS["sheet-task"](work, task["task_id"])
        answer = client.get(f"/api/v1/sheets/{task['task_id']}/file", headers=bearer, buffered=True)

    file = county.settings.photo_store / "sheet.docx"
    file.write_bytes(answer.data)
    with ZipFile(file) as parts:
        words = parts.read("word/document.xml").decode()
        pictures = [name for name in parts.namelist() if name.endswith(".png")]
    assert told["community"]["name"] in words
    assert len(pictures) == 1


def test_a_sheet_is_for_those_who_answer_for_the_place(cast: Cast) -> None:
    with cast.county.transaction() as session:
        elsewhere = a_person(session, "dispatcher", "housing_bureau")
    path = f"/api/v1/communities/{cast.community_id}/sheet"
    with cast.county.client() as client:
        assert client.get(path).status_code == 401
        assert client.get(path, headers=cast.county.bearer(cast.worker)).status_code == 403
        assert client.get(path, headers=cast.county.bearer(elsewhere)).status_code == 404
        assert client.get(path, headers=cast.county.bearer(cast.fixer)).status_code == 200
        nowhere = "/api/v1/communities/01900000-0000-7000-8000-000000000000/sheet"
        assert client.get(nowhere, headers=cast.county.bearer(cast.headquarters)).status_code == 404
