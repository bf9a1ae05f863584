"""What the page of a case shows around it: duplicates to merge, departments' tasks, times, papers."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from server.auth.actor import Actor
from tests.integration.ledger.test_turns import by_a_resident
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


def reported_near(office: Office, like: UUID) -> UUID:
    """Store a resident's report of the kind of another case, at its place."""
    case_id = by_a_resident(office.cast, like)
    with office.cast.county.owner() as session:
        session.execute(
            text(
                'UPDATE server."case" SET accuracy_m = 5, geom ='
                ' (SELECT geom FROM server."case" WHERE case_id = :like) WHERE case_id = :id'
            ),
            {"id": case_id, "like": like},
        )
    return case_id


def test_a_report_is_compared_with_the_nearest_case_and_merged_into_it(
    visitor: Visitor, office: Office
) -> None:
    stands = office.report()
    report = reported_near(office, stands)
    leader: Actor = office.cast.shift_leader
    page = visitor.sign_in(leader, f"/cases/{report}")

    found = page.locator(f'[data-duplicate="{stands}"]')
    expect(found).to_contain_text("米")
    found.locator("[data-compare]").click()
    expect(found.locator("[data-side=here] img").first).to_be_visible()
    expect(found.locator("[data-side=other] img").first).to_be_visible()
    expect(found.locator("[data-keep=here]")).to_have_count(0)
    found.locator("[data-keep=other]").click()
    page.click("[data-run]")

    expect(page).to_have_url(f"{office.url}/cases/{stands}")
    back = page.locator("[data-relation=merged_from] a")
    expect(back).to_be_visible()
    expect(page.locator("[data-role=before] .thumb").first).to_be_visible()
    back.click()
    expect(page.locator("[data-relation=merged_into] a")).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("已并案")
    assert not visitor.complaints


def test_a_filed_case_takes_in_a_report_that_came_later(visitor: Visitor, office: Office) -> None:
    stands = office.report()
    report = reported_near(office, stands)
    page = visitor.sign_in(office.cast.shift_leader, f"/cases/{stands}")

    page.click("[data-ask]")
    page.locator(f'[data-duplicate="{report}"] [data-compare]').click()
    page.click("[data-keep=here]")
    page.click("[data-run]")

    expect(page.locator("[data-relation=merged_from] a")).to_be_visible()
    assert not visitor.complaints


def test_tasks_of_departments_copies_and_times_are_shown(visitor: Visitor, office: Office) -> None:
    case_id = office.report(category="fire_lane_blocked", severity="A")
    page = visitor.sign_in(office.cast.headquarters, f"/cases/{case_id}")

    task = page.locator("[data-task=public_security_bureau]")
    expect(task).to_contain_text("法定职责、抄告")
    expect(task).to_contain_text("待办")
    expect(task).to_contain_text("20")
    expect(page.locator("[data-link=dispatch]")).to_be_visible()
    expect(page.locator("[data-part=papers]")).to_contain_text("尚无公文")
    expect(page.locator("ol")).to_contain_text("抄告部门")


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_the_page_of_a_case_with_duplicates_has_no_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    stands = office.report(category="fire_lane_blocked", severity="A")
    report = reported_near(office, stands)
    page = visitor.sign_in(office.cast.shift_leader, "/ledger")
    speaks(page, language, theme)

    visitor.open(f"/cases/{report}")
    page.locator("[data-compare]").click()
    expect(page.locator("[data-side=other] img").first).to_be_visible()

    assert not serious_faults(page)
    visitor.open(f"/cases/{stands}")
    expect(page.locator("[data-part=parties]")).to_be_visible()
    assert not serious_faults(page)
