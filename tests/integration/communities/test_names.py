"""A community's new name reaches every record that carries it to the tablets, also one written meanwhile."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from server import wiring
from server.communities.sync import COMMAND_TYPES as EDITS
from tests.build import NOW, County
from tests.integration.communities.fieldwork import Field
from tests.integration.inspections.making import an_inspection, push, version_of_checklist
from tests.integration.ledger.acting import Cast, a_cast, a_mutation, a_sender, an_id
from tests.lock_waits import wait_until_somebody_waits

NAMED = (
    "SELECT entity, body ->> 'community_name' AS name FROM sync.entity_state"
    " WHERE body ->> 'community_id' = :id"
)
NEW = "新名小区"


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def rename(session: Session, cast: Cast) -> str:
    old = session.execute(
        text("SELECT name FROM geo.community WHERE community_id = :id"), {"id": cast.community_id}
    ).scalar_one()
    told = a_mutation("community.edit", cast.community_id, {"fields": {"name": {"old": old, "new": NEW}}})
    scope = [f"cell:{cast.cell}"]
    [outcome] = EDITS["community.edit"].handler(session, a_sender(cast.worker, scope), [told], cast.later())
    return outcome.status


def told(cast: Cast) -> dict[str, set[str | None]]:
    """Return the names that the tablets hold of the community, by entity."""
    found: dict[str, set[str | None]] = {}
    with cast.county.transaction() as session:
        for row in session.execute(text(NAMED), {"id": str(cast.community_id)}):
            if row.name is not None:
                found.setdefault(row.entity, set()).add(row.name)
    return found


def a_site(cast: Cast) -> None:
    lon, lat = cast.point
    data = {"community_id": str(cast.community_id), "location": {"lon": lon, "lat": lat}}
    with cast.county.transaction() as session:
        sender = a_sender(cast.worker, [f"cell:{cast.cell}"])
        handler = wiring.COMMAND_TYPES["charging_site.propose"].handler
        [outcome] = handler(session, sender, [a_mutation("charging_site.propose", an_id(), data)], NOW)
    assert outcome.status == "applied"


def test_a_new_name_travels_with_cases_inspections_and_sites(cast: Cast) -> None:
    cast.report()
    push(cast, [an_inspection(cast, version_of_checklist(cast))], scope=[f"cell:{cast.cell}"])
    a_site(cast)
    before = told(cast)

    with cast.county.transaction() as session:
        assert rename(session, cast) == "applied"

    assert {"case", "charging_site", "inspection"} <= before.keys()
    assert all(NEW not in names for names in before.values())
    assert told(cast) == {entity: {NEW} for entity in before}


def test_another_field_moves_no_case(cast: Cast) -> None:
    case_id, _ = cast.report()
    rev = "SELECT rev FROM sync.entity_state WHERE entity = 'case' AND entity_id = :id"
    field = Field(cast.county)
    before = field.one(rev, id=str(case_id)).rev
    change = {"fields": {"households": {"old": 0, "new": 777}}}

    with cast.county.transaction() as session:
        sender = a_sender(cast.worker, [f"cell:{cast.cell}"])
        EDITS["community.edit"].handler(
            session, sender, [a_mutation("community.edit", cast.community_id, change)], cast.later()
        )

    assert field.one(rev, id=str(case_id)).rev == before


@pytest.mark.parametrize("what", ["case", "inspection"])
def test_what_is_written_beside_the_edit_does_not_miss_it(cast: Cast, what: str) -> None:
    version = version_of_checklist(cast)

    def write() -> None:
        if what == "case":
            cast.report()
        else:
            push(cast, [an_inspection(cast, version)], scope=[f"cell:{cast.cell}"])

    with cast.county.transaction() as session:
        rename(session, cast)
        session.flush()
        writing = Thread(target=write)
        writing.start()
        wait_until_somebody_waits(cast.county)
    writing.join()

    assert told(cast)[what] == {NEW}
