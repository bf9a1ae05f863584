"""A grid worker with a tablet in the hand: a small touch screen, a camera, a position, no keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Geolocation, Page, ViewportSize

from server.auth import enrolment
from server.auth.actor import Actor
from tests.pictures import jpeg
from tests.web.conftest import DRAWING
from tests.web.office import Office

# What a gloved finger would miss, and what does not fit the screen.
MISFITS = """() => {
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden'
  const touched = [...document.querySelectorAll('a, button, input, select, textarea')]
  const boxes = touched.filter((one) => shown(one) && !one.closest('.skip'))
    .map((one) => [one, one.getBoundingClientRect()])
  const small = boxes.filter(([, box]) => Math.min(box.width, box.height) < 48)
  const { scrollWidth, clientWidth } = document.documentElement
  const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} px too wide`] : []
  return [...wide, ...small.map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width} × ${box.height}`)]
}"""
# Resolves when the page would open without a network.
TAKEN_CHARGE = """new Promise(done => navigator.serviceWorker.controller ? done(null)
  : navigator.serviceWorker.addEventListener("controllerchange", () => done(null), {once: true}))"""
# Chromium shows a picture of its own making where a camera would be, and asks nobody whether it may.
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
HAND: ViewportSize = {"width": 390, "height": 844}


def choose(page: Page, checklist: str) -> None:
    """Touch a checklist, once the nearest community stands above the list."""
    page.locator("[data-chosen]").wait_for()
    page.locator(f"[data-checklist={checklist}]").click()


@contextmanager
def in_hand(browser: Browser, chromium: Path, film: Path | None = None) -> Iterator[Browser]:
    """Yield a browser that has a camera, beside one that runs; it sees the film (MJPEG) where given."""
    args = ["--no-sandbox", *DRAWING, *CAMERA]
    if film is not None:
        args.append(f"--use-file-for-fake-video-capture={film}")
    with closing(browser.browser_type.launch(executable_path=chromium, args=args)) as with_camera:
        yield with_camera


class Tablet:
    """One worker's tablet; `complaints` are what its console says in error."""

    def __init__(self, browser: Browser, office: Office, url: str | None = None) -> None:
        self.office, self.url = office, url or office.url
        where = office.cast.location()
        self.place: Geolocation = {"longitude": where["lon"], "latitude": where["lat"], "accuracy": 6}
        self.context = browser.new_context(
            locale="zh-CN",
            viewport=HAND,
            has_touch=True,
            is_mobile=True,
            reduced_motion="reduce",
            permissions=["geolocation", "camera"],
            geolocation=self.place,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda told: self.complaints.append(told.text) if told.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self) -> None:
        """Put the tablet away."""
        self.context.close()

    def code(self, actor: Actor) -> str:
        """Let the office make an enrolment code."""
        now = datetime.now(UTC)
        with self.office.cast.county.transaction() as session:
            return enrolment.make_code(session, username=actor.username, actor=None, now=now).enrolment_code

    def enrol(self, actor: Actor) -> Page:
        """Open the page by the address of a QR code, enrol, and wait until the first data are there."""
        self.page.goto(f"{self.url}/tablet/#enrol={self.code(actor)}")
        self.page.get_by_role("button", name="登记", exact=True).click()
        self.page.wait_for_url("**/tablet/")
        self.page.get_by_role("heading", name="我的小区").wait_for()
        return self.page

    def go(self, tab: str) -> None:
        """Touch a tab of the bottom bar."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=tab).click()

    def choose(self, checklist: str) -> None:
        """Touch a checklist, once the tablet knows where it stands: before, it asks for the community."""
        choose(self.page, checklist)

    def everywhere(self, script: str) -> None:
        """Run a script in the page and in its workers, as if the browser itself were so."""
        self.page.evaluate(script)
        for worker in self.page.workers:
            worker.evaluate(script)

    def picture(self, seed: int) -> FilePayload:
        """Return a photo of the album."""
        return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(seed, (320, 240))}

    def misfits(self) -> list[str]:
        """Return what is smaller than 48 px to the touch, and whether the page is wider than the screen."""
        found: list[str] = self.page.evaluate(MISFITS)
        return found

    def shoot(self) -> None:
        """Press the shutter of the viewfinder that is open, once the camera has warmed up."""
        self.page.get_by_role("dialog", name="拍照").get_by_role("button", name="按下快门").click()
