"""Figures of the ledger: what they count is what the histories say, and each lists exactly its cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from server import migrations
from server.ledger import queries, service
from server.ledger.figures import judging
from server.ledger.figures.definitions import FIGURES, GROUPS
from server.ledger.figures.service import figures
from server.ledger.lists import SEVERAL, Filter, views
from server.ledger.schemas import CasesQuery
from server.ledger.stretches import LINKS, pauses, stretches
from server.ledger.view import CaseView
from tests.build import a_person
from tests.integration.ledger.acting import Cast
from tests.integration.ledger.walking import Walk

DAYS = 30
ALL = 1000


def walked(cast: Cast, seed: int, days: int = DAYS) -> Walk:
    """Let some weeks pass over random cases and return them."""
    walk = Walk(cast, Random(seed))
    walk.begin()
    for _ in range(days):
        walk.day(walk.draw.randint(3, 6))
    with cast.county.transaction() as session:
        while judging.judge(session, cast.clock):
            pass
    return walk


def listed(session: Session, cast: Cast, address: str) -> list[str]:
    """Return the ids of the cases that the address of a figure lists."""
    parts = urlsplit(address)
    assert parts.path == "/api/v1/cases"
    query = CasesQuery().load(dict(parse_qsl(parts.query, keep_blank_values=True)))
    for name in ("cursor", "limit", "as_of"):
        query.pop(name)
    wanted = Filter(**{**query, **{name: tuple(query[name]) for name in SEVERAL}})
    rows = service.cases(session, wanted, None, ALL, actor=cast.headquarters, now=cast.clock)
    return [row["case_id"] for row in rows]


@pytest.mark.parametrize("seed", [11, 12])
def test_every_figure_lists_exactly_the_cases_it_counts(cast: Cast, seed: int) -> None:
    walked(cast, seed)
    met: set[str] = set()
    wishes = st.fixed_dictionaries(
        {},
        optional={
            "severity": st.sampled_from([("A",), ("C",), ("A", "B")]),
            "category": st.sampled_from([("parking_disorderly",), ("fire_lane_blocked",)]),
            "unit": st.sampled_from([cast.fixer.unit_code, "nobody"]),
            "signal": st.sampled_from([("red",), ("green", "yellow")]),
            "opened_from": st.dates(cast.clock.date() - timedelta(days=DAYS + 2), cast.clock.date()),
        },
    )

    with cast.county.transaction() as session:

        @settings(max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
        @given(wished=wishes, group_by=st.sampled_from(sorted(GROUPS)))
        def law(wished: dict[str, Any], group_by: str) -> None:
            told = figures(session, Filter(**wished), group_by, actor=cast.headquarters, now=cast.clock)
            for name, figure in told["whole"].items():
                assert len(listed(session, cast, figure["list"])) == figure["cases"], (name, wished)
                met.update([name] if figure["cases"] else [])
            for group in told["groups"][:3]:
                for name, figure in group["figures"].items():
                    found = listed(session, cast, figure["list"])
                    assert len(found) == figure["cases"], (name, group["key"], wished)
            for name in FIGURES:
                by_group = sum(group["figures"][name]["cases"] for group in told["groups"])
                assert by_group == told["whole"][name]["cases"]

        law()

    assert {"closed", "open", "reworked", "treat_done", "accept_done", "dispatch_late"} <= met


def test_figures_are_what_the_histories_say(cast: Cast) -> None:
    walk = walked(cast, 21, days=DAYS)

    with cast.county.transaction() as session:
        told = figures(session, Filter(), None, actor=cast.headquarters, now=cast.clock)["whole"]
        seen = views(session, walk.cases)
        spent = {link: _hours_in(session, walk.cases, link) for link in LINKS}

    def some(condition: Any) -> int:
        return sum(1 for case in seen if condition(case))

    closed = [case for case in seen if case.closed_at]
    assert told["reported"]["cases"] == len(seen)
    assert told["closed"]["cases"] == len(closed)
    assert told["on_time"]["cases"] + told["closed_late"]["cases"] == len(closed)
    assert told["on_time"]["cases"] == some(lambda one: one.closed_at and one.closed_at <= one.due_at)
    assert told["open_late"]["cases"] == some(lambda one: _open_late(one, cast.clock))
    assert told["reworked"]["times"] == sum(one.rework_count for one in seen)
    assert told["returned"]["cases"] == some(lambda one: one.returned_count)
    assert told["extended"]["times"] == sum(one.extension_count for one in seen)
    assert told["closed"]["median_h"] == pytest.approx(_share(_lives(closed), 0.5), abs=0.006)
    assert told["closed"]["p90_h"] == pytest.approx(_share(_lives(closed), 0.9), abs=0.006)
    for link, hours in spent.items():
        assert told[f"{link}_done"]["cases"] == len(hours), link
        if hours:
            assert told[f"{link}_done"]["mean_h"] == pytest.approx(sum(hours) / len(hours), abs=0.006)
            assert told[f"{link}_done"]["median_h"] == pytest.approx(_share(hours, 0.5), abs=0.006)
            assert told[f"{link}_done"]["p90_h"] == pytest.approx(_share(hours, 0.9), abs=0.006)


def _lives(closed: Sequence[CaseView]) -> list[float]:
    return [
        (one.closed_at - one.filed_at) / timedelta(hours=1)
        for one in closed
        if one.closed_at and one.filed_at
    ]


def _open_late(case: CaseView, now: datetime) -> bool:
    at = case.paused_at or now
    return case.ended_at is None and case.due_at is not None and at > case.due_at


def _hours_in(session: Session, ids: Sequence[UUID], link: str) -> list[float]:
    """Return for each case that went through a link the hours it spent there, pauses left out."""
    found = []
    for case_id in ids:
        past = queries.facts_of(session, case_id).past
        runs = [one for one in stretches(past) if one.link == link and one.ended_at]
        stopped = [(one.since, one.until) for one in pauses(past) if one.until]
        if runs:
            spent = sum(((one.ended_at or one.started_at) - one.started_at for one in runs), timedelta())
            lost = sum(
                (until - since for since, until in stopped for run in runs if _within(run, since)),
                timedelta(),
            )
            found.append((spent - lost) / timedelta(hours=1))
    return found


def _within(run: Any, at: datetime) -> bool:
    return bool(run.started_at <= at < run.ended_at)


def _share(values: Sequence[float], share: float) -> float:
    """Return a quantile, linear between the two nearest values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _stored(session: Session) -> dict[UUID, list[tuple[Any, ...]]]:
    rows = session.execute(
        text(
            "SELECT case_id, link, first_seq, started_at, last_seq, ended_at, pauses, paused"
            " FROM server.case_link ORDER BY case_id, first_seq"
        )
    )
    found: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(tuple(row)[1:])
    return found


