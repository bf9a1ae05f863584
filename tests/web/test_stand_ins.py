"""Standing in at the desk: named by who leaves, done by a colleague, told in the history of the case."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.office import Office, Visitor


def test_a_colleague_signs_for_the_shift_leader_who_is_away(visitor: Visitor, office: Office) -> None:
    cast = office.cast
    case_id = cast.to_checking()
    cast.check(case_id)
    page = visitor.sign_in(cast.shift_leader, "/stand-ins")
    page.locator("[data-name]").click()
    page.locator("[data-field=deputy] .el-select").click()
    page.get_by_role("option", name=cast.dispatcher.display_name).click()
    last = page.locator("[data-field=to_on] input")
    last.fill("2099-01-01")
    last.press("Enter")
    page.fill("[data-field=reason] input", "休假")
    page.locator("[data-run]").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("93")
    first = page.locator("[data-field=from_on] input").input_value()
    last.fill(first)
    last.press("Enter")
    page.locator("[data-run]").click()
    expect(page.locator("[data-state=in_force]")).to_have_count(1)
    visitor.leave()

    visitor.sign_in(cast.dispatcher, "/stand-ins")
    expect(page.locator("[data-state=in_force]")).to_contain_text("待销号签字")
    page.locator("[data-begin]").click()
    page.get_by_role("button", name="待销号签字").click()
    page.get_by_role("button", name="销号", exact=True).click()
    page.locator("[data-run]").click()
    expect(page.get_by_text("没有等您签字销号的案件。")).to_be_visible()
    page.locator("[data-leave]").click()
    expect(page.locator('[data-deed="case.close"]')).to_contain_text("案卷")
    page.locator('[data-deed="case.close"] a').click()
    expect(page).to_have_url(f"{office.url}/cases/{case_id}")
    visitor.open(f"/cases/{case_id}")

    expect(page.locator("ol").last).to_contain_text(f"代{cast.shift_leader.display_name}")
    assert [one for one in visitor.complaints if "422" not in one] == []
