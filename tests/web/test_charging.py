"""Measure 14 at the office desk: by its units from the plan to the socket, a vote, projects urged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.build import a_person
from tests.integration.siting.working import Working, a_working
from tests.pictures import jpeg
from tests.web.axe import FADED_IN, serious_faults, speaks
from tests.web.office import Office, Visitor


@pytest.fixture
def working(office: Office) -> Working:
    """Return the units of measure 14, a fortnight ago."""
    found = a_working(office.cast.county)
    found.clock = found.voting.clock = datetime.now(UTC) - timedelta(days=14)
    return found


def fill(page: Page, **fields: str) -> None:
    """Fill in a form field by field and send it; days and choices are told apart by what stands there."""
    expect(page.locator("[data-run]")).to_be_visible()
    page.evaluate(FADED_IN)
    for name, value in fields.items():
        field = page.locator(f"[data-field={name}]")
        if field.locator(".el-select").count():
            field.locator(".el-select").click()
            page.locator(
                ".el-select-dropdown:visible .el-select-dropdown__item", has_text=value
            ).first.click()
            expect(field).to_contain_text(value)
        elif field.locator(".el-radio-group").count():
            field.get_by_text(value, exact=True).click()
        else:
            field.locator("input, textarea").first.fill(value)
            if field.locator(".el-date-editor").count():
                page.keyboard.press("Enter")
    page.click("[data-run]")
    expect(page.locator("[data-run]")).to_have_count(0, timeout=15_000)


DAY, LATER = "2026-11-20", "2099-06-30"
STREET_FIRST: list[tuple[str, dict[str, str]]] = [
    (
        "work.meet",
        {
            "held_on": DAY,
            "place": "会议室",
            "chair": "张某",
            "participants": "县应急管理局\n县供电公司",
            "decisions": "同意",
        },
    ),
    ("work.consult", {"vote_id": "北门车棚"}),
]
FIRE = [("work.fire_review", {"agreed": "是", "reviewed_on": DAY, "opinion": "配灭火器"})]
POWER = [("work.power_reply", {"agreed": "是", "replied_on": DAY, "spare_kva": "80"})]
STREET_LAST: list[tuple[str, dict[str, str]]] = [
    (
        "work.invest",
        {
            "investor": "某充电公司",
            "contract_no": "HT-1",
            "contract_on": DAY,
            "amount_yuan": "80000",
            "investor_share_percent": "100",
        },
    ),
    ("work.begin", {"begun_on": DAY, "expected_on": LATER, "builder": "某电力公司"}),
    ("work.complete", {"in_service_on": DAY, "charging_ports": "24", "acceptance": "合格"}),
]


def test_a_site_goes_from_the_plan_to_the_socket_by_the_hands_of_its_units(
    visitor: Visitor, working: Working
) -> None:
    working.voting.counted()
    working.plan()
    page = visitor.sign_in(working.planner, "/charging")
    page.click("[data-take]")
    fill(page, plan_id="一期")
    expect(page.locator("[data-work]")).to_have_count(2)
    page.locator("[data-work] a", has_text="东门").click()
    expect(page.locator("[data-step='work.meet']")).to_contain_text("泗河街道办事处")
    path = page.url.removeprefix(visitor.office.url)

    hands: Any = (
        (working.street, STREET_FIRST),
        (working.fire, FIRE),
        (working.power, POWER),
        (working.street, STREET_LAST),
    )
    for actor, steps in hands:
        visitor.leave()
        page = visitor.sign_in(actor, path)
        for command, fields in steps:
            page.click(f'[data-command="{command}"]')
            if command == "work.begin":
                shown = FilePayload(name="开工.jpg", mimeType="image/jpeg", buffer=jpeg(14, (320, 240)))
                page.set_input_files("[data-field=photos] input", shown)
                expect(page.locator("[data-field=photos] .is-success")).to_be_visible(timeout=15_000)
            fill(page, **fields)
            expect(page.locator(f"[data-step='{command}'].done")).to_be_visible()

    expect(page.locator(".page-head")).to_contain_text("投入使用")
    expect(page.locator("[data-part=papers] li")).to_have_count(3)
    expect(page.locator(".panel", has_text="照片").locator("figure, img").first).to_be_visible()
    page.get_by_role("link", name="← 返回充电桩建设").click()
    expect(page.locator("[data-line='370831001']")).to_contain_text("24")
    assert not visitor.complaints


def test_a_ballot_is_entered_by_two_clerks_and_the_count_shows_heads_and_area(
    visitor: Visitor, working: Working
) -> None:
    voting = working.voting
    vote = voting.opened()
    for number in (1, 2):
        voting.enter(vote, number, {"A": "for", "B": "for"})
    path = f"/votes/{vote['vote_id']}"
    page = visitor.sign_in(voting.clerk, path)
    page.locator("[data-owner=C] [data-enter]").click()
    fill(page, choice="同意")
    expect(page.locator("[data-owner=C]")).to_contain_text("已录一次")
    visitor.leave()
    page = visitor.sign_in(voting.second, path)
    page.locator("[data-pass]").get_by_text("第二次录入").click()
    page.locator("[data-owner=C] [data-enter]").click()
    fill(page, choice="同意")
    expect(page.locator("[data-owner=C]")).to_contain_text("两次一致")
    page.click('[data-command="vote.count"]')
    page.click("[data-run]")

    expect(page.locator("[data-part=result] .outcome")).to_contain_text("通过")
    expect(page.locator("[data-way=taking]")).to_contain_text("75.0%")
    assert not visitor.complaints


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_no_page_of_measure_14_has_a_serious_fault(
    visitor: Visitor, working: Working, theme: str, language: str
) -> None:
    vote = working.voting.decided(A="for", B="for", C="against")
    work = working.walked(4, vote=vote)
    with working.county.transaction() as session:
        chief = a_person(session, "headquarters", "construction_hq")
    page = visitor.sign_in(chief, "/charging")
    speaks(page, language, theme)
    if language == "zh-CN":
        visitor.open("/charging-projects")
        page.click("[data-add]")
        told = {"name": "泉林华府", "subdistrict": "泗河", "stage": "在建", "developer": "某公司"}
        fill(page, **told, required_ports="40", expected_on=DAY)
        page.click("[data-urge]")
        fill(page, demand="加快建设", answer_by=LATER)
        expect(page.locator("[data-project='泉林华府']")).to_contain_text("拟稿")

    pages = (
        "/charging",
        f"/charging/{work['work_id']}",
        "/votes",
        f"/votes/{vote['vote_id']}",
        "/charging-projects",
    )
    for path in pages:
        visitor.open(path)
        expect(page.locator("h1")).to_be_visible()
        assert not serious_faults(page), path

    assert not visitor.complaints
