"""Finding cases by words: of one letter, of two, of many, of a number, of a community's name."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from server.ledger import service
from server.ledger.lists import Filter
from tests.integration.ledger.acting import Cast

DESCRIPTION = "三辆车停在消防通道旁，Exit B 100%_堵死"


def found(cast: Cast, wanted: Filter) -> list[UUID]:
    with cast.county.transaction() as session:
        cases = service.cases(session, wanted, None, 50, actor=cast.headquarters, now=cast.clock)
        return [UUID(case["case_id"]) for case in cases]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("车", True),
        ("消防", True),
        ("消防通道", True),
        ("exit b", True),
        ("100%_堵", True),
        ("100_%", False),
        ("电梯", False),
        ("道消", False),
        ("车消防", False),
        ("", True),
    ],
)
def test_words_of_any_length_find_a_case(cast: Cast, words: str, is_found: bool) -> None:
    case_id, _ = cast.report(description=DESCRIPTION)

    assert (case_id in found(cast, Filter(text=words))) is is_found


def test_part_of_the_number_and_of_the_community_find_a_case(cast: Cast) -> None:
    case_id, _ = cast.report(description=DESCRIPTION)
    with cast.county.transaction() as session:
        number, name = session.execute(
            text('SELECT number, name FROM server."case" JOIN geo.community USING (community_id)')
        ).one()

    assert found(cast, Filter(text=number[-7:])) == [case_id]
    assert found(cast, Filter(text=name[:2])) == [case_id]


def test_an_index_answers_words_of_two_letters(cast: Cast) -> None:
    cast.report(description=DESCRIPTION)
    with cast.county.transaction() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = session.scalars(
            text(
                'EXPLAIN SELECT case_id FROM server."case"'
                " WHERE server.grams_of(description) @> server.grams_sought('消防')"
            )
        )
        told = "\n".join(plan)

    assert "case_description_grams" in told


def test_a_running_clock_has_no_light_that_it_stopped_at(cast: Cast) -> None:
    case_id, _ = cast.report()

    assert found(cast, Filter(signal=("green",))) == [case_id]
    cast.clock += timedelta(days=60)
    assert found(cast, Filter(signal=("green", "yellow"))) == []
    assert found(cast, Filter(signal=("red",))) == [case_id]
    with cast.county.transaction() as session:
        assert session.scalar(text('SELECT stopped_signal FROM server."case"')) is None
