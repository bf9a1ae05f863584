"""Whom an entry concerns."""

from __future__ import annotations

from typing import Any

import pytest

from server.ledger.notices import Event, notices_of
from tests.unit.ledger.casting import an_id

LEADER, CLERK, CHECKER = an_id("leader"), an_id("clerk"), an_id("checker")
DESK = {"dispatcher": [CLERK], "shift_leader": [LEADER]}


def event(command: str, to_state: str = "in_progress", **more: Any) -> Event:
    given: dict[str, Any] = {"level": 0, "facts": {}, "unit_code": "company_1", "lead_unit": "bureau", **more}
    return Event(an_id("case"), 7, command, to_state, name_zh="1 号案卷", name_en="case 1", **given)


RETURN, EXTENSION = ("return", "company_1"), ("extension", "company_1")
TABLE: list[tuple[str, Event, str | None, set[Any]]] = [
    ("dispatched", event("case.dispatch", facts={"unit": "company_2"}), "dispatched", {"company_2"}),
    ("level 1", event("case.raise_level", level=1), "level_raised", {"company_1"}),
    ("level 2", event("case.raise_level", level=2), "level_raised", {"company_1", "bureau"}),
    ("failed check", event("case.check"), "claim_refused", {"company_1"}),
    ("passed check", event("case.check", "check_passed"), None, set()),
    ("closed", event("case.close", "closed"), "closed", {"company_1"}),
    ("closed without a unit", event("case.close", "closed", unit_code=None), None, set()),
    ("a note", event("case.note"), None, set()),
    ("check given", event("case.assign_check", facts={"checker": str(CHECKER)}), "check_assigned", {CHECKER}),
    (
        "a return is asked",
        event("case.return", asked=RETURN, needed=frozenset(("dispatcher",)), desk=DESK),
        "request_waiting",
        {CLERK},
    ),
    (
        "a second extension is asked",
        event(
            "case.request_extension",
            asked=EXTENSION,
            needed=frozenset(("shift_leader", "lead_unit")),
            desk=DESK,
        ),
        "request_waiting",
        {LEADER, "bureau"},
    ),
    (
        "granted",
        event("case.decide", asked=RETURN, facts={"outcome": "granted"}),
        "request_decided",
        {"company_1"},
    ),
    ("one word of two", event("case.decide", asked=EXTENSION, facts={"outcome": "pending"}), None, set()),
    (
        "handed over",
        event("case.transfer", "transferred", facts={"unit": "police"}),
        "transferred",
        {"police", "company_1"},
    ),
]


@pytest.mark.parametrize(("why", "entry", "kind", "to"), TABLE, ids=[row[0] for row in TABLE])
def test_an_entry_is_told(why: str, entry: Event, kind: str | None, to: set[Any]) -> None:
    told = notices_of(entry)

    assert {one.unit_code or one.user_id for one in told} == to
    assert {one.kind for one in told} <= {kind}
    assert {one.event_id for one in told} <= {f"case:{an_id('case')}:7"}


def test_a_unit_that_is_responsible_and_leads_is_told_once() -> None:
    told = notices_of(event("case.raise_level", level=3, lead_unit="company_1"))

    assert [one.unit_code for one in told] == ["company_1"]
