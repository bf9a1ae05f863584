from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from server.local import front_end
from tests.build import County
from tests.web import office as offices
from tests.web.office import Office, Visitor

# MapLibre needs WebGL, which a machine without a graphics card draws by SwiftShader.
DRAWING = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


# Of what is waited for, be it a click or something to be seen, on a machine that does other things as well.
PATIENCE_MS = 15_000


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a browser's test once more where nobody sits before it, and print what failed the first time.

    Why, and what that may hide: docs/decisions/0022-a-browser-is-asked-twice.md.
    """
    if os.environ.get("CI") != "true":
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def built() -> None:
    """Build the pages from their present sources, once."""
    front_end.build()


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Return a running Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *DRAWING])
        yield found
        found.close()


@pytest.fixture
def office(built: None, county: County) -> Iterator[Office]:
    """Return the product on a port, upon a county of its own."""
    with offices.opened(county) as opened:
        yield opened


@pytest.fixture
def visitor(browser: Browser, office: Office) -> Iterator[Visitor]:
    """Return somebody before a fresh browser that speaks Chinese."""
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1360, "height": 860}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield Visitor(context, office)
    context.close()
