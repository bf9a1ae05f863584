"""Numbers of papers: one row for each body's prefix and year, without a gap, never again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from server.papers import prefixes, service
from server.papers.errors import PrefixMissing
from server.problems import InvalidInput
from tests.integration.papers.office import Office


def test_a_number_is_given_at_issue_by_body_kind_and_year(office: Office) -> None:
    case_id = office.dispatched()
    drafts = [office.draft("assignment", case_id) for _ in range(2)] + [
        office.draft("report_letter", case_id)
    ]
    assert [office.show(one)["number"] for one in drafts] == [None] * 3

    numbers = [office.issue(one)["number"] for one in drafts]

    street = {"sihe_subdistrict": "泗河办", "jihe_subdistrict": "济河办"}[office.signer.unit_code]
    assert numbers == [f"{street}交〔2026〕1号", f"{street}交〔2026〕2号", f"{street}报〔2026〕1号"]


def test_headquarters_number_their_own_papers(office: Office) -> None:
    hands = office.hands("listed_supervision")
    paper_id = office.draft("listed_supervision", actor=hands[0])

    assert office.issue(paper_id, hands)["number"] == "泗城建指挂〔2026〕1号"


def test_a_year_begins_anew_at_midnight_in_the_county(office: Office) -> None:
    first, second = office.draft(), office.draft()
    office.issue(first)
    office.to_countersigned(second)
    office.cast.clock = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)

    issued = office.order(office.signer, "paper.issue", second)

    assert issued["number"].endswith("〔2027〕1号")


def test_a_void_draft_and_a_refused_issue_use_no_number(office: Office) -> None:
    office.order(office.reviewer, "paper.void", office.draft(), reason="重复")
    waiting = office.to_countersigned(office.draft())
    session = office.county.database.open()
    service.obey(
        session,
        paper_id=waiting,
        command="paper.issue",
        base_version=3,
        data={},
        actor=office.signer,
        now=office.cast.later(),
    )
    session.rollback()
    session.close()

    assert office.issue(office.draft())["number"].endswith("〔2026〕1号")


def test_sixteen_issued_at_once_get_sixteen_numbers_without_a_gap(office: Office) -> None:
    case_id = office.dispatched()
    waiting = [office.to_countersigned(office.draft("assignment", case_id)) for _ in range(16)]

    def issue(paper_id: UUID) -> str:
        return str(office.order(office.signer, "paper.issue", paper_id)["number"])

    with ThreadPoolExecutor(8) as desks:
        numbers = list(desks.map(issue, waiting))

    assert sorted(int(one.split("〕")[1].rstrip("号")) for one in numbers) == list(range(1, 17))


def test_without_a_prefix_nothing_is_issued_and_the_mend_is_told(office: Office) -> None:
    paper_id = office.to_countersigned(office.draft())
    with office.county.transaction() as session:
        session.execute(text("DELETE FROM server.paper_prefix"))

    with pytest.raises(PrefixMissing) as refused:
        office.order(office.signer, "paper.issue", paper_id)

    assert "wangge papers prefix" in refused.value.detail
    with office.county.transaction() as session:
        prefixes.set_prefix(
            session,
            body=office.signer.unit_code,
            kind="assignment",
            prefix="泗试",
            actor=None,
            now=office.cast.clock,
        )
    assert office.order(office.signer, "paper.issue", paper_id)["number"] == "泗试〔2026〕1号"


def test_a_prefix_that_cannot_be_is_refused(office: Office) -> None:
    for wanted in ("", " ", "a b", "泗〔1〕", "x" * 31, "泗城建指督"):
        with pytest.raises(InvalidInput), office.county.transaction() as session:
            prefixes.set_prefix(
                session,
                body=office.signer.unit_code,
                kind="assignment",
                prefix=wanted,
                actor=None,
                now=office.cast.clock,
            )
