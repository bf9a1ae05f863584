"""Housing projects: kept by the bureaus, taken in from Excel, urged by letter, answered once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.sheets.service import JOB
from server.siting.projects.columns import hindrances
from server.siting.projects.sheet import take_in
from server.wiring import JOBS
from server.work import Work
from tests.build import County, a_person
from tests.integration.siting.working import Working, a_working

URL = "/api/v1/charging-projects"


@pytest.fixture
def working(county: County) -> Working:
    return a_working(county)


def a_project(**more: Any) -> dict[str, Any]:
    told = {
        "name": "泉林华府",
        "subdistrict": "370831001",
        "stage": "under_construction",
        "developer": "某房地产公司",
    }
    return {
        **told,
        "required_ports": 40,
        "built_ports": 10,
        "begun_on": "2025-01-01",
        "expected_on": "2026-06-30",
        **more,
    }


def ask(working: Working, method: str, path: str, body: Any = None, actor: Any = None) -> Any:
    with working.county.client() as client:
        headers = working.county.bearer(actor or working.housing)
        return client.open(URL + path, method=method, json=body, headers=headers)


def test_a_project_is_kept_urged_by_an_issued_letter_and_answered_once(working: Working) -> None:
    made = ask(working, "POST", "", a_project())
    assert (made.status_code, made.json["late"], made.json["missing_ports"]) == (201, True, 30)
    project = f"/{made.json['project_id']}"
    urged = ask(working, "POST", f"{project}/letters", {"demand": "加快建设", "answer_by": "2026-12-10"})
    [letter] = urged.json["letters"]
    assert (urged.status_code, letter["state"]) == (201, "draft")
    answer = {"answered_on": "2026-12-01", "answer": "年底前建成"}
    early = ask(working, "POST", f"{project}/letters/{letter['paper_id']}/answer", answer)
    assert (early.status_code, early.json["type"]) == (409, "/problems/letter-not-issued")

    issue(working, letter["paper_id"])
    told = ask(working, "POST", f"{project}/letters/{letter['paper_id']}/answer", answer)
    again = ask(working, "POST", f"{project}/letters/{letter['paper_id']}/answer", answer)

    assert (told.json["letters"][0]["state"], told.json["letters"][0]["answer"]) == ("answered", "年底前建成")
    assert again.status_code == 409
    with pytest.raises(DBAPIError, match="answered once"), working.county.owner() as session:
        session.execute(text("UPDATE server.charging_project_letter SET answer = '别的'"))


def issue(working: Working, paper_id: str) -> None:
    """Let three people of the housing bureau review, countersign and issue a letter."""
    with working.county.transaction() as session:
        second = a_person(session, "department", "housing_bureau")
    steps = (("paper.review", working.housing), ("paper.countersign", second), ("paper.issue", second))
    with working.county.client() as client:
        for version, (command, actor) in enumerate(steps, start=1):
            told = {"type": command, "base_version": version, "data": {}}
            path = f"/api/v1/papers/{paper_id}/commands"
            answer = client.post(path, json=told, headers=working.county.bearer(actor))
            assert answer.status_code == 200, answer.text


def test_a_project_changes_by_versions_that_are_kept(working: Working) -> None:
    made = ask(working, "POST", "", a_project()).json
    project = f"/{made['project_id']}"
    changed = ask(working, "PUT", project, {**a_project(built_ports=40), "base_version": 1})
    stale = ask(working, "PUT", project, {**a_project(built_ports=50), "base_version": 1})

    assert (changed.json["version"], changed.json["late"]) == (2, False)
    assert (stale.status_code, stale.json["type"]) == (409, "/problems/project-moved-on")
    assert working.one("SELECT count(*), max(told ->> 'built_ports') FROM server.charging_project_past") == (
        2,
        "40",
    )
    for sql in (
        "UPDATE server.charging_project SET built_ports = 1",
        "DELETE FROM server.charging_project_past",
    ):
        with pytest.raises(DBAPIError), working.county.owner() as session:
            session.execute(text(sql))


def test_bad_input_and_other_bureaus_are_answered(working: Working) -> None:
    ask(working, "POST", "", a_project())
    twice = ask(working, "POST", "", a_project())
    assert (twice.status_code, twice.json["type"]) == (409, "/problems/project-stands")
    for more, pointer in (
        ({"subdistrict": "月球"}, "/subdistrict"),
        ({"stage": "dreamt"}, "/stage"),
        ({"expected_on": "2024-01-01"}, "/expected_on"),
        ({"bureau_reply": "同意"}, "/bureau_replied_on"),
        ({"required_ports": 20_000}, "/required_ports"),
    ):
        answer = ask(working, "POST", "", a_project(name="另一处", **more))
        assert answer.status_code == 422, answer.text
        assert pointer in [one["pointer"] for one in answer.json["errors"]]
    assert ask(working, "POST", "", a_project(name="越权"), actor=working.fire).status_code == 403
    assert ask(working, "GET", "", actor=working.fire).json["items"][0]["name"] == "泉林华府"
    assert hindrances({"built_ports": -1})[0][0] == "built_ports"


def test_the_register_goes_out_to_excel_and_comes_back_changed(working: Working, tmp_path: Path) -> None:
    ask(working, "POST", "", a_project())
    asked = ask(working, "POST", "/exports", {}).json
    with Redis.from_url(working.county.settings.redis_url) as redis:
        JOBS[JOB](
            Work(working.county.database, working.county.settings, redis, working.clock), asked["task_id"]
        )
    with working.county.client() as client:
        answer = client.get(f"{asked['status']}/file", headers=working.county.bearer(working.housing))
        file = answer.data
        answer.close()
    table = tmp_path / "out.xlsx"
    table.write_bytes(file)
    added = tmp_path / "more.csv"
    added.write_text(
        "项目名称,街道,阶段,建设单位,应建端口,已建端口\n泉林华府,泗河街道,在建,某房地产公司,40,25\n新城,泗河街道,规划,乙公司,60,\n"
    )

    with working.county.transaction() as session:
        same = take_in(session, table, "out.xlsx", dry_run=False, actor=working.housing, now=working.clock)
        more = take_in(session, added, "more.csv", dry_run=False, actor=working.housing, now=working.clock)

    assert (same["unchanged"], same["changed"]) == (1, 0)
    assert (more["created"], more["changed"]) == (1, 1)
    told = working.one("SELECT built_ports, version FROM server.charging_project WHERE name = '泉林华府'")
    assert told == (25, 2)
