"""The notice board: the office makes its code, a resident reads by it, the office takes a photo down."""

from __future__ import annotations

from uuid import UUID

from playwright.sync_api import Browser, expect

from tests.web.office import Office, Visitor
from tests.web.working import do


def closed(office: Office) -> UUID:
    """Take a case with real photos to its close-out, its pictures made."""
    cast, case_id = office.cast, office.dispatched()
    cast.order(cast.fixer, "case.accept", case_id)
    after = office.photo(cast.fixer)
    cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="owner", photos=[after])
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    proof = office.photo(cast.checker)
    body = {"passed": True, "reason": "", "location": cast.location(), "photos": [proof]}
    cast.order(cast.checker, "case.check", case_id, None, **body)
    cast.order(cast.shift_leader, "case.close", case_id)
    do(office, "derive")
    return case_id


def test_a_resident_reads_by_the_boards_code_what_the_office_publishes(
    visitor: Visitor, office: Office, browser: Browser
) -> None:
    closed(office)
    office.report()
    page = visitor.sign_in(office.cast.shift_leader, f"/communities/{office.cast.community_id}/board")
    page.locator("[data-make]").click()
    code = page.locator("[data-code]").inner_text()
    expect(page.locator(".paper img")).to_be_visible()

    phone = browser.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, reduced_motion="reduce", is_mobile=True
    )
    resident = Visitor(phone, office)
    read = resident.open(f"/p/{code}")
    expect(read.locator("[data-open]")).to_have_text("1")
    expect(read.locator("[data-closed]")).to_have_text("1")
    picture = read.locator("figure img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(read.locator("figure img")).to_have_count(2)
    read.get_by_role("link", name="我要反映问题").click()
    expect(read.locator("[data-field=community]")).not_to_contain_text("请选择")
    expect(read.locator("[data-field=community] .el-select__placeholder")).to_be_visible()

    page.locator("[data-decide]").first.click()
    page.fill("input[name=reason]", "看得出住户门牌")
    page.locator("[data-withhold]").click()
    expect(page.get_by_text("已撤下")).to_be_visible()
    resident.open(f"/p/{code}")
    expect(read.locator("figure img")).to_have_count(1)
    assert not visitor.complaints
    assert not resident.complaints
    phone.close()
