"""Corrections: a new inspection points to the old one, joins its cases, and notes what it no longer finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from server.auth.actor import Actor
from server.inspections.sync import COMMAND_TYPES
from sync.mutations import Outcome
from tests.integration.communities.fieldwork import assert_refused
from tests.integration.inspections.making import an_inspection, fly_wires, inspection_data, push, rows
from tests.integration.ledger.acting import a_digest, a_mutation, a_sender, an_id

if TYPE_CHECKING:
    from tests.integration.ledger.acting import Cast


def correct(
    cast: Cast, version: str, first: object, who: Actor | None = None, **data: Any
) -> tuple[UUID, Outcome]:
    inspection_id = an_id()
    told = a_mutation(
        "inspection.correct", inspection_id, {**inspection_data(cast, version, **data), "corrects": first}
    )
    with cast.county.transaction() as session:
        handler = COMMAND_TYPES["inspection.correct"].handler
        [outcome] = handler(session, a_sender(who or cast.worker), [told], cast.later())
    return inspection_id, outcome


def cases(cast: Cast) -> list[UUID]:
    return [row["case_id"] for row in rows(cast, 'SELECT case_id FROM server."case" ORDER BY case_id')]


def test_a_correction_joins_the_cases_of_the_first_and_both_stay(cast: Cast, version: str) -> None:
    first = an_id()
    push(cast, [an_inspection(cast, version, inspection_id=first, answers=fly_wires({}))])
    before = cases(cast)

    second, outcome = correct(cast, version, str(first), answers=fly_wires({"count": {"value": 5}}))

    assert outcome.status == "applied"
    assert cases(cast) == before
    found = rows(cast, "SELECT inspection_id, corrects FROM server.inspection ORDER BY received_at")
    assert [(row["inspection_id"], row["corrects"]) for row in found] == [(first, None), (second, first)]
    assert not rows(cast, "SELECT 1 FROM server.case_entry WHERE command = 'case.note'")


def test_what_a_correction_no_longer_finds_is_noted_and_stays_open(cast: Cast, version: str) -> None:
    first = an_id()
    push(cast, [an_inspection(cast, version, inspection_id=first)])

    _, outcome = correct(cast, version, str(first), answers={"ebikes_estimate": {"value": 140}})

    assert outcome.status == "applied"
    [noted] = rows(
        cast,
        "SELECT p.words, c.closed_at FROM server.case_entry e"
        " JOIN server.case_entry_private p USING (case_id, seq)"
        " JOIN server.\"case\" c USING (case_id) WHERE e.command = 'case.note'",
    )
    assert "更正" in noted["words"]["text"]
    assert noted["closed_at"] is None


def test_a_correction_of_what_has_not_arrived_waits_for_it(cast: Cast, version: str) -> None:
    missing = an_id()

    _, outcome = correct(cast, version, str(missing))

    assert (outcome.status, outcome.waits_for) == ("held", (f"inspection:{missing}",))


def test_only_who_inspected_corrects(cast: Cast, version: str) -> None:
    first = an_id()
    push(cast, [an_inspection(cast, version, inspection_id=first)])

    _, outcome = correct(cast, version, str(first), cast.checker)

    assert outcome.status == "rejected"


@pytest.mark.parametrize(
    ("first", "data", "pointer"),
    [
        (None, {}, "/data/corrects"),
        ("that one", {}, "/data/corrects"),
        ("first", {"community_id": str(an_id())}, "/data/community_id"),
        ("first", {"answers": []}, "/data/answers"),
    ],
)
def test_a_correction_that_cannot_be_read_is_refused(
    cast: Cast, version: str, first: str | None, data: dict[str, Any], pointer: str
) -> None:
    stored = an_id()
    push(cast, [an_inspection(cast, version, inspection_id=stored)])

    _, outcome = correct(cast, version, str(stored) if first == "first" else first, **data)

    assert_refused(outcome, pointer)


def test_both_say_which_corrects_which_in_detail_in_lists_and_on_tablets(cast: Cast, version: str) -> None:
    first = an_id()
    push(cast, [an_inspection(cast, version, inspection_id=first)])
    second, _ = correct(cast, version, str(first))
    third, _ = correct(cast, version, str(first))

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.worker)
        shown: Any = client.get(f"/api/v1/inspections/{first}", headers=headers).json
        page: Any = client.get("/api/v1/inspections", headers=headers).json
    listed = page["items"]
    told = {
        row["entity_id"]: row["body"]
        for row in rows(cast, "SELECT entity_id, body FROM sync.entity_state WHERE entity = 'inspection'")
    }

    links = {one["inspection_id"]: (one["corrects"], one["corrected_by"]) for one in listed}
    assert links == {
        str(first): (None, [str(second), str(third)]),
        str(second): (str(first), []),
        str(third): (str(first), []),
    }
    assert (shown["corrects"], shown["corrected_by"]) == links[str(first)]
    assert {one: (body["corrects"], body["corrected_by"]) for one, body in told.items()} == links


def test_a_correction_may_show_the_photos_of_what_it_corrects_and_of_nothing_else(
    cast: Cast, version: str
) -> None:
    first, other = an_id(), an_id()
    own, foreign = a_digest(), a_digest()
    push(cast, [an_inspection(cast, version, inspection_id=first, photos=[own])])
    push(cast, [an_inspection(cast, version, inspection_id=other, photos=[foreign])])

    second, outcome = correct(cast, version, str(first), photos=[own])
    _, again = correct(cast, version, str(second), photos=[own, foreign])

    twice = [one.type for one in outcome.warnings if one.type == "photo-used-twice"]
    twice_again = [one.detail for one in again.warnings if one.type == "photo-used-twice"]
    assert twice == []
    assert len(twice_again) == 1
    assert str(other) in twice_again[0]
