"""What people do at the office desk, in a real browser upon the real product."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.build import a_person
from tests.pictures import jpeg
from tests.web.office import Office, Visitor

TILES_MS = 40_000  # on a busy machine without a graphics card


def test_whoever_signs_in_comes_to_the_page_they_asked_for(visitor: Visitor, office: Office) -> None:
    office.report()

    page = visitor.sign_in(office.cast.dispatcher, "/ledger?state=filed")

    expect(page).to_have_url(f"{office.url}/ledger?state=filed")
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator(".rows tbody tr")).to_have_count(1)


def test_a_wrong_password_is_told_in_the_language_of_the_reader(visitor: Visitor) -> None:
    page = visitor.open("/login")
    page.fill("#username", "nobody")
    page.fill("#password", "not this one")
    page.keyboard.press("Enter")

    told = page.get_by_role("alert")
    expect(told).to_contain_text("用户名")
    page.get_by_role("button", name="English").click()
    expect(told).not_to_contain_text("用户名")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_signing_out_closes_the_ledger(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.dispatcher, "/ledger")
    visitor.leave()

    visitor.open("/ledger")

    expect(page.locator("#username")).to_be_visible()
    assert not visitor.complaints


def test_a_role_without_anything_to_do_yet_is_told_so(visitor: Visitor, office: Office) -> None:
    with office.cast.county.transaction() as session:
        officer = a_person(session, "patron_officer", "housing_bureau")

    page = visitor.sign_in(officer, "/ledger")

    expect(page.get_by_role("heading", name="这里暂时没有您要办的事")).to_be_visible()
    expect(page.get_by_role("navigation")).not_to_contain_text("整改台账")


def test_the_filters_of_the_ledger_live_in_the_address(visitor: Visitor, office: Office) -> None:
    office.dispatched()
    office.report(category="small_ad_not_cleared")
    page = visitor.sign_in(office.cast.dispatcher, "/ledger")
    rows = page.locator(".rows tbody tr")
    expect(rows).to_have_count(2)

    page.locator("[data-filter=state]").click()
    page.get_by_role("option", name="已派遣").click()
    expect(page).to_have_url(f"{office.url}/ledger?state=dispatched")
    expect(rows).to_have_count(1)

    page.fill("input[name=text]", "没有这样的案件")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有符合条件的案件。")).to_be_visible()

    page.go_back()
    expect(rows).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(f"{office.url}/ledger")
    expect(rows).to_have_count(2)


def test_a_dispatcher_dispatches_and_is_told_what_is_missing(visitor: Visitor, office: Office) -> None:
    case_id = office.report()
    page = visitor.sign_in(office.cast.dispatcher, f"/cases/{case_id}")

    page.click('[data-command="case.dispatch"]')
    page.click("[data-run]")
    expect(page.get_by_text("请填写：整改要求")).to_be_visible()
    page.fill("[data-field=demand] textarea", "当日清走，设置禁停标志")
    page.click("[data-run]")

    expect(page.locator(".page-head")).to_contain_text("已派遣")
    expect(page.locator("ol")).to_contain_text("当日清走，设置禁停标志")
    expect(page.locator('[data-command="case.dispatch"]')).to_have_count(0)


def test_a_company_claims_fixed_a_worker_of_another_unit_checks_and_a_shift_leader_closes(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    cast, case_id = office.cast, office.dispatched()
    proof = tmp_path / "check.jpg"
    proof.write_bytes(jpeg(78, (640, 480)))
    after = tmp_path / "after.jpg"
    after.write_bytes(jpeg(77, (640, 480)))
    page = visitor.sign_in(office.cast.fixer, f"/cases/{case_id}")
    expect(page.locator("[data-role=before] img")).to_be_visible()

    page.click('[data-command="case.accept"]')
    page.click("[data-run]")
    page.click('[data-command="case.claim_fixed"]')
    page.fill("[data-field=done] textarea", "车辆已移走")
    page.locator("[data-field=paid_by] .el-select").click()
    page.get_by_role("option", name="物业服务企业").click()
    page.click("[data-spot]")
    page.set_input_files("[data-field=photos] input[type=file]", after)
    expect(page.get_by_text("已上传")).to_be_visible()
    page.click("[data-run]")

    expect(page.locator(".page-head")).to_contain_text("申请销号")
    expect(page.locator("[data-role=after] img")).to_be_visible()
    page.locator("[data-role=after] button").click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".history, ol")).to_contain_text("车辆已移走")
    visitor.leave()

    page = visitor.sign_in(cast.dispatcher, f"/cases/{case_id}")
    page.click('[data-command="case.assign_check"]')
    page.locator("[data-field=checker] .el-select").click()
    page.get_by_role("option", name=cast.checker.display_name).click()
    page.click("[data-run]")
    expect(page.locator(".page-head")).to_contain_text("核查中")
    visitor.leave()

    visitor.sign_in(cast.checker, f"/cases/{case_id}")
    page.click('[data-command="case.check"]')
    page.locator("[data-field=passed]").get_by_text("通过", exact=True).click()
    page.click("[data-spot]")
    page.set_input_files("[data-field=photos] input[type=file]", proof)
    expect(page.get_by_text("已上传")).to_be_visible()
    page.click("[data-run]")
    expect(page.locator(".page-head")).to_contain_text("核查通过")
    visitor.leave()

    visitor.sign_in(cast.shift_leader, "/")
    expect(page).to_have_url(f"{office.url}/work")
    page.get_by_role("button", name="待销号签字").click()
    page.locator(f'a[href="/cases/{case_id}"]').click()
    page.click('[data-command="case.close"]')
    page.click("[data-run]")
    expect(page.locator(".page-head")).to_contain_text("已销号")
    assert not visitor.complaints


def test_a_case_that_moved_on_meanwhile_shows_what_changed(visitor: Visitor, office: Office) -> None:
    cast, case_id = office.cast, office.report()
    page = visitor.sign_in(cast.dispatcher, f"/cases/{case_id}")
    page.click('[data-command="case.dispatch"]')
    page.fill("[data-field=demand] textarea", "清走")
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")

    page.click("[data-run]")

    told = page.locator(".conflict")
    expect(told).to_contain_text("案卷已有新变化")
    expect(told).to_contain_text("已立案")
    expect(told).to_contain_text("已派遣")


def test_a_text_file_is_refused_as_a_photo_with_the_reason(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    lie = tmp_path / "photo.jpg"
    lie.write_text("this is no picture")
    page = visitor.sign_in(office.cast.dispatcher, f"/cases/{office.report()}")

    page.click('[data-command="case.note"]')
    page.set_input_files("[data-field=photos] input[type=file]", lie)

    expect(page.locator("[data-field=photos]").get_by_role("alert")).to_contain_text("图片")


def test_the_map_draws_the_county_and_leads_to_a_case(visitor: Visitor, office: Office) -> None:
    case_id = office.report()
    lon, lat = office.cast.point

    page = visitor.sign_in(office.cast.headquarters, "/map")
    expect(page.locator("[data-layer=county] .count")).to_have_text("1")
    expect(page.locator("[data-layer=grid-cells] .count")).not_to_have_text("…")
    expect(page.locator("[data-layer=communities]")).to_contain_text("演示", timeout=TILES_MS)

    visitor.open(f"/map#view=18/{lat}/{lon}")
    page.reload()
    expect(page.locator("[data-layer=cases] .count")).to_have_text("1", timeout=TILES_MS)
    expect(page.locator(".ground")).to_have_attribute("aria-busy", "false", timeout=TILES_MS)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("[data-found=cases] a").click()

    expect(page).to_have_url(f"{office.url}/cases/{case_id}")


def test_the_reference_reads_the_description_of_the_api(visitor: Visitor) -> None:
    page = visitor.open("/docs")

    call = page.locator('[data-operation="post /api/v1/cases/{case_id}/commands"]')
    call.locator("summary").first.click()

    expect(call).to_contain_text("base_version")


def test_the_reference_unfolds_each_command_with_its_fields(visitor: Visitor) -> None:
    page = visitor.open("/docs")
    push = page.locator('[data-operation="post /sync/v1/push"]')

    push.locator("summary").first.click()
    push.locator("summary", has_text="array of Mutation").first.click()
    command = push.locator('[data-choice="case.claim_fixed"]')
    command.locator("summary").first.click()
    command.locator("summary", has_text="CaseClaimFixedData").click()

    expect(push).to_contain_text("按 type 区分")
    expect(command).to_contain_text("paid_by")
    expect(push.locator("[data-choice]")).not_to_have_count(0)
