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
            self.planner = a_person(session, "planner", "construction_hq")

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


@pytest.mark.parametrize(
    ("path", "body", "what"),
    [
        ("/link-limits", {"link": "accept", "severity": "A", "amount": 2, "unit": "uh"}, "link_red"),
        ("/rules", {"name": "level_1_share", "value": 0.5}, "open_yellow"),
        ("/rules", {"name": "level_3_limit_factor", "value": 3}, "limit_passed_again"),
        ("/rules", {"name": "level_5_red_work_days", "value": 3}, "grave_and_red"),
        ("/rules", {"name": "extensions_at_most", "value": 1}, "extensions_used_up"),
        ("/rules", {"name": "rebound_within_days", "value": 90}, "reopenable"),
        ("/category-rules", {**PAIR, "radius_m": 500}, "with_double"),
        ("/siting/rules", {"rule_set": "default", "name": "outer_wall", "value": 9}, "sites_rejected"),
        ("/siting/rates", {"name": "case_weight", "value": 2}, "ebikes"),
    ],
)
def test_what_another_value_would_mean_is_told_and_nothing_is_set(
    keeper: Keeper, path: str, body: dict[str, Any], what: str
) -> None:
    who = keeper.planner if path.startswith("/siting") else keeper.headquarters
    body = {**body, "valid_from": keeper.day(5)}
    before = keeper("GET", path, who=who)[1]

    status, told = keeper("POST", f"{path}/foresee", body, who=who)

    assert (status, told["lines"][0]["what"]) == (200, what), told
    assert keeper("GET", path, who=who)[1] == before
    assert keeper("POST", f"{path}/foresee", {**body, "valid_from": "2020-01-01"}, who=who)[0] in (200, 422)
    assert keeper("POST", f"{path}/foresee", body, who=keeper.dispatcher)[0] == 403


def test_a_number_that_bears_on_what_people_do_tells_no_lines(keeper: Keeper) -> None:
    told = keeper("POST", "/rules/foresee", {"name": "check_within_m", "value": 50})[1]

    assert told["lines"] == []
    assert keeper("POST", "/rules/foresee", {"name": "level_1_share", "value": 2})[0] == 422
    assert keeper("POST", "/rules/foresee", {"name": "moon", "value": 2})[0] in (404, 422)


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        (
            "/link-limits",
            {"link": "accept", "severity": "A", "amount": 2, "unit": "uh"},
            ("link", "severity"),
        ),
        ("/rules", {"name": "rebound_within_days", "value": 90}, ("name",)),
        ("/siting/rules", {"rule_set": "default", "name": "outer_wall", "value": 9}, ("rule_set", "name")),
    ],
)
def test_a_row_to_come_is_withdrawn_once_and_what_held_goes_on(
    keeper: Keeper, path: str, body: dict[str, Any], key: tuple[str, ...]
) -> None:
    who = keeper.planner if path.startswith("/siting") else keeper.headquarters
    before = keeper("GET", path, who=who)[1]["items"]
    later = {"valid_from": keeper.day(5)}
    assert keeper("POST", path, {**body, **later, "source": "会议纪要"}, who=who)[0] == 200
    gone = {**{name: body[name] for name in key}, **later}

    assert keeper("POST", f"{path}/withdraw", gone, who=keeper.dispatcher)[0] == 403
    assert keeper("POST", f"{path}/withdraw", {**gone, "valid_from": keeper.day(4)}, who=who)[0] == 404
    assert keeper("POST", f"{path}/withdraw", gone, who=who)[0] == 200
    assert keeper("POST", f"{path}/withdraw", gone, who=who)[0] == 404

    assert keeper("GET", path, who=who)[1]["items"] == before
