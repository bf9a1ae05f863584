"""What a worker meets beside his work: a code to scan."""

from __future__ import annotations

import io
import re
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from tests.web.office import Office, Visitor
from tests.web.tablet import Tablet, in_hand

FILM_PX, FRAMES = 480, 30


def film_of(picture: bytes, path: Path) -> Path:
    """Write a film in which the picture is held before the camera, as a browser reads it: MJPEG."""
    code = Image.open(io.BytesIO(picture)).convert("RGB").resize((FILM_PX * 3 // 4,) * 2)
    frame = Image.new("RGB", (FILM_PX * 4 // 3, FILM_PX), "#998877")
    frame.paste(code, (FILM_PX // 4, FILM_PX // 8))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=92)
    path.write_bytes(out.getvalue() * FRAMES)
    return path


def test_the_code_that_the_office_shows_is_scanned_by_the_tablets_camera(
    browser: Browser, chromium: Path, office: Office, visitor: Visitor, tmp_path: Path
) -> None:
    desk = visitor.sign_in(office.cast.shift_leader, "/desks")
    desk.get_by_role("button", name="登记平板").click()
    desk.get_by_role("combobox", name="给谁").fill(office.cast.worker.username)
    desk.get_by_role("option", name=re.compile(office.cast.worker.username)).click()
    desk.locator("[data-run]").click()
    picture = desk.locator("[data-invitation] img").screenshot()

    film = film_of(picture, tmp_path / "code.mjpeg")
    with in_hand(browser, chromium, film) as camera, closing(Tablet(camera, office)) as tablet:
        tablet.page.goto(f"{office.url}/tablet/")
        tablet.page.get_by_role("button", name="扫二维码").click()
        tablet.page.get_by_role("heading", name="我的小区").wait_for()
        tablet.go("我的")
        expect(tablet.page.get_by_text("网格员 · ")).to_be_visible()
        assert tablet.complaints == []
