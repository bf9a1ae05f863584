"""Cells given to workers over HTTP: instead of others, beside them, for a while, handed over, undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.auth.actor import Actor
from server.communities.service import local_day
from tests.build import CELL, JIHE_CELL, OTHER_CELL, County, a_person, a_worker


class Office:
    """A shift leader of Sihe with two workers, before the assignments."""

    def __init__(self, county: County, client: FlaskClient) -> None:
        self.county, self.client = county, client
        self.today: date = local_day(datetime.now(UTC))
        with county.transaction() as session:
            self.leader = a_person(session, "shift_leader")
            self.anna = a_worker(session, [CELL], username="anna", now=datetime(2026, 1, 5, tzinfo=UTC))
            self.bo = a_worker(session, [OTHER_CELL], username="bo", now=datetime(2026, 1, 5, tzinfo=UTC))

    def __call__(self, method: str, path: str, body: Any = None, who: Actor | None = None) -> tuple[int, Any]:
        headers = self.county.bearer(who or self.leader)
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    def give(self, **more: Any) -> tuple[int, Any]:
        told = {"cells": [CELL], "worker": "bo", "from": self.today.isoformat(), **more}
        return self("POST", "/assignments", told)

    def walkers(self, cell: str = CELL, days: int = 0) -> list[str]:
        on = self.today + timedelta(days=days)
        items = self("GET", f"/assignments?on={on}&subdistrict=370831001&limit=1000")[1]["items"]
        [found] = [one for one in items if one["code"] == cell]
        return [one["username"] for one in found["workers"]]


@pytest.fixture
def office(county: County) -> Iterator[Office]:
    with county.client() as client:
        yield Office(county, client)


def told_to_tablets(county: County, user: Actor) -> int:
    alive = (
        "SELECT count(*) FROM sync.bucket_entry"
        " WHERE entity = 'assignment' AND alive AND bucket = 'user:' || :id"
    )
    with county.owner() as session:
        return int(session.execute(text(alive), {"id": str(user.user_id)}).scalar_one())


def test_a_stand_in_walks_for_a_while_and_the_cell_comes_back_and_all_of_it_can_be_undone(
    office: Office,
) -> None:
    last = (office.today + timedelta(days=13)).isoformat()
    status, tried = office.give(to=last, dry_run=True)
    assert (status, tried["change_id"], tried["taken_from"]) == (200, None, ["anna"])
    assert office.walkers() == ["anna"]

    _, done = office.give(to=last)
    assert [office.walkers(days=n) for n in (0, 13, 14)] == [["bo"], ["bo"], ["anna"]]
    assert (told_to_tablets(office.county, office.anna), told_to_tablets(office.county, office.bo)) == (2, 2)

    status, undone = office("POST", f"/assignments/changes/{done['change_id']}/undo")
    assert (status, undone["undone_by"]) == (200, office.leader.display_name)
    assert [office.walkers(days=n) for n in (0, 13, 14)] == [["anna"]] * 3
    assert (told_to_tablets(office.county, office.anna), told_to_tablets(office.county, office.bo)) == (1, 1)
    again = office("POST", f"/assignments/changes/{done['change_id']}/undo")
    assert (again[0], again[1]["type"]) == (409, "/problems/assignment-change-stands")


def test_all_cells_of_one_worker_are_handed_over_and_the_history_of_a_cell_tells_it(office: Office) -> None:
    assert office.give(cells=[], taken_from="anna")[1]["cells"] == [CELL]
    assert (office.walkers(), office.walkers(OTHER_CELL)) == (["bo"], ["bo"])

    names = [one["username"] for one in office("GET", f"/grid-cells/{CELL}/assignments")[1]["items"]]
    changes = office("GET", f"/assignments/changes?cell={CELL}")[1]["items"]

    assert names == ["bo", "anna"]
    assert [(one["worker"], one["cells"]) for one in changes] == [("bo", [CELL])]


def test_two_may_walk_a_cell_and_nobody_may(office: Office) -> None:
    office.give(beside=True)
    assert office.walkers() == ["anna", "bo"]
    office.give(worker=None)
    assert office.walkers() == []


def test_what_changed_since_is_not_undone(office: Office) -> None:
    _, first = office.give()
    office.give(worker="anna")

    status, problem = office("POST", f"/assignments/changes/{first['change_id']}/undo")

    assert (status, problem["type"]) == (409, "/problems/assignment-change-stands")
    assert office.walkers() == ["anna"]


@pytest.mark.parametrize(
    ("more", "status", "problem"),
    [
        ({"cells": ["370831001999999"]}, 422, "unknown-cell"),
        ({"cells": [JIHE_CELL]}, 403, "not-yours"),
        ({"cells": []}, 422, "nothing-to-assign"),
        ({"worker": "nobody_here"}, 404, "unknown-user"),
        ({"worker": "anna"}, 422, "nothing-to-assign"),
        ({"worker": "anna", "taken_from": "anna"}, 422, "invalid-input"),
        ({"worker": None, "beside": True}, 422, "invalid-input"),
        ({"from": "2020-01-01"}, 422, "invalid-input"),
        ({"to": "2020-01-01"}, 422, "end-before-start"),
        ({"from": "soon"}, 422, "invalid-input"),
        ({"to": "9999-12-31"}, 422, "invalid-input"),
        ({"cells": "all"}, 422, "invalid-input"),
        ({"boss": 1}, 422, "invalid-input"),
    ],
)
def test_what_cannot_be_assigned_is_refused_and_nothing_changes(
    office: Office, more: dict[str, Any], status: int, problem: str
) -> None:
    answer = office.give(**more)

    assert (answer[0], answer[1]["type"]) == (status, f"/problems/{problem}")
    assert (office.walkers(), office.walkers(OTHER_CELL)) == (["anna"], ["bo"])


def test_a_change_is_never_rewritten_not_even_by_sql(office: Office) -> None:
    _, done = office.give()
    for attack in (
        "UPDATE server.assignment_change SET why = 'other' WHERE change_id = :id",
        "DELETE FROM server.assignment_change WHERE change_id = :id",
        "UPDATE server.assignment_change_row SET was = NULL WHERE change_id = :id",
    ):
        with pytest.raises(DBAPIError), office.county.transaction() as session:
            session.execute(text(attack), {"id": done["change_id"]})
