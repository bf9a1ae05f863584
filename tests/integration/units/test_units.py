"""Units over HTTP: made, changed, closed when nothing open hangs on them; and attacked by plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast

COMPANY = {"code": "new_company", "name_zh": "新物业公司", "kind": "property_company"}


class Registrar:
    """Somebody of the headquarters before the register."""

    def __init__(self, county: County, client: FlaskClient) -> None:
        self.county, self.client = county, client
        with county.transaction() as session:
            self.headers = county.bearer(a_person(session, "admin", None))

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)
        return answer.status_code, answer.get_json()

    def close(self, code: str) -> tuple[int, Any]:
        return self("POST", f"/units/{code}/close", {"reason": "机构改革"})


@pytest.fixture
def ask(county: County) -> Iterator[Registrar]:
    with county.client() as client:
        yield Registrar(county, client)


def pointers(problem: Any) -> list[str]:
    return [one["pointer"] for one in problem["errors"]]


def test_a_unit_is_made_changed_closed_and_opened_again_and_all_of_it_is_told(ask: Registrar) -> None:
    assert ask("POST", "/units", COMPANY)[0] == 201
    status, told = ask("PATCH", "/units/new_company", {"phone": "0537-4221", "parent": "sihe_subdistrict"})
    assert (status, told["parent_unit"]["code"], told["matters"]) == (200, "sihe_subdistrict", {})
    assert ask.close("new_company")[1]["closed_on"] is not None
    assert ask("GET", "/unit-register?text=new_company")[1]["items"] == []
    assert len(ask("GET", "/unit-register?text=new_company&state=closed")[1]["items"]) == 1
    assert ask("PATCH", "/units/new_company", {"phone": "1"})[1]["type"] == "/problems/unit-closed"

    status, told = ask("POST", "/units/new_company/reopen", {"reason": "误操作"})

    assert (status, told["closed_on"]) == (200, None)
    deeds = [line["action"] for line in told["history"]]
    assert deeds == ["unit.reopen", "unit.close", "unit.change", "unit.make"]
    assert told["history"][2]["facts"]["changed"]["phone"] == ["", "0537-4221"]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({**COMPANY, "code": "Neu"}, 422, "/code"),
        ({**COMPANY, "code": "sihe_subdistrict"}, 409, "/code"),
        ({**COMPANY, "kind": "kingdom"}, 422, "/kind"),
        ({**COMPANY, "division_code": "370831001"}, 422, "/division_code"),
        ({**COMPANY, "kind": "subdistrict", "division_code": "370831001"}, 409, "/division_code"),
        ({**COMPANY, "kind": "subdistrict", "division_code": "370831999"}, 422, "/division_code"),
        ({**COMPANY, "parent": "nowhere"}, 422, "/parent"),
        ({**COMPANY, "phone": "call me"}, 422, "/phone"),
        ({**COMPANY, "name_zh": " "}, 422, "/name_zh"),
        ({**COMPANY, "boss": "x"}, 422, "/boss"),
    ],
)
def test_what_is_no_unit_is_refused_by_its_field(
    ask: Registrar, body: dict[str, str], status: int, pointer: str
) -> None:
    answer = ask("POST", "/units", body)

    assert (answer[0], pointers(answer[1])) == (status, [pointer])
    assert ask("GET", "/units/new_company")[0] == 404


def test_a_unit_does_not_stand_under_what_stands_under_it(ask: Registrar) -> None:
    ask("POST", "/units", {**COMPANY, "parent": "sihe_subdistrict"})

    status, problem = ask("PATCH", "/units/sihe_subdistrict", {"parent": "new_company"})

    assert (status, problem["type"]) == (409, "/problems/under-itself")


def test_a_unit_with_something_open_says_what_and_stays(county: County, ask: Registrar) -> None:
    cast = a_cast(county)
    cast.to_checking()
    code = cast.fixer.unit_code

    status, problem = ask.close(code)

    assert (status, problem["type"]) == (409, "/problems/unit-has-open-matters")
    assert problem["matters"]["cases"] == 1
    assert {"people", "contracts"} <= set(problem["matters"])
    assert ask("GET", f"/units/{code}")[1]["closed_on"] is None
    for table in ("user", "case"):
        with pytest.raises(IntegrityError, match="still has"), county.owner() as session:
            session.execute(
                text("UPDATE server.unit SET closed_on = '2026-11-20' WHERE code = :c"), {"c": code}
            )
        assert table


def test_nobody_gives_a_closed_unit_anything_not_even_by_sql(county: County, ask: Registrar) -> None:
    cast: Cast = a_cast(county)
    case_id, _ = cast.report("parking_disorderly", "C")
    ask("POST", "/units", COMPANY)
    ask.close("new_company")
    attacks = (
        "UPDATE server.\"user\" SET unit_code = 'new_company' WHERE username = :name",
        "UPDATE server.\"case\" SET unit_code = 'new_company' WHERE case_id = :case",
        "UPDATE server.unit SET parent = 'new_company' WHERE code = 'sihe_subdistrict'",
        "INSERT INTO server.service_contract (contract_id, community_id, unit_code, kind, starts_on)"
        " SELECT gen_random_uuid(), community_id, 'new_company', 'preliminary', '2031-01-01'"
        ' FROM server."case" WHERE case_id = :case',
        "INSERT INTO server.community_unit (community_id, part, unit_code, valid_from)"
        " SELECT community_id, 'operator', 'new_company', '2031-01-01'"
        ' FROM server."case" WHERE case_id = :case',
    )
    for attack in attacks:
        values = {"name": cast.fixer.username, "case": case_id}
        with pytest.raises(IntegrityError, match="is closed"), county.owner() as session:
            session.execute(text(attack), values)
    told = {"username": "late", "role": "department", "unit": "new_company", "password": "a long enough one"}
    assert ask("POST", "/users", told)[1]["type"] == "/problems/unknown-unit"
    _, answer = ask("POST", f"/cases/{case_id}/commands", {"type": "case.dispatch"})
    assert answer["status"] in (403, 422)


def test_who_may_do_what_is_told_from_the_very_table_that_decides(ask: Registrar) -> None:
    status, told = ask("GET", "/roles")

    by_action = {one["action"]: one["reach"] for one in told["actions"]}
    assert status == 200
    assert by_action["case.close"] == {"shift_leader": "subdistrict", "headquarters": "county"}
    assert set().union(*by_action.values()) <= set(told["roles"])


def test_people_are_found_by_unit_and_role(ask: Registrar) -> None:
    status, told = ask("GET", "/users?unit=construction_hq&role=admin&active=true")

    assert status == 200
    assert {one["role"] for one in told["items"]} == {"admin"}
