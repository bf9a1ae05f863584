"""Chromium and Chinese fonts for the browser tests: `python -m server.local.browser`."""

from __future__ import annotations

import shutil
from pathlib import Path

from server.local.programs import install

FONTS = Path("/usr/share/fonts/opentype/noto")


def chromium() -> Path | None:
    """Return Debian's Chromium, None where it is missing."""
    found = shutil.which("chromium")
    return Path(found) if found else None


def missing() -> list[str]:
    """Return the Debian packages that the browser tests still need."""
    fonts = [] if any(FONTS.glob("NotoSansCJK*")) else ["fonts-noto-cjk"]
    return fonts if chromium() else ["chromium", *fonts]


if __name__ == "__main__":
    wanted = missing()
    if wanted and not install(lambda: wanted):
        print(f"The browser tests will be skipped: {' and '.join(wanted)} cannot be installed from here.")
