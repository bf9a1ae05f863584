"""Which closed case a violation repeats, and when it is a rebound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server.ledger.repeats import ClosedCase, reopens, repeated
from server.photos.claims import ClaimedPhoto
from tests.unit.ledger.casting import NOW, an_id
from tests.unit.ledger.test_opening import HERE, THERE, agreed, found

WITHIN = timedelta(days=180)
NEW, OLD = b"n" * 32, b"o" * 32


def closed(name: str = "lift", **more: Any) -> ClosedCase:
    at = NOW - timedelta(days=10)
    made = ClosedCase(an_id(name), HERE, "private_wiring_charging", None, at, "company_1", 4, "uh")
    return replace(made, **more)


CASES = [
    closed("lift", asset="lift 1"),
    closed("older", asset="lift 1", closed_at=NOW - timedelta(days=300)),
    closed("plain", closed_at=NOW - timedelta(days=20)),
    closed("far", community_id=THERE, asset="lift 1"),
    closed("other", category="indoor_charging", asset="lift 1"),
]
REPEATED: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("nothing speaks for it", {}, "distance", None),
    ("the same asset, closed last", {"asset": "lift 1"}, "distance", "lift"),
    ("another asset", {"asset": "lift 2"}, "distance", None),
    ("the same asset elsewhere", {"asset": "lift 1", "community_id": THERE}, "distance", "far"),
    ("one for the community, closed last", {}, "community", "lift"),
    ("named by the reporter", {"joins": an_id("older")}, "distance", "older"),
    ("named, of another category", {"joins": an_id("other")}, "distance", None),
    ("named before the same asset", {"joins": an_id("plain"), "asset": "lift 1"}, "distance", "plain"),
]


@pytest.mark.parametrize(("why", "more", "scope", "case"), REPEATED, ids=[row[0] for row in REPEATED])
def test_a_violation_repeats(why: str, more: dict[str, Any], scope: str, case: str | None) -> None:
    past = repeated(found(**more), agreed(scope), CASES)

    assert (past.case_id if past else None) == (an_id(case) if case else None)


REBOUNDS: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("within 180 days", {}, {}, True),
    ("on the last moment of them", {}, {"closed_at": NOW - WITHIN}, True),
    ("later", {}, {"closed_at": NOW - WITHIN - timedelta(seconds=1)}, False),
    ("seen before it was closed", {"found_at": NOW - timedelta(days=11)}, {}, False),
    ("seen after it was closed", {"found_at": NOW - timedelta(days=9)}, {}, True),
    ("without a photo", {"photos": ()}, {}, False),
    ("with an old photo only", {"photos": (ClaimedPhoto(OLD, "before"),)}, {}, False),
    ("imported without a unit", {}, {"unit_code": None}, False),
    ("imported without a limit", {}, {"limit_amount": None}, False),
]


@pytest.mark.parametrize(("why", "more", "case", "rebound"), REBOUNDS, ids=[row[0] for row in REBOUNDS])
def test_it_is_a_rebound(why: str, more: dict[str, Any], case: dict[str, Any], rebound: bool) -> None:
    violation = found(**{"photos": (ClaimedPhoto(NEW, "before"), ClaimedPhoto(OLD, "before")), **more})

    assert reopens(violation, closed(**case), {NEW}, NOW, WITHIN) is rebound
