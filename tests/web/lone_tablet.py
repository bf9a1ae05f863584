"""Tablets in real browsers on profiles that outlive kill -9, and the bad line between them and the server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
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


class BadLine(Proxy):
    """A line to the server that only breaks what syncs; the program itself comes from the service worker."""

    def _answer(self, request: Request, fault: Fault | None) -> bytes:
        syncs = request.line.split(" ")[1].startswith("/sync/")
        return super()._answer(request, fault if syncs else None)


def serve_module(app: Flask, folder: Path) -> None:
    """Let the application serve the built module below `BASE`, dressed as the pages are."""

    def file(name: str) -> Response:
        found = send_from_directory(folder, name)
        found.headers.update(HEADERS)
        return found

    app.add_url_rule(f"{BASE}<path:name>", "proof", file)


class MortalBrowser:
    """A browser on a profile of its own; `die` is an empty battery, `wake` begins anew from the disk."""

    def __init__(self, browser: Browser, executable: Path, profile: Path, **options: Any) -> None:
        self._browser, self._executable, self._profile, self._options = browser, executable, profile, options
        self.wake()

    def wake(self) -> None:
        """Start the browser."""
        args = ["--no-sandbox", *self._options.get("args", ())]
        self.context: BrowserContext = self._browser.browser_type.launch_persistent_context(
            self._profile, executable_path=self._executable, **{**self._options, "args": args}
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.pages[0]

    def die(self) -> None:
        """Kill every process of the browser, as an empty battery does."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Close the browser."""
        with suppress(BrowserGone):
            self.context.close()

    def _processes(self) -> Iterator[int]:
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if f"--user-data-dir={self._profile}".encode() in (entry / "cmdline").read_bytes():
                    yield int(entry.name)


class LoneTablet(MortalBrowser):
    """The module at work, without pages."""

    def __init__(self, browser: Browser, executable: Path, profile: Path, url: str) -> None:
        self._url = url
        super().__init__(browser, executable, profile)

    def wake(self) -> None:
        """Start the browser and open the module."""
        super().wake()
        self.page.goto(f"{self._url}{BASE}index.html")
        self.page.evaluate(PAGE)

    def ask(self, script: str, *given: Any) -> Any:
        """Run a script (`([a, b]) => …`) in the page and return its value."""
        return self.page.evaluate(script, list(given))


STORM = Draw("tablet", 0.3, longest_pause_s=0.1)
