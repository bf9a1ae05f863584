"""A tablet's protocol module in a real browser, without pages: on a profile that outlives kill -9."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserGone

from server.local import front_end
from server.web.routes import HEADERS
from tests.chaos.faults import Draw, Fault
from tests.chaos.proxy import Proxy
from tests.chaos.wire import Request

FOLDER = front_end.PROJECT / "src" / "tablet" / "protocol" / "proof"
BASE = "/proof/"
# What a page would do: pictures of noise, an inspection with photos, and a look at the outbox.
PAGE = """
window.picture = async (seed, px) => {
  const paper = new OffscreenCanvas(px, px), pen = paper.getContext('2d'), data = pen.createImageData(px, px)
  for (let at = 0; at < data.data.length; at++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    data.data[at] = at % 4 === 3 ? 255 : (seed >>> 24)
  }
  pen.putImageData(data, 0, 0)
  return paper.convertToBlob({type: 'image/jpeg', quality: 0.9})
}
window.inspect = async (seed, photos) => {
  const [checklist] = (await tablet.mirror.all('checklist')).filter((one) => one.data.code === 'T0')
  const [community] = await tablet.mirror.all('community')
  const kept = []
  for (let n = 0; n < photos; n++) {
    kept.push((await tablet.photos.add(await picture(seed * 100 + n, 160))).sha256)
  }
  const data = {checklist: 'T0', checklist_version: checklist.data.version, community_id: community.id,
    answers: {}, photos: kept.map((sha256) => ({sha256, role: 'panorama'}))}
  return (await tablet.outbox.enqueue({type: 'inspection.create', data})).entity_id
}
window.resume = async () => { window.tablet = await protocol.tablets().resume(); return tablet !== null }
window.fates = async () => (await tablet.outbox.items({limit: 1000})).map((item) => item.fate.kind)
null
"""


class CalmAtHome(Proxy):
    """A bad line to the server over which the module's own page still loads, as from a service worker."""

    def _answer(self, request: Request, fault: Fault | None) -> bytes:
        home = request.line.split(" ")[1].startswith(BASE)
        return super()._answer(request, None if home else fault)


def serve_module(app: Flask, folder: Path) -> None:
    """Let the application serve the built module below `BASE`, dressed as the pages are."""

    def file(name: str) -> Response:
        found = send_from_directory(folder, name)
        found.headers.update(HEADERS)
        return found

    app.add_url_rule(f"{BASE}<path:name>", "proof", file)


class LoneTablet:
    """The module at work; `die` is an empty battery, after which `wake` begins anew from the disk."""

    def __init__(self, browser: Browser, executable: Path, profile: Path, url: str) -> None:
        self._browser, self._executable, self._profile, self._url = browser, executable, profile, url
        self.deaths = 0
        self.wake()

    def wake(self) -> None:
        """Start the browser and open the module."""
        self.context: BrowserContext = self._browser.browser_type.launch_persistent_context(
            self._profile, executable_path=self._executable, args=["--no-sandbox"]
        )
        self.page: Page = self.context.pages[0]
        self.page.goto(f"{self._url}{BASE}index.html")
        self.page.wait_for_function("window.protocol")
        self.page.evaluate(PAGE)

    def ask(self, script: str, *given: Any) -> Any:
        """Run a script (`([a, b]) => …`) in the page and return its value."""
        return self.page.evaluate(script, list(given))

    def die(self) -> None:
        """Kill every process of the browser, as an empty battery does."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.deaths += 1
        with suppress(BrowserGone):
            self.context.close()

    def close(self) -> None:
        """Close the browser."""
        with suppress(BrowserGone):
            self.context.close()

    def _processes(self) -> Iterator[int]:
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if f"--user-data-dir={self._profile}".encode() in (entry / "cmdline").read_bytes():
                    yield int(entry.name)


@contextmanager
def lone_tablet(browser: Browser, executable: Path, profile: Path, url: str) -> Iterator[LoneTablet]:
    """Yield a tablet whose store lies in `profile`."""
    tablet = LoneTablet(browser, executable, profile, url)
    try:
        yield tablet
    finally:
        tablet.close()


STORM = Draw("tablet", 0.3, longest_pause_s=0.1)
