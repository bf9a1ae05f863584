"""What axe finds wrong with a page, in either language and appearance."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

# What is still fading in has the contrast of half an ink.
FADED_IN = "Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)))"
AXE = Path("server") / "web" / "node_modules" / "axe-core" / "axe.min.js"


def speaks(page: Page, language: str, theme: str) -> None:
    """Let the browser remember a language and an appearance for the pages opened from now on."""
    page.evaluate(
        "([theme, language]) => {localStorage['wangge.theme'] = theme;"
        " localStorage['wangge.language'] = language}",
        [theme, language],
    )


def serious_faults(page: Page) -> list[tuple[str, str]]:
    """Return rule and place of each serious or critical fault of the page as it stands."""
    page.wait_for_load_state("networkidle")
    page.evaluate(FADED_IN)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(found => found.violations)")
    return [
        (fault["id"], fault["nodes"][0]["html"])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]
