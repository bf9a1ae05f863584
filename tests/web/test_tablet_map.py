"""The map of a worker's own cells: drawn by the tablet itself, moved by finger, wheel and keys."""

from __future__ import annotations

from contextlib import closing
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.web.office import Office
from tests.web.tablet import Tablet


def test_a_touch_on_the_map_opens_a_heap_then_the_case_and_beside_it_the_community(
    browser: Browser, office: Office
) -> None:
    cases = [office.report(), office.report()]
    with closing(Tablet(browser, office)) as tablet:
        page = tablet.enrol(office.cast.worker)
        page.get_by_role("button", name="地图").click()
        map_of_cells = page.get_by_role("application", name="我的网格地图")
        page.locator("[data-cases='2']").wait_for()
        scale = page.locator(".scale")
        at_first = scale.text_content()

        # By keys it comes nearer; one button shows all of it again.
        map_of_cells.focus()
        page.keyboard.press("+")
        page.keyboard.press("+")
        expect(scale).not_to_have_text(at_first or "")
        page.get_by_role("button", name="看全部").click()
        expect(scale).to_have_text(at_first or "")

        # Both cases lie upon one another: one touch takes their heap apart, the next opens a case.
        box = map_of_cells.bounding_box()
        assert box is not None
        where = page.evaluate(HEAP, [box["width"], box["height"]])
        assert where is not None
        page.mouse.click(box["x"] + where[0], box["y"] + where[1])
        expect(scale).not_to_have_text(at_first or "")
        page.mouse.click(box["x"] + where[0], box["y"] + where[1])
        page.wait_for_url("**/tablet/cases/*")
        assert urlsplit(page.url).path.rsplit("/", 1)[1] in {str(one) for one in cases}
        assert tablet.complaints == []


# Where a green mark is drawn: the middle of all pixels of its colour.
HEAP = """([width, height]) => {
  const canvas = document.querySelector('canvas'), pen = canvas.getContext('2d')
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height)
  let [count, x, y] = [0, 0, 0]
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== 0x2a || data[at + 1] !== 0x8a || data[at + 2] !== 0x58) continue
    count++, x += (at / 4) % canvas.width, y += Math.floor(at / 4 / canvas.width)
  }
  return count ? [x / count * width / canvas.width, y / count * height / canvas.height] : null
}"""
