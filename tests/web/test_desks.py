"""The desks for tablets, held and quarantined items and conflicts, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import text

from server.auth import enrolment
from server.auth.actor import Actor
from tests.build import a_worker
from tests.integration.ledger.acting import an_id
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


@dataclass
class Tablet:
    """An enrolled tablet of one person, over the office's port."""

    url: str
    actor: Actor
    device_id: UUID
    headers: dict[str, str]
    seq: int = 0
    statuses: list[str] = field(default_factory=list)

    def push(self, name: str, entity_id: UUID, data: dict[str, Any], **more: Any) -> str:
        """Push one item and return its status."""
        self.seq += more.pop("skip", 0) + 1
        item = {
            "mid": str(an_id()),
            "seq": self.seq,
            "type": name,
            "entity_id": str(entity_id),
            "device_time": datetime.now(UTC).isoformat(),
            "base_version": None,
            "depends_on": [],
            "data": data,
            **more,
        }
        body = {
            "batch_id": "b",
            "device_id": str(self.device_id),
            "first_seq": self.seq,
            "clock": {"wall": datetime.now(UTC).isoformat(), "monotonic_ms": 1, "boot_id": "b"},
            "mutations": [item],
        }
        answer = requests.post(f"{self.url}/sync/v1/push", json=body, headers=self.headers, timeout=20)
        return str(answer.json()["results"][0]["status"]) if answer.ok else str(answer.status_code)


def a_tablet(office: Office, actor: Actor, name: str = "平板一") -> Tablet:
    with office.cast.county.transaction() as session:
        made = enrolment.make_code(session, username=actor.username, actor=None, now=datetime.now(UTC))
    device_id = an_id()
    told = {
        "device_id": str(device_id),
        "enrolment_code": made.enrolment_code,
        "name": name,
        "platform": "Android 14",
        "app_version": "1.0.0",
    }
    answer = requests.post(f"{office.url}/sync/v1/devices", json=told, timeout=20)
    answer.raise_for_status()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return Tablet(office.url, actor, device_id, bearer)


@pytest.fixture
def tablets(office: Office) -> tuple[Tablet, Tablet]:
    """Two tablets of one cell, each with a pull behind it."""
    with office.cast.county.transaction() as session:
        other = a_worker(session, [office.cast.cell])
    return a_tablet(office, office.cast.worker), a_tablet(office, other, "平板二")


def a_facility(office: Office, tablet: Tablet) -> UUID:
    facility_id = an_id()
    lon, lat = office.cast.point
    data = {
        "community_id": str(office.cast.community_id),
        "kind": "lift",
        "name": "1号梯",
        "location": {"lon": round(lon, 6), "lat": round(lat, 6)},
    }
    assert tablet.push("facility.create", facility_id, data) == "applied"
    return facility_id


def an_edit(name: str, old: Any, new: Any) -> dict[str, Any]:
    return {"fields": {name: {"old": old, "new": new}}}


def a_disputed_name(office: Office, tablets: tuple[Tablet, Tablet]) -> UUID:
    one, two = tablets
    facility_id = a_facility(office, one)
    assert one.push("facility.edit", facility_id, an_edit("name", "1号梯", "东侧梯")) == "applied"
    assert two.push("facility.edit", facility_id, an_edit("name", "1号梯", "一号电梯")) == "merged"
    return facility_id


def a_disputed_place(office: Office, tablets: tuple[Tablet, Tablet]) -> UUID:
    one, two = tablets
    facility_id = a_facility(office, one)
    lon, lat = (round(value, 6) for value in office.cast.point)
    here = {"lon": lon, "lat": lat}
    assert (
        one.push("facility.edit", facility_id, an_edit("location", here, {"lon": lon + 0.0001, "lat": lat}))
        == "applied"
    )
    there = an_edit("location", here, {"lon": lon, "lat": round(lat + 0.0002, 6)})
    assert two.push("facility.edit", facility_id, there) == "conflict"
    return facility_id


def a_note(**more: Any) -> dict[str, Any]:
    return {"text": "业主已联系维修", **more}


def name_of(office: Office, facility_id: UUID) -> str:
    with office.cast.county.transaction() as session:
        sql = text("SELECT name FROM geo.facility WHERE facility_id = :id")
        return str(session.execute(sql, {"id": facility_id}).scalar_one())


