"""Tables of rules over HTTP: described, changed from a day on, withdrawn while to come; attacked by SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.auth.actor import Actor
from server.communities.service import local_day
from tests.build import County, a_person

PAIR = {"category": "parking_disorderly", "severity": "C"}


class Keeper:
    """Somebody of the headquarters before the rules."""

    def __init__(self, county: County, client: FlaskClient) -> None:
        self.county, self.client = county, client
        self.today = local_day(datetime.now(UTC))
        with county.transaction() as session:
            self.headquarters = a_person(session, "headquarters", None)
            self.dispatcher = a_person(session)

    def __call__(self, method: str, path: str, body: Any = None, who: Actor | None = None) -> tuple[int, Any]:
        headers = self.county.bearer(who or self.headquarters)
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    def day(self, after: int) -> str:
        return (self.today + timedelta(days=after)).isoformat()

    def set(self, **more: Any) -> tuple[int, Any]:
        told = {**PAIR, "limit_amount": 3, "source": "指挥部纪要", "valid_from": self.day(5), **more}
        return self("POST", "/category-rules", told)

    def held(self) -> list[tuple[int, str | None, bool]]:
        items = self("GET", "/category-rules")[1]["items"]
        mine = [one for one in items if one["category"] == PAIR["category"] and one["severity"] == "C"]
        return [(one["limit_amount"], one["valid_to"], one["in_force"]) for one in mine]


@pytest.fixture
def keeper(county: County) -> Iterator[Keeper]:
    with county.client() as client:
        yield Keeper(county, client)


def told_to_tablets(county: County, category: str) -> set[str]:
    alive = (
        "SELECT entity_id FROM sync.bucket_entry WHERE entity = 'rule' AND alive AND entity_id LIKE :named"
    )
    with county.owner() as session:
        return set(session.scalars(text(alive), {"named": f"{category}/C/%"}))


def test_a_deadline_holds_from_a_day_on_and_is_withdrawn_before_it_does(keeper: Keeper) -> None:
    before, known = keeper.held(), told_to_tablets(keeper.county, "parking_disorderly")

    assert keeper.set(radius_m=80)[0] == 200
    assert keeper.held() == [(1, keeper.day(5), True), (3, None, False)]
    assert told_to_tablets(keeper.county, "parking_disorderly") == known | {
        f"parking_disorderly/C/{keeper.day(5)}"
    }
    [line, *_] = keeper("GET", "/rule-tables/category_rules/trail?record=parking_disorderly/C")[1]["items"]
    assert (line["by"], line["facts"]["radius_m"]) == (keeper.headquarters.display_name, 80)

    body = {**PAIR, "valid_from": keeper.day(5)}
    assert keeper("POST", "/category-rules/withdraw", body)[0] == 200
    assert keeper.held() == before
    assert told_to_tablets(keeper.county, "parking_disorderly") == known
    assert keeper("POST", "/category-rules/withdraw", body)[0] == 404


def test_numbers_and_limits_of_links_to_come_are_withdrawn_too(keeper: Keeper) -> None:
    more = {"source": "x", "valid_from": keeper.day(9)}
    for path, key, value in (
        ("/rules", {"name": "extensions_at_most"}, {"value": 3}),
        ("/link-limits", {"link": "check", "severity": "A"}, {"amount": 9, "unit": "uh"}),
    ):
        before = keeper("GET", path)[1]["items"]
        assert keeper("POST", path, {**key, **value, **more})[0] == 200
        assert keeper("POST", f"{path}/withdraw", {**key, "valid_from": keeper.day(9)})[0] == 200
        assert keeper("GET", path)[1]["items"] == before


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"category": "moon_dust"}, 404, None),
        ({"valid_from": "2020-01-01"}, 422, "/valid_from"),
        ({"limit_amount": 0}, 422, "/limit_amount"),
        ({"limit_amount": 1}, 422, "/limit_amount"),
        ({"limit_unit": "year"}, 422, "/limit_unit"),
        ({"radius_m": None}, 422, "/radius_m"),
        ({"category": "parking_plan_missing", "radius_m": 5}, 422, "/radius_m"),
        ({"departments": ["nobody"]}, 422, "/departments"),
        ({"source": " "}, 422, "/source"),
        ({"first_actor": "me"}, 422, "/first_actor"),
    ],
)
def test_what_is_no_rule_is_refused_by_its_field(
    keeper: Keeper, more: dict[str, Any], status: int, pointer: str | None
) -> None:
    before = keeper.held()

    answer = keeper.set(**more)

    assert (answer[0], [one["pointer"] for one in answer[1].get("errors", [])]) == (
        status,
        [pointer] if pointer else [],
    )
    assert keeper.held() == before


def test_a_reader_sees_the_tables_and_sets_none(keeper: Keeper) -> None:
    tables = {one["name"]: one for one in keeper("GET", "/rule-tables")[1]["items"]}
    assert {"category_rules", "ledger_rules", "link_limits", "siting_rules"} <= set(tables)
    for table in tables.values():
        assert keeper("GET", table["path"].removeprefix("/api/v1"))[0] == 200

    seen = {
        one["name"]: one["may_set"]
        for one in keeper("GET", "/rule-tables", who=keeper.dispatcher)[1]["items"]
    }
    assert seen["category_rules"] is False
    assert "siting_rules" not in seen
    assert keeper("GET", "/rule-tables/siting_rules/trail", who=keeper.dispatcher)[0] == 403
    assert keeper("GET", "/rule-tables/moon/trail")[0] == 404


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.category_rule SET limit_amount = 99",
        "UPDATE server.category_rule SET valid_from = '2030-01-01'",
        "DELETE FROM server.category_rule",
        "DELETE FROM server.link_limit",
        "UPDATE server.link_limit SET amount = 99",
        "DELETE FROM server.ledger_rule",
        "UPDATE server.ledger_rule SET value = 99",
        "TRUNCATE server.category_rule",
    ],
)
def test_what_has_held_is_never_rewritten_not_even_by_the_owner(county: County, attack: str) -> None:
    with pytest.raises((IntegrityError, DBAPIError)), county.owner() as session:
        session.execute(text(attack))


def test_what_a_limit_would_mean_is_told_before_it_is_set_and_sets_nothing(keeper: Keeper) -> None:
    before = keeper.held()
    body = {**PAIR, "limit_amount": 3, "valid_from": keeper.day(5)}

    status, told = keeper("POST", "/category-rules/foresee", body)

    assert (status, told["open"], told["closed"], told["looked_back_days"]) == (200, 0, 0, 365)
    assert keeper.held() == before
    assert keeper("POST", "/category-rules/foresee", {**body, "limit_amount": 0})[0] == 422
    assert keeper("POST", "/category-rules/foresee", {**body, "valid_from": "2020-01-01"})[0] == 422
    assert keeper("POST", "/category-rules/foresee", body, who=keeper.dispatcher)[0] == 403
