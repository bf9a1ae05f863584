"""What a worker on the spot puts right: the facts of a lift, and where a community ends."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.web import tablet as tablets
from tests.web.axe import serious_faults
from tests.web.office import Office
from tests.web.tablet import Tablet

AREA_M2 = "SELECT ST_Area(geom::geography) FROM geo.community WHERE community_id = :id"


def submit(page: Page) -> None:
    """Hand the change in and wait until the server has taken it."""
    page.get_by_role("button", name="交出修改").click()
    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")


def test_the_facts_of_a_lift_and_the_outline_of_a_community_are_put_right_on_the_spot(
    browser: Browser, chromium: Path, office: Office
) -> None:
    lift, community_id = office.facility(), office.cast.community_id
    with tablets.in_hand(browser, chromium) as camera, closing(Tablet(camera, office)) as tablet:
        page = tablet.enrol(office.cast.worker)

        page.goto(f"{office.url}/tablet/edit/facility/{lift}")
        page.get_by_role("textbox", name="停靠层数").fill("11")
        page.get_by_role("textbox", name="维保单位").fill(" 泗水电梯 ")
        expect(page.locator("[data-field=attributes]")).to_contain_text("已改")
        submit(page)

        page.goto(f"{office.url}/tablet/edit/community/{community_id}")
        page.get_by_role("button", name="重画边界").click()
        page.locator(".map[data-laid]").wait_for()
        box = page.locator(".map").bounding_box()
        assert box is not None
        spots = [(0.3, 0.3), (0.7, 0.7), (0.7, 0.3), (0.3, 0.7)]
        at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in spots]
        for count, (x, y) in enumerate(at, 1):
            page.mouse.click(x, y)
            expect(page.get_by_text(f"{count} 个点")).to_be_visible()
        # A bow would have no area; one corner is dragged until it is a quadrangle.
        expect(page.get_by_role("alert")).to_contain_text("交叉")
        expect(page.get_by_role("button", name="交出修改")).to_be_disabled()
        page.mouse.move(*at[1])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.2, steps=6)
        page.mouse.up()
        expect(page.get_by_role("alert")).to_have_count(0)
        assert [*serious_faults(page), *tablet.misfits()] == []
        submit(page)

        assert tablet.complaints == []
    with office.cast.county.transaction() as session:
        facts = session.scalar(
            text("SELECT attributes FROM geo.facility WHERE facility_id = :id"), {"id": lift}
        )
        area = session.scalar(text(AREA_M2), {"id": community_id})
        points = session.scalar(
            text("SELECT ST_NPoints(geom) FROM geo.community WHERE community_id = :id"), {"id": community_id}
        )
    assert facts == {"maintainer": "泗水电梯", "stops": 11}
    assert area > 0
    assert points == 5