def test_a_shift_leader_sees_how_tablets_fare_and_follows_a_number_to_its_items(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    one, two = tablets
    assert one.push("case.note", an_id(), a_note()) == "held"
    assert two.push("case.note", an_id(), a_note(), skip=3) == "409"
    page = visitor.sign_in(office.cast.shift_leader, "/desks")

    rows = page.locator("[data-device]")
    expect(rows).to_have_count(2)
    expect(page.locator(f'[data-device="{two.device_id}"]')).to_contain_text("跳过 3 条")
    expect(page.locator("[data-desk=held] .count")).to_have_text("1")
    page.locator(f'[data-device="{one.device_id}"]').get_by_role("link", name="等待 1").click()

    expect(page).to_have_url(f"{office.url}/desks?desk=held&device_id={one.device_id}")
    expect(page.locator("[data-item]")).to_have_count(1)
    page.get_by_role("button", name="清除筛选").click()
    expect(page).to_have_url(f"{office.url}/desks?desk=held")
    assert not visitor.complaints


def test_a_tablet_is_revoked_and_the_step_is_undone(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    one, _ = tablets
    page = visitor.sign_in(office.cast.shift_leader, f"/desks?text={one.device_id}")

    page.click("[data-switch=revoke]")
    page.fill("textarea[name=reason]", "平板遗失")
    page.click("[data-run]")

    expect(page.locator(".done")).to_contain_text("已停用")
    expect(page.locator("[data-device]")).to_contain_text("已停用")
    assert one.push("case.note", an_id(), a_note()) == "quarantined"
    page.click("[data-undo]")
    page.click("[data-run]")
    expect(page.locator(".done")).to_contain_text("已恢复")
    expect(page.locator("[data-switch=revoke]")).to_be_visible()
    assert not visitor.complaints


def test_the_trouble_filter_lives_in_the_address(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    assert tablets[0].push("case.note", an_id(), a_note()) == "held"
    page = visitor.sign_in(office.cast.shift_leader, "/desks")
    expect(page.locator("[data-device]")).to_have_count(2)

    page.get_by_label("只看有问题的").check()

    expect(page).to_have_url(f"{office.url}/desks?desk=devices&troubled=true")
    expect(page.locator("[data-device]")).to_have_count(1)
    page.go_back()
    expect(page.locator("[data-device]")).to_have_count(2)


def test_a_held_item_says_what_it_waits_for_and_is_rejected_with_a_reason(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    case_id, one = an_id(), tablets[0]
    assert one.push("case.note", case_id, a_note(), depends_on=[str(uuid4())]) == "held"
    page = visitor.sign_in(office.cast.shift_leader, "/desks?desk=held")

    expect(page.locator("[data-waits]")).to_contain_text("所等：同一平板的另一条")
    page.click("[data-open]")
    expect(page.locator("[data-item]")).to_contain_text("业主已联系维修")
    page.click("[data-reject]")
    page.click("[data-run]")
    expect(page.get_by_text("请写明理由。")).to_be_visible()
    page.fill("textarea[name=reason]", "已电话核对，属误报")
    page.click("[data-run]")

    expect(page.locator(".done")).to_contain_text("已驳回")
    expect(page.get_by_text("没有等待中的内容。")).to_be_visible()
    expect(page.locator("[data-desk=held] .count")).to_have_count(0)
    assert not visitor.complaints


def test_work_of_a_revoked_tablet_is_applied_from_quarantine(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    case_id, one = office.report(), tablets[0]
    with office.cast.county.transaction() as session:
        session.execute(
            text("UPDATE server.device SET revoked_at = now() WHERE device_id = :id"), {"id": one.device_id}
        )
    assert one.push("case.note", case_id, a_note()) == "quarantined"
    page = visitor.sign_in(office.cast.shift_leader, "/desks?desk=quarantine")
    expect(page.locator("[data-item]")).to_contain_text("平板已停用")

    page.click("[data-apply]")
    page.fill("textarea[name=reason]", "本人确认")
    page.click("[data-run]")

    expect(page.locator(".done")).to_contain_text("已执行")
    visitor.open(f"/cases/{case_id}")
    expect(page.locator("ol")).to_contain_text("业主已联系维修")
    assert not visitor.complaints


def test_what_cannot_be_applied_stays_and_says_why(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    assert tablets[0].push("case.note", an_id(), a_note()) == "held"
    page = visitor.sign_in(office.cast.shift_leader, "/desks?desk=held")

    page.click("[data-apply]")
    page.fill("textarea[name=reason]", "试一试")
    page.click("[data-run]")

    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("无法办理的原因")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(page.locator("[data-item]")).to_have_count(1)


@pytest.mark.parametrize(
    ("choice", "becomes"), [("保留现在的值", "一号电梯"), ("改用另一个值", "东侧梯"), ("都不对", "1号楼电梯")]
)
def test_a_conflict_is_resolved_with_both_values_in_sight(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet], choice: str, becomes: str
) -> None:
    facility_id = a_disputed_name(office, tablets)
    page = visitor.sign_in(office.cast.shift_leader, "/desks?desk=conflicts")
    card = page.locator("[data-conflict]")
    expect(card.locator("[data-value=stood]")).to_contain_text("东侧梯")
    expect(card.locator("[data-value=sent]")).to_contain_text("一号电梯")

    page.click("[data-decide]")
    page.get_by_label(choice).check()
    page.click("[data-run]")
    expect(page.get_by_role("alert")).to_be_visible()
    if choice == "都不对":
        page.fill("input[name=value]", becomes)
    page.fill("input[name=reason]", "现场核对")
    page.click("[data-run]")

    expect(page.locator(".done")).to_contain_text("已处理")
    assert name_of(office, facility_id) == becomes
    expect(card).to_have_count(0)
    page.locator("[data-filter=resolved]").click()
    page.get_by_role("option", name="已处理").click()
    expect(card).to_contain_text("现场核对")
    assert not visitor.complaints


def test_two_places_of_one_thing_are_drawn_beside_each_other(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    a_disputed_place(office, tablets)

    page = visitor.sign_in(office.cast.shift_leader, "/desks?desk=conflicts&kind=geometry")

    expect(page.get_by_role("img", name="形状对照")).to_be_visible()
    expect(page.get_by_text("两处相距约")).to_be_visible()


def test_items_declared_lost_are_listed(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet]
) -> None:
    one = tablets[0]
    lost = {"from": 1, "to": 4, "reason": "存储卡损坏"}
    assert one.push("device.gap", one.device_id, lost, skip=3) == "applied"

    page = visitor.sign_in(office.cast.shift_leader, "/desks")
    page.get_by_role("link", name="4 条").click()

    expect(page.locator(".rows tbody tr")).to_contain_text("第 1 至 4 条")
    expect(page.locator(".rows tbody tr")).to_contain_text("存储卡损坏")


def test_a_desk_that_cannot_be_read_says_so_and_tries_again(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.shift_leader, "/ledger")
    page.route("**/api/v1/sync/held*", lambda route: route.abort())

    page.goto(f"{office.url}/desks?desk=held")
    expect(page.get_by_role("alert")).to_contain_text("无法连接服务器")
    page.unroute("**/api/v1/sync/held*")
    page.get_by_role("button", name="重试").click()

    expect(page.get_by_text("没有等待中的内容。")).to_be_visible()


def test_whoever_may_see_no_tablets_has_no_such_page(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.dispatcher, "/desks")

    expect(page).to_have_url(f"{office.url}/work")
    expect(page.get_by_role("navigation", name="主导航")).not_to_contain_text("同步")


def opened(page: Page, url: str) -> None:
    page.goto(url)
    for button in ("[data-open]", "[data-decide]"):
        found = page.locator(button)
        page.wait_for_load_state("networkidle")
        if found.count():
            found.first.click()


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_no_desk_has_a_serious_fault(
    visitor: Visitor, office: Office, tablets: tuple[Tablet, Tablet], theme: str, language: str
) -> None:
    a_disputed_name(office, tablets)
    a_disputed_place(office, tablets)
    one = tablets[0]
    assert one.push("case.note", an_id(), a_note(), depends_on=[str(uuid4())]) == "held"
    assert one.push("device.gap", one.device_id, {"from": 6, "to": 8, "reason": "卡坏了"}, skip=2)
    page = visitor.sign_in(office.cast.shift_leader, "/desks")
    speaks(page, language, theme)

    for desk in ("devices", "held", "quarantine", "conflicts", "photos", "gaps"):
        opened(page, f"{office.url}/desks?desk={desk}")
        assert serious_faults(page) == [], desk
    visitor.open("/desks?desk=held")
    page.click("[data-reject]")
    assert serious_faults(page) == []
    assert not visitor.complaints