def test_the_runs_beside_the_history_are_its_stretches_also_of_cases_from_before(cast: Cast) -> None:
    walk = walked(cast, 34)

    with cast.county.transaction() as session:
        kept = _stored(session)
        folded = {case_id: queries.facts_of(session, case_id).past for case_id in walk.cases}
    for case_id, past in folded.items():
        runs = [
            (one.link, one.first_seq, one.started_at, one.last_seq, one.ended_at) for one in stretches(past)
        ]
        assert [row[:5] for row in kept[case_id]] == runs
        ended = sum(((one.until - one.since) for one in pauses(past) if one.until), timedelta())
        assert sum(row[5] for row in kept[case_id]) == len(pauses(past))
        assert sum((row[6] for row in kept[case_id]), timedelta()) == ended
    assert any(row[5] for rows in kept.values() for row in rows)

    migrations.downgrade(cast.county.owner_url, "0400")
    migrations.upgrade(cast.county.owner_url, "head")

    with cast.county.transaction() as session:
        assert _stored(session) == kept


def test_the_application_writes_no_run_by_itself(cast: Cast) -> None:
    case_id, _ = cast.report()

    with pytest.raises(DatabaseError, match="permission denied"), cast.county.transaction() as session:
        session.execute(text("DELETE FROM server.case_link WHERE case_id = :id"), {"id": case_id})


def test_a_link_that_took_longer_than_its_limit_is_late(cast: Cast) -> None:
    case_id, _ = cast.report()
    cast.later(days=3)
    unit = cast.fixer.unit_code
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=unit, demand="清走")
    with cast.county.transaction() as session:
        judging.judge(session, cast.clock)
        told = figures(session, Filter(), "unit", actor=cast.headquarters, now=cast.clock)

    assert told["whole"]["dispatch_late"]["cases"] == 1
    assert told["whole"]["file_late"]["cases"] == 0
    assert told["groups"][0]["key"] == unit


def asked(client: FlaskClient, cast: Cast, address: str) -> Any:
    return client.get(address, headers=cast.county.bearer(cast.headquarters))


def test_figures_over_http_lead_to_their_cases(cast: Cast) -> None:
    case_id, _ = cast.report()

    with cast.county.client() as client:
        told = asked(client, cast, "/api/v1/figures?group_by=month&severity=C").get_json()
        month = told["groups"][0]
        found = asked(client, cast, month["figures"]["filed"]["list"]).get_json()
        wrong = asked(client, cast, "/api/v1/cases?group_by=month&group=2026-13")
        past = asked(client, cast, "/api/v1/cases?figure=open&as_of=2026-01-01")
        unknown = asked(client, cast, "/api/v1/figures?group_by=weather")

    assert [one["case_id"] for one in found["items"]] == [str(case_id)]
    assert month["key"] == "2026-11"
    assert {one["name"] for one in told["titles"]} == set(told["whole"])
    assert [one.status_code for one in (wrong, past, unknown)] == [422, 422, 422]
    assert wrong.get_json()["errors"][0]["pointer"] == "/query/group"


def test_a_person_counts_only_what_they_may_see(cast: Cast) -> None:
    cast.report()
    with cast.county.transaction() as session:
        stranger = a_person(session, "department", "public_security_bureau")

    with cast.county.transaction() as session:
        counted = [
            figures(session, Filter(), None, actor=who, now=cast.clock)["whole"]["reported"]["cases"]
            for who in (stranger, cast.headquarters)
        ]

    assert counted == [0, 1]
