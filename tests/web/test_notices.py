"""The bell, the inbox and the channels of notifications, in a real browser."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor
from tests.web.working import do


def a_dispatch(office: Office) -> UUID:
    """Dispatch a case and let the workers tell the company of it."""
    case_id = office.dispatched()
    do(office, "tell-units")
    return case_id


def test_the_bell_counts_and_leads_to_the_case_and_forgets_what_was_read(
    visitor: Visitor, office: Office
) -> None:
    case_id = a_dispatch(office)
    page = visitor.sign_in(office.cast.fixer, "/ledger")

    expect(page.locator("[data-unread]")).to_have_text("1")
    page.click("[data-bell]")
    panel = page.get_by_role("region", name="最近通知").first
    panel.get_by_role("link", name=re.compile("请签收")).click()

    expect(page).to_have_url(f"{office.url}/cases/{case_id}")
    expect(page.locator("[data-unread]")).to_have_count(0)
    assert not visitor.complaints


def test_the_bell_closes_with_escape_and_marks_all_as_read(visitor: Visitor, office: Office) -> None:
    a_dispatch(office)
    a_dispatch(office)
    page = visitor.sign_in(office.cast.fixer, "/ledger")
    expect(page.locator("[data-unread]")).to_have_text("2")

    page.click("[data-bell]")
    page.click("[data-read-all]")

    expect(page.locator("[data-notice=read]")).to_have_count(2)
    expect(page.locator("[data-unread]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#notice-panel")).to_have_count(0)
    expect(page.locator("[data-bell]")).to_be_focused()


def test_the_inbox_shows_what_is_unread_by_its_address(visitor: Visitor, office: Office) -> None:
    a_dispatch(office)
    a_dispatch(office)
    page = visitor.sign_in(office.cast.fixer, "/notifications")
    expect(page.locator("[data-notice=unread]")).to_have_count(2)

    page.locator("[data-read]").first.click()
    expect(page.locator("[data-notice=unread]")).to_have_count(1)
    page.get_by_role("link", name="只看未读").click()

    expect(page).to_have_url(f"{office.url}/notifications?unread=true")
    expect(page.locator("[data-notice]")).to_have_count(1)
    page.click("[data-read-all]")
    page.reload()
    expect(page.get_by_text("没有未读通知。")).to_be_visible()
    assert not visitor.complaints


def test_headquarters_sets_changes_and_removes_a_channel(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.headquarters, "/notifications?section=channels")
    expect(page.get_by_text("还没有推送渠道。")).to_be_visible()

    page.click("[data-add]")
    page.click("[data-run]")
    expect(page.get_by_text("请填写单位和地址。")).to_be_visible()
    page.locator("[data-field=unit] .el-select").click()
    page.get_by_role("option").first.click()
    page.fill("input[name=address]", "https://example.org/hook")
    page.click("[data-run]")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("密钥")
    page.fill("input[name=secret]", "0123456789abcdef")
    page.click("[data-run]")

    row = page.locator("[data-channel]")
    expect(row).to_contain_text("https://example.org/hook")
    page.click("[data-change]")
    page.get_by_label("启用").uncheck()
    page.click("[data-run]")
    expect(row).to_contain_text("停用")
    page.click("[data-remove]")
    page.click("[data-run]")
    expect(row).to_have_count(0)


def test_a_delivery_that_was_given_up_is_sent_again(visitor: Visitor, office: Office) -> None:
    with office.cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.notification_channel"
                " (channel_id, unit_code, kind, address, active, changed_at)"
                " VALUES (gen_random_uuid(), :unit, 'email', 'a@example.org', true, now())"
            ),
            {"unit": office.cast.fixer.unit_code},
        )
    a_dispatch(office)
    with office.cast.county.transaction() as session:
        session.execute(
            text(
                "UPDATE server.notification_delivery"
                " SET state = 'dead', attempts = 8, last_error = '550', ended_at = now()"
            )
        )
    page = visitor.sign_in(office.cast.headquarters, "/notifications?section=channels")
    expect(page.locator("[data-dead]")).to_contain_text("550")

    page.click("[data-revive]")

    expect(page.get_by_role("status")).to_contain_text("已重新排队 1 条")
    expect(page.locator("[data-dead]")).to_have_count(0)


def test_whoever_sets_no_channels_sees_the_inbox_alone(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.dispatcher, "/notifications?section=channels")

    expect(page.get_by_text("还没有通知。")).to_be_visible()
    expect(page.locator("[data-section]")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_bell_and_inbox_have_no_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    a_dispatch(office)
    page = visitor.sign_in(office.cast.fixer, "/notifications")
    speaks(page, language, theme)
    page.reload()
    assert serious_faults(page) == []
    page.click("[data-bell]")
    page.wait_for_selector("#notice-panel [data-notice]")
    assert serious_faults(page) == []


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_the_channels_have_no_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    page = visitor.sign_in(office.cast.headquarters, "/notifications?section=channels")
    speaks(page, language, theme)
    page.reload()
    assert serious_faults(page) == []
    page.click("[data-add]")
    page.wait_for_selector("[role=dialog] input[name=address]")
    assert serious_faults(page) == []
