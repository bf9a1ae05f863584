"""People on the command line: made, given cells, listed, refused with a mend."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.build import CELL, JIHE_CELL, OTHER_CELL, PASSWORD, County, a_worker


def _wangge(county: County, *words: str, typed: str = "") -> Result:
    environment = {
        "DATABASE_URL": county.database_url,
        "DATABASE_OWNER_URL": county.owner_url,
        "SECRET_KEY": county.settings.secret_key,
    }
    return CliRunner().invoke(main, words, input=typed, env=environment)


def _create(county: County, name: str, *words: str, password: str = PASSWORD) -> Result:
    return _wangge(
        county, "user", "create", name, *words, "--password-stdin", "--json", typed=f"{password}\n"
    )


def test_a_worker_belongs_to_the_subdistrict_of_the_cells(county: County) -> None:
    told = json.loads(_create(county, "王伟", "--role", "grid_worker", "--cells", f"{JIHE_CELL}").stdout)

    assert (told["username"], told["role"], told["unit"]["code"]) == (
        "王伟",
        "grid_worker",
        "jihe_subdistrict",
    )
    assert told["cells"] == [JIHE_CELL]


@pytest.mark.parametrize("role", ["admin", "headquarters"])
def test_the_county_s_own_people_belong_to_its_headquarters(county: County, role: str) -> None:
    assert json.loads(_create(county, "boss", "--role", role).stdout)["unit"]["code"] == "construction_hq"


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (["--role", "dispatcher"], PASSWORD, "Name the unit"),
        (["--role", "king", "--unit", "sihe_subdistrict"], PASSWORD, "There is no role"),
        (["--role", "dispatcher", "--unit", "nowhere"], PASSWORD, "There is no unit"),
        (["--role", "dispatcher", "--unit", "sihe_subdistrict"], "short", "A password has"),
        (["--role", "grid_worker"], PASSWORD, "Name the cells"),
        (["--role", "grid_worker", "--cells", "370831001003"], PASSWORD, "There is no grid cell"),
        (["--role", "dispatcher", "--unit", "sihe_subdistrict", "--cells", CELL], PASSWORD, "walks cells"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    county: County, words: list[str], password: str, told: str
) -> None:
    refused = _create(county, "wang", *words, password=password)

    assert (refused.exit_code, told in refused.output) == (1, True)


def test_a_name_is_given_once(county: County) -> None:
    _create(county, "boss", "--role", "admin")

    again = _create(county, "boss", "--role", "admin")

    assert (again.exit_code, "is taken" in again.output) == (1, True)


def test_a_command_that_cannot_be_read_ends_with_two(county: County) -> None:
    with county.transaction() as session:
        a_worker(session, username="wang")

    refused = _wangge(county, "assign", "wang", "--cells", CELL, "--from", "tomorrow")

    assert refused.exit_code == 2


def test_cells_are_given_from_the_first_to_the_last_day(county: County) -> None:
    with county.transaction() as session:
        a_worker(session, username="wang")

    done = _wangge(
        county,
        "assign",
        "wang",
        "--cells",
        OTHER_CELL,
        "--from",
        "2026-12-01",
        "--to",
        "2026-12-01",
        "--json",
    )

    assert json.loads(done.stdout) == {
        "username": "wang",
        "cells": [OTHER_CELL],
        "from": "2026-12-01",
        "to": "2026-12-01",
    }


def test_an_enrolment_code_is_made_for_a_person(county: County) -> None:
    with county.transaction() as session:
        a_worker(session, username="wang")

    made = json.loads(_wangge(county, "device", "code", "wang", "--json").stdout)
    nobody = _wangge(county, "device", "code", "nobody", "--json")

    assert set(made) == {"enrolment_code", "expires_at"}
    assert (nobody.exit_code, "There is no user" in nobody.output) == (1, True)


def test_people_are_listed_and_switched_off(county: County) -> None:
    _create(county, "boss", "--role", "admin")

    _wangge(county, "user", "switch", "boss", "off")

    assert _wangge(county, "user", "list").stdout == "boss  admin  construction_hq  (switched off)\n"
