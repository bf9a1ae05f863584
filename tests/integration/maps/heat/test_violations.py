"""Heat of violations: what inspections found wrong, beside cases, exact at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.hexagons import hexagon_at
from server.auth.actor import Actor
from server.ledger.facts import Command
from server.ledger.service import obey
from server.maps.heat import jobs
from tests.build import OTHER_CELL, County, a_person
from tests.integration.ledger.acting import Cast, a_cast, a_digest, version_of
from tests.integration.maps.heat.counting import Ask, asking, differences, fold, hand_over, inspected, work
from tests.lock_waits import wait_until_somebody_waits

STEPS = (
    "inspect",
    "correct",
    "move",
    "rename",
    "worsen",
    "forget",
    "file",
    "let_go",
    "end",
    "fold_one",
    "fold",
)


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def boss(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "headquarters", None)


@pytest.fixture
def ask(client: FlaskClient, county: County, boss: Actor) -> Ask:
    return asking(client, county, boss)


def _at(answer: Any, place: object) -> Any:
    [found] = [one for one in answer["items"] if one["place"] == str(place)]
    return found


def test_what_inspections_found_is_counted_whether_or_not_it_became_a_case(
    county: County, cast: Cast, ask: Ask
) -> None:
    case_id, _ = cast.report()
    inspected(cast, "bike_room_blocked", case_id=case_id)
    inspected(cast, "bike_room_blocked", "lamp_broken")

    for state in ("not folded", "folded"):
        told = {
            by: _at(ask(what="violations", by=by), place)
            for by, place in (
                ("grid_cell", cast.cell),
                ("community", cast.community_id),
                ("h3", hexagon_at(*cast.point, 9)),
            )
        }
        assert {one["count"] for one in told.values()} == {3}, state
        assert ask(by="community")["total"] == 1
        fold(county)
    rate = _at(ask(what="violations", by="community", metric="per_inspection"), cast.community_id)
    open_ = _at(ask(what="violations", by="community", metric="open"), cast.community_id)
    assert (rate["value"], open_["value"]) == (1.5, 1)


def test_items_categories_and_days_choose_violations_and_lead_to_their_inspections(
    client: FlaskClient, county: County, cast: Cast, boss: Actor, ask: Ask
) -> None:
    first = inspected(cast, "bike_room_blocked")
    second = inspected(cast, "lamp_broken")

    def total(**given: str) -> int:
        found: int = ask(what="violations", **given)["total"]
        return found

    def listed(**given: str) -> list[str]:
        answer = client.get("/api/v1/inspections", query_string=given, headers=county.bearer(boss))
        assert answer.status_code == 200, answer.text
        return [one["inspection_id"] for one in answer.get_json()["items"]]

    assert (total(item="lamp_broken"), total(item="lamp_broken,bike_room_blocked"), total(item="x")) == (
        1,
        2,
        0,
    )
    assert (
        total(category="parking_disorderly"),
        total(category="fire_lane_blocked"),
        total(severity="A"),
    ) == (
        2,
        0,
        0,
    )
    assert total(from_="2026-11-20", to="2026-11-20") == 2
    assert total(from_="2026-10-01", to="2026-10-31") == 0
    fold(county)
    assert listed(item="lamp_broken") == [str(second)]
    assert listed(violating="true", hexagon=hexagon_at(*cast.point, 8)) == [str(second), str(first)]
    assert listed(violating="true", category="fly_wires") == []
    assert listed(violating="true", inspected_to="2026-11-01") == []
    spots = client.get(
        "/api/v1/hotspots?what=violations&by=grid_cell&item=lamp_broken", headers=county.bearer(boss)
    )
    assert spots.status_code == 200, spots.text
    assert sum(one["count"] for one in spots.get_json(force=True)["items"]) == 1


def test_a_correction_takes_the_place_of_what_it_corrects(county: County, cast: Cast, ask: Ask) -> None:
    first = inspected(cast, "bike_room_blocked", "lamp_broken")
    fold(county)

    inspected(cast, "lamp_broken", corrects=first)
    inspected(cast, "lamp_broken", corrects=first)

    told = _at(ask(what="violations", by="community"), cast.community_id)
    assert (told["count"], told["inspections"]) == (2, 1)


def test_what_cannot_be_asked_of_cases_is_told(client: FlaskClient, county: County, boss: Actor) -> None:
    for query, field in (("item=lamp_broken", "item"), ("what=everything", "what")):
        answer = client.get(f"/api/v1/heat?{query}", headers=county.bearer(boss))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/query/{field}"]
    assert client.get("/api/v1/hotspots?item=x", headers=county.bearer(boss)).status_code == 422


class History:
    """Inspections and what becomes of them, in whatever order."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.ids: list[UUID] = []
        self.case_ids: list[UUID] = []

    def take(self, step: str, which: int) -> None:
        """Do one step upon the inspection that it falls upon."""
        if step == "inspect" or not self.ids:
            self.ids.append(inspected(self.cast, *["lamp_broken"] * (which % 3)))
        elif step == "correct":
            self.ids.append(inspected(self.cast, "lamp_broken", corrects=self._one(which)))
        elif step == "fold":
            fold(self.cast.county)
        elif step == "file":
            self.case_ids.append(self.cast.report()[0])
            self._sql(step, which)
        elif step == "end":
            for case_id in self.case_ids[-1:]:
                hand_over(self.cast, case_id)
            del self.case_ids[-1:]
        else:
            self._sql(step, which)

    def _one(self, which: int) -> UUID:
        return self.ids[which % len(self.ids)]

    def _sql(self, step: str, which: int) -> None:
        first = (
            f"SELECT violation_id FROM server.violation WHERE inspection_id = '{self._one(which)}' LIMIT 1"
        )
        other = "(SELECT max(category) FROM server.category)"
        statements = {
            "move": f"UPDATE server.inspection SET grid_cell_code = '{OTHER_CELL}' WHERE inspection_id = :id",
            "rename": f"UPDATE server.violation SET category = {other} WHERE violation_id IN ({first})",
            "worsen": "UPDATE server.violation SET severity = 'A' WHERE inspection_id = :id",
            "file": f"UPDATE server.violation SET case_id = '{self.case_ids[-1] if self.case_ids else ''}'"
            " WHERE inspection_id = :id",
            "let_go": "UPDATE server.violation SET case_id = NULL WHERE inspection_id = :id",
            "forget": f"DELETE FROM server.violation WHERE violation_id IN ({first})",
            "fold_one": f"SELECT server.fold_heat({which + 1})",
        }
        with self.cast.county.transaction() as session:
            session.execute(
                text(statements[step]), {"id": self._one(which)} if ":id" in statements[step] else {}
            )


