"""Joint enforcement at the office desk: decided by the subdistrict, told by each participant."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from server.auth.actor import Actor
from server.ledger.joint import service
from tests.build import a_person
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor

POLICE = "public_security_bureau"


def a_chief(office: Office) -> Actor:
    with office.cast.county.transaction() as session:
        return a_person(session, "subdistrict", office.cast.dispatcher.unit_code)


def proposed(office: Office, cases: list[UUID], chief: Actor) -> str:
    """Return the id of a joint action that was proposed on cases."""
    with office.cast.county.transaction() as session:
        made = service.propose(
            session,
            case_ids=cases,
            participants=[POLICE],
            reason="多次复发",
            actor=chief,
            now=office.cast.later(),
        )
    return str(made["joint_action_id"])


def test_a_proposal_is_accepted_told_of_and_found_from_its_case(visitor: Visitor, office: Office) -> None:
    chief, case_id = a_chief(office), office.report()
    proposed(office, [case_id, office.report()], chief)
    page = visitor.sign_in(chief, f"/cases/{case_id}")

    page.locator("[data-relation=joint] a").click()
    expect(page.locator("[data-part=cases] tbody tr")).to_have_count(2)
    page.click('[data-command="joint.accept"]')
    page.click("[data-run]")
    expect(page.get_by_text("请填写：执法日期")).to_be_visible()
    page.fill("[data-field=held_on] input", "2026-12-08")
    page.keyboard.press("Enter")
    page.click("[data-run]")
    expect(page.locator(".page-head")).to_contain_text("已决定开展")
    page.click('[data-command="joint.record_result"]')
    page.fill("[data-field=finding] textarea", "占道车辆 3 台")
    page.fill("[data-field=result] textarea", "当场清走")
    page.click("[data-run]")

    told = page.locator(f'[data-unit="{chief.unit_code}"]')
    expect(told).to_contain_text("当场清走")
    expect(page.locator(f'[data-unit="{POLICE}"]')).to_contain_text("尚未登记")
    expect(page.locator('[data-command="joint.conclude"]')).to_have_count(0)
    assert not visitor.complaints


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_no_page_of_joint_enforcement_has_a_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    chief = a_chief(office)
    action = proposed(office, [office.report()], chief)
    page = visitor.sign_in(chief, "/joint")
    speaks(page, language, theme)

    for path in ("/joint", f"/joint/{action}"):
        visitor.open(path)
        expect(page.locator("main")).to_contain_text(
            "联合执法" if language == "zh-CN" else "oint enforcement"
        )
        assert not serious_faults(page), path

    assert not visitor.complaints
