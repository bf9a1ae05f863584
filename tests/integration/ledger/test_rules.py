"""The ledger's own numbers: rows with validity, which the rules follow and nobody rewrites."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.cli import main
from server.ledger import parameter_queries, ruling
from server.ledger.errors import NotNow, RuleStands, UnknownRule
from server.ledger.parameters import NAMES, Parameters, parameters
from server.ledger.rulebook import KEPT_FOR, parameters_of
from server.ledger.terms import local_day
from server.problems import InvalidInput
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, column
from tests.integration.ledger.test_guards import refused

SOURCE = "指挥部会议纪要第3号"


def set_now(cast: Cast, name: str, value: str, after_days: int = 0) -> None:
    day = local_day(cast.clock) + timedelta(days=after_days)
    with cast.county.transaction() as session:
        ruling.set_rule(
            session, name, Decimal(value), valid_from=day, source=SOURCE, actor=None, now=cast.clock
        )


def test_what_is_stored_at_first_is_what_the_product_ships(cast: Cast) -> None:
    with cast.county.transaction() as session:
        stored = parameter_queries.in_force(session, local_day(cast.clock))

    assert set(stored) == set(NAMES)
    assert parameters(stored) == Parameters()


def test_a_value_holds_from_its_day_on_and_processes_follow_within_a_minute(cast: Cast) -> None:
    with cast.county.transaction() as session:
        before = parameters_of(session, cast.clock)
    set_now(cast, "check_within_m", "45.5")
    set_now(cast, "extensions_at_most", "1", after_days=3)

    with cast.county.transaction() as session:
        after = parameters_of(session, cast.clock + KEPT_FOR + timedelta(seconds=1))
        later = parameters_of(session, cast.clock + timedelta(days=3))

    assert (before.check_within_m, after.check_within_m, later.check_within_m) == (30.0, 45.5, 45.5)
    assert (before.extensions_at_most, after.extensions_at_most, later.extensions_at_most) == (2, 2, 1)


def test_guards_use_the_value_in_force(cast: Cast) -> None:
    set_now(cast, "extensions_at_most", "0")
    set_now(cast, "level_1_share", "0.5")
    case_id, _ = cast.report(category="private_wiring_charging", severity="A")
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即拆除")
    cast.order(cast.fixer, "case.accept", case_id)
    filed, yellow, due = (column(cast.county, case_id, name) for name in ("filed_at", "yellow_at", "due_at"))
    until = (due + timedelta(days=2)).isoformat()

    with pytest.raises(NotNow):
        cast.order(cast.fixer, "case.request_extension", case_id, until=until, reason="等电工")
    assert yellow - filed == (due - filed) / 2


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("unheard_of", "1", UnknownRule),
        ("level_1_share", "1", InvalidInput),
        ("level_3_limit_factor", "1", InvalidInput),
        ("extensions_at_most", "1.5", InvalidInput),
        ("extensions_at_most", "-1", InvalidInput),
        ("check_within_m", "NaN", InvalidInput),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    cast: Cast, name: str, value: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        set_now(cast, name, value)


def test_a_value_never_begins_in_the_past_nor_before_another_that_stands(cast: Cast) -> None:
    with pytest.raises(InvalidInput):
        set_now(cast, "check_within_m", "40", after_days=-1)
    set_now(cast, "check_within_m", "40", after_days=5)
    with pytest.raises(RuleStands):
        set_now(cast, "check_within_m", "50", after_days=5)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.ledger_rule SET value = 3000 WHERE name = 'check_within_m'",
        "UPDATE server.ledger_rule SET valid_from = '2018-01-01' WHERE name = 'check_within_m'",
        "UPDATE server.ledger_rule SET source = 'mine' WHERE name = 'check_within_m'",
    ],
)
def test_no_one_rewrites_a_value(county: County, attack: str) -> None:
    with refused("ledger_rule_is_ended_once"), county.owner() as session:
        session.execute(text(attack))


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM server.ledger_rule",
        "TRUNCATE server.ledger_rule",
        "INSERT INTO server.ledger_rule VALUES ('check_within_m', '2020-01-01', NULL, 5, 'm', 'twice')",
        "INSERT INTO server.ledger_rule VALUES ('level_1_share', '2018-01-01', '2018-02-01', 1, '', 'all')",
    ],
)
def test_no_one_removes_a_value_or_lets_two_hold_at_once(county: County, attack: str) -> None:
    with pytest.raises(IntegrityError), county.owner() as session:
        session.execute(text(attack))


def test_a_value_is_set_and_listed_on_the_command_line(county: County) -> None:
    def wangge(*words: str) -> Result:
        environment = {
            "DATABASE_URL": county.database_url,
            "DATABASE_OWNER_URL": county.owner_url,
            "SECRET_KEY": county.settings.secret_key,
        }
        return CliRunner().invoke(main, ["rule", *words], env=environment)

    done = wangge("set", "rebound_within_days", "90", "--source", SOURCE)
    refused_ones = [wangge("set", "rebound_within_days", value, "--source", SOURCE) for value in ("x", "1.5")]
    listed = [line for line in wangge("list").stdout.splitlines() if "rebound_within_days" in line]

    assert done.exit_code == 0
    assert all(one.exit_code != 0 for one in refused_ones)
    assert [(line[0], line.split()[-1]) for line in listed] == [
        (" ", "产品默认值"),
        ("*", SOURCE),
    ]


def test_everybody_may_read_the_numbers_over_http(county: County) -> None:
    with county.transaction() as session:
        actor = a_person(session, "grid_worker", cells=["370831001003001"])
    with county.client() as client:
        answer = client.get("/api/v1/rules", headers=county.bearer(actor))

    assert answer.status_code == 200
    assert answer.json is not None
    rows = {row["name"]: row for row in answer.json["items"]}
    assert set(rows) == set(NAMES)
    assert rows["level_1_share"] == {
        "name": "level_1_share",
        "value": 0.8,
        "unit": "share of the limit",
        "source": "产品默认值",
        "valid_from": date(2019, 6, 1).isoformat(),
        "valid_to": None,
        "in_force": True,
    }


def test_headquarters_set_a_rule_over_http_and_what_held_before_stays_on_the_list(cast: Cast) -> None:
    tomorrow = (local_day(datetime.now(UTC)) + timedelta(days=1)).isoformat()
    wanted = {"name": "check_within_m", "value": 45.5, "source": SOURCE, "valid_from": tomorrow}

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        answer: Any = client.post("/api/v1/rules", json=wanted, headers=headers)
        again = client.post("/api/v1/rules", json=wanted, headers=headers)
        refused_to = client.post("/api/v1/rules", json=wanted, headers=cast.county.bearer(cast.dispatcher))

    assert answer.status_code == 200
    values = [row for row in answer.get_json()["items"] if row["name"] == "check_within_m"]
    assert [(row["value"], row["in_force"]) for row in values] == [(30.0, True), (45.5, False)]
    assert (again.status_code, refused_to.status_code) == (409, 403)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "speed_of_light"},
        {"value": -1},
        {"value": "much"},
        {"source": " "},
        {"valid_from": "2020-01-01"},
        {"colour": "red"},
    ],
)
def test_a_rule_that_cannot_be_is_refused_over_http(cast: Cast, change: dict[str, Any]) -> None:
    wanted = {"name": "check_within_m", "value": 45.5, "source": SOURCE, **change}

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        answer = client.post("/api/v1/rules", json=wanted, headers=headers)

    assert answer.status_code in (404, 422)
