"""The ledger over HTTP: lists, one case, its history, commands, and how each refusal looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth.actor import Actor
from tests.build import a_person, a_worker
from tests.integration.ledger.acting import Cast, a_digest, an_id


class Desk:
    """One person's browser."""

    def __init__(self, cast: Cast, client: FlaskClient, actor: Actor) -> None:
        self.client, self.headers = client, cast.county.bearer(actor)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json

    def order(self, case_id: Any, name: str, version: Any, status: int = 200, **data: Any) -> Any:
        body = {"type": name, "base_version": version, "data": data}
        path = f"/api/v1/cases/{case_id}/commands"
        answer = self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        if status >= 400:
            assert answer.content_type == "application/problem+json"
        return answer.json


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as opened:
        yield opened


def test_a_case_is_taken_to_its_close_out_over_http(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()
    desk, leader, company, checker = (
        Desk(cast, client, actor) for actor in (cast.dispatcher, cast.shift_leader, cast.fixer, cast.checker)
    )
    after = a_digest()
    case = desk.order(case_id, "case.dispatch", 2, unit=cast.fixer.unit_code, demand="清走")
    case = company.order(case_id, "case.accept", case["version"])
    claim: dict[str, Any] = {
        "done": "已清走",
        "paid_by": "物业",
        "location": cast.location(),
        "photos": [after],
    }
    case = company.order(case_id, "case.claim_fixed", case["version"], **claim)
    cast.arrive(after)
    case = desk.order(case_id, "case.assign_check", case["version"], checker=str(cast.checker.user_id))
    seen = a_digest()
    check: dict[str, Any] = {"passed": True, "reason": "", "location": cast.location(), "photos": [seen]}
    case = checker.order(case_id, "case.check", case["version"], **check)
    problem = leader.order(case_id, "case.close", case["version"], 409)
    assert problem["type"] == "/problems/evidence-missing"
    cast.arrive(seen)

    case = leader.order(case_id, "case.close", case["version"])

    assert case["state"] == "closed"
    told = desk.get(f"/cases/{case_id}/history")["items"]
    assert [entry["command"] for entry in told] == [
        "case.report",
        "case.file",
        "case.dispatch",
        "case.accept",
        "case.claim_fixed",
        "case.assign_check",
        "case.check",
        "case.close",
    ]
    assert [entry["prev_hash"] for entry in told[1:]] == [entry["hash"] for entry in told[:-1]]
    assert told[2]["data"]["demand"] == "清走"
    assert told[1]["actor"] is None


def test_refusals_are_problems_with_what_one_needs_to_go_on(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()
    desk = Desk(cast, client, cast.dispatcher)
    order: dict[str, Any] = {"unit": cast.fixer.unit_code, "demand": "清走"}

    stale = desk.order(case_id, "case.dispatch", 1, 409, **order)
    missing = desk.order(case_id, "case.dispatch", None, 422, **order)
    unknown = desk.order(case_id, "case.fly", 2, 422)
    nowhere = desk.order(an_id(), "case.note", 1, 404, text="?")
    forbidden = desk.order(case_id, "case.assign_check", 2, 409, checker=str(an_id()))
    not_yours = Desk(cast, client, cast.worker).order(case_id, "case.dispatch", 2, 403, **order)

    assert (stale["type"], stale["current"]["version"]) == ("/problems/stale-version", 2)
    assert missing["errors"][0]["pointer"] == "/base_version"
    assert unknown["type"] == "/problems/unknown-command"
    assert nowhere["type"] == "/problems/not-found"
    assert (forbidden["type"], forbidden["current"]["state"]) == ("/problems/state-forbids", "filed")
    assert not_yours["type"] == "/problems/not-yours"


BODIES: list[tuple[Any, int]] = [
    (b"{", 400),
    (b"[]", 422),
    (b"7", 422),
    (b'{"base_version": 1}', 422),
    (b'{"type": 7, "base_version": 1}', 422),
    (b'{"type": "case.note", "base_version": "1"}', 422),
    (b'{"type": "case.note", "base_version": 1e99}', 422),
    (b'{"type": "case.note", "base_version": 2, "data": []}', 422),
    (b'{"type": "case.note", "base_version": 2, "data": {"text": "\\u0000"}}', 422),
    (b'{"type": "case.note", "base_version": 2, "data": {"text": "\\ud800"}}', 422),
    (b'{"type": "case.note", "base_version": 2, "data": {}, "more": 1}', 422),
    (b'{"type": "case.note", "base_version": 2, "data": {"text": "x", "deadline": "2026-12-01"}}', 422),
    (b'{"type": "case.accept", "base_version": 2, "data": {"deadline": "2026-12-01"}}', 403),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_command_that_cannot_be_read_is_refused(
    cast: Cast, client: FlaskClient, body: bytes, status: int
) -> None:
    case_id, _ = cast.report()
    headers = {**cast.county.bearer(cast.dispatcher), "Content-Type": "application/json"}

    answer = client.post(f"/api/v1/cases/{case_id}/commands", data=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def a_desk_report(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "category": "small_ad_not_cleared",
        "community_id": str(cast.community_id),
        "location": cast.location(),
        "description": "单元门上有小广告",
        "photos": [a_digest()],
        **more,
    }


def test_a_company_reports_what_it_found_itself_and_headquarters_a_spot_check(
    cast: Cast, client: FlaskClient
) -> None:
    found_itself, spot_check = an_id(), an_id()

    own = Desk(cast, client, cast.fixer).order(found_itself, "case.report", None, **a_desk_report(cast))
    checked = Desk(cast, client, cast.headquarters).order(
        spot_check, "case.report", None, **a_desk_report(cast)
    )

    assert (own["case_id"], own["source"], own["state"]) == (str(found_itself), "self", "filed")
    assert (checked["source"], checked["evidence"]["expected"]) == ("spot_check", 1)
    assert None not in (own["number"], checked["number"])


def test_a_desk_reports_within_its_reach_under_a_new_id_what_can_be_read(
    cast: Cast, client: FlaskClient
) -> None:
    company, case_id = Desk(cast, client, cast.fixer), an_id()
    with cast.county.transaction() as session:
        stranger = Desk(cast, client, a_person(session, "property_company", "demo_company_07"))
        bureau = Desk(cast, client, a_person(session, "department", "market_bureau"))
    company.order(case_id, "case.report", None, **a_desk_report(cast))

    again = company.order(case_id, "case.report", None, 409, **a_desk_report(cast))
    odd = company.order(an_id(), "case.report", None, 422, **a_desk_report(cast, deadline="morgen"))
    bare = company.order(an_id(), "case.report", None, 422)
    nowhere = company.order(
        an_id(), "case.report", None, 422, **a_desk_report(cast, community_id=str(an_id()))
    )
    stranger.order(an_id(), "case.report", None, 403, **a_desk_report(cast))
    bureau.order(an_id(), "case.report", None, 403, **a_desk_report(cast))

    assert again["type"] == "/problems/already-there"
    assert [one["pointer"] for one in odd["errors"]] == ["/data/deadline"]
    assert [one["pointer"] for one in bare["errors"]] == ["/data/category", "/data/community_id"]
    assert nowhere["type"] == "/problems/unknown-community"


def test_filters_find_what_they_name(cast: Cast, client: FlaskClient) -> None:
    first, _ = cast.report(description="北门三辆车")
    second, _ = cast.report(category="fire_lane_blocked", severity="A", description="100%_堵住")
    desk = Desk(cast, client, cast.dispatcher)

    def found(query: str) -> set[str]:
        return {case["case_id"] for case in desk.get(f"/cases?{query}")["items"]}

    one, two = {str(first)}, {str(second)}
    both = one | two
    assert found("") == both
    assert found("state=filed") == both
    assert found("state=closed,checking") == set()
    assert found("category=parking_disorderly") == one
    assert found("category=parking_disorderly,fire_lane_blocked") == both
    assert found("severity=A") == two
    assert found("measure=12") == both
    assert found("measure=13") == set()
    assert found(f"community_id={cast.community_id}") == both
    assert found(f"community_id={an_id()}") == set()
    assert found("grid_cell=370831001999999") == set()
    assert found(f"unit={cast.fixer.unit_code}") == both
    assert found("opened_from=2026-11-20&opened_to=2026-11-20") == both
    assert found("opened_to=2026-11-19") == set()
    assert found("opened_from=2026-11-21") == set()
    assert found("text=三辆") == one
    assert found("text=100%25_") == two
    assert found("text=%25") == two
    assert found("text=370831-2026-000001") == one
    assert found("text='; DROP TABLE") == set()


BAD_QUERIES = [
    "state=lost",
    "severity=Q",
    "signal=blue",
    "measure=x",
    "measure=9999",
    "community_id=7",
    "opened_from=soon",
    "limit=0",
    "limit=abc",
    "limit=100000",
    "text=%00",
    "category=%00",
]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_filter_that_cannot_be_read_is_named(cast: Cast, client: FlaskClient, query: str) -> None:
    problem = Desk(cast, client, cast.dispatcher).get(f"/cases?{query}", 422)

    assert problem["errors"]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwiYiJd", "%00"])
def test_a_cursor_of_another_list_is_refused(cast: Cast, client: FlaskClient, cursor: str) -> None:
    Desk(cast, client, cast.dispatcher).get(f"/cases?cursor={cursor}", 422 if cursor == "%00" else 400)


def test_pages_follow_one_another_without_gap_or_double(cast: Cast, client: FlaskClient) -> None:
    wanted = [str(cast.report()[0]) for _ in range(5)]
    desk = Desk(cast, client, cast.dispatcher)

    seen, cursor = [], ""
    while cursor is not None:
        answer = desk.get(f"/cases?limit=2{cursor and '&cursor=' + cursor}")
        seen += [case["case_id"] for case in answer["items"]]
        cursor = answer["next"]

    assert seen == wanted[::-1]


def test_the_signal_of_the_list_and_of_the_filter_are_one(cast: Cast, client: FlaskClient) -> None:
    now = datetime.now(UTC)
    wanted = {}
    for name, yellow, due in (("green", 1, 2), ("yellow", -1, 1), ("red", -2, -1)):
        case_id, _ = cast.report()
        wanted[name] = str(case_id)
        with cast.county.owner() as session:
            session.execute(
                text(
                    'UPDATE server."case" SET filed_at = :filed, yellow_at = :yellow, due_at = :due'
                    " WHERE case_id = :id"
                ),
                {
                    "filed": now - timedelta(days=9),
                    "yellow": now + timedelta(hours=yellow),
                    "due": now + timedelta(hours=due),
                    "id": case_id,
                },
            )
    desk = Desk(cast, client, cast.dispatcher)

    for name, wanted_id in wanted.items():
        [found] = desk.get(f"/cases?signal={name}")["items"]
        assert (found["case_id"], found["signal"]) == (wanted_id, name)


def test_everybody_sees_their_own_part_row_by_row(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()
    with cast.county.transaction() as session:
        street = cast.dispatcher.unit_code
        other = "jihe_subdistrict" if street == "sihe_subdistrict" else "sihe_subdistrict"
        companies = session.scalars(text("SELECT unit_code FROM server.property_company"))
        rival = next(code for code in companies if code != cast.fixer.unit_code)
        far = session.execute(text("SELECT code FROM geo.grid_cell ORDER BY code DESC")).scalars()
        cells = [code for code in far if code != cast.cell][:1]
        people = {
            "sees": [cast.worker, cast.checker, cast.dispatcher, cast.fixer, cast.headquarters],
            "blind": [
                a_worker(session, cells),
                a_person(session, "dispatcher", other),
                a_person(session, "property_company", rival),
            ],
        }

    for actor in people["sees"]:
        desk = Desk(cast, client, actor)
        assert [case["case_id"] for case in desk.get("/cases")["items"]] == [str(case_id)]
        desk.get(f"/cases/{case_id}")
    for actor in people["blind"]:
        desk = Desk(cast, client, actor)
        assert desk.get("/cases")["items"] == []
        desk.get(f"/cases/{case_id}", 404)
        desk.get(f"/cases/{case_id}/history", 404)
        desk.order(case_id, "case.note", 2, 403, text="?")


def test_an_audit_line_stands_for_every_command(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()
    order: dict[str, Any] = {"unit": cast.fixer.unit_code, "demand": "清走"}

    Desk(cast, client, cast.dispatcher).order(case_id, "case.dispatch", 2, **order)

    with cast.county.transaction() as session:
        line = session.execute(
            text("SELECT action, user_id FROM server.audit_line WHERE entity = 'case'")
        ).one()
    assert tuple(line) == ("case.dispatch", cast.dispatcher.user_id)


def test_cases_are_drawn_on_the_map(cast: Cast, client: FlaskClient) -> None:
    case_id, _ = cast.report()

    drawn = Desk(cast, client, cast.dispatcher).get("/map/cases.geojson")

    [feature] = drawn["features"]
    assert feature["properties"]["case_id"] == str(case_id)
    assert feature["properties"]["signal"] in {"green", "yellow", "red"}


def test_nobody_reads_without_signing_in(client: FlaskClient) -> None:
    for path in ("/cases", f"/cases/{an_id()}", f"/cases/{an_id()}/history", "/inspections"):
        assert client.get(f"/api/v1{path}").status_code == 401