# One database for all examples: what one leaves behind, the next one goes on from.
@settings(
    max_examples=8,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), min_size=6, max_size=16))
def test_whatever_happens_to_inspections_the_counts_stay_exact(
    cast: Cast, steps: list[tuple[str, int]]
) -> None:
    history = History(cast)
    for step, which in steps:
        history.take(step, which)

        with cast.county.transaction() as session:
            assert differences(session) == [], f"after {step} {which}"

    fold(cast.county)
    assert work(cast.county, jobs.prove) == 0


CORRECT = text(
    "INSERT INTO server.inspection (inspection_id, checklist_version, community_id, corrects, user_id,"
    " content_sha256, received_at, answers) SELECT gen_random_uuid(), checklist_version, community_id,"
    " inspection_id, user_id, content_sha256, received_at, answers"
    " FROM server.inspection WHERE inspection_id = :id"
)
FIND = text(
    "INSERT INTO server.violation (violation_id, inspection_id, item_code, category, severity, case_id)"
    " VALUES (gen_random_uuid(), :inspection, 'lamp_broken', 'parking_disorderly', 'C', :case)"
)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """One inspection, the case that it found, and what may happen to them at the same moment."""

    cast: Cast
    case_id: UUID
    inspection_id: UUID

    def correct(self, session: Session) -> None:
        session.execute(CORRECT, {"id": self.inspection_id})

    def find(self, session: Session) -> None:
        session.execute(FIND, {"inspection": self.inspection_id, "case": self.case_id})

    def end(self, session: Session) -> None:
        data = {"unit": "public_security_bureau", "photos": [a_digest()]}
        command = Command("case.transfer", version_of(session, self.case_id), data)
        actor, now = self.cast.shift_leader, self.cast.later()
        obey(session, case_id=self.case_id, command=command, actor=actor, now=now)


@pytest.mark.parametrize(
    ("first", "second"), [("correct", "end"), ("end", "correct"), ("find", "end"), ("end", "find")]
)
def test_a_case_that_ends_at_the_moment_of_another_change_leaves_the_counts_exact(
    county: County, cast: Cast, first: str, second: str
) -> None:
    case_id, _ = cast.report()
    at_once = AtOnce(cast, case_id, inspected(cast, "lamp_broken", case_id=case_id))

    def other() -> None:
        with county.transaction() as session:
            getattr(at_once, second)(session)

    waiting = Thread(target=other)
    with county.transaction() as session:
        getattr(at_once, first)(session)
        waiting.start()
        wait_until_somebody_waits(county)
    waiting.join()

    with county.transaction() as session:
        assert differences(session) == []
        ended = 'SELECT ended_at IS NOT NULL FROM server."case" WHERE case_id = :id'
        assert session.execute(text(ended), {"id": case_id}).scalar_one()
