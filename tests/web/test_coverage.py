"""The page of coverage: what was visited and what was not, the walks, and the way to the records."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.inspections.sync import COMMAND_TYPES
from sync.entity import cell_bucket
from tests.integration.inspections.making import an_inspection, push, version_of_checklist
from tests.integration.ledger.acting import a_mutation, a_sender, an_id
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor

PATIENCE_MS = 60_000


def a_round(office: Office) -> None:
    """Let the worker inspect the community and walk three hundred metres."""
    cast = office.cast
    at = (cast.clock - timedelta(hours=3)).isoformat()
    made = an_inspection(cast, version_of_checklist(cast), answers={}, started_at=at, finished_at=at)
    push(cast, [made], scope=[cell_bucket(cast.cell)])
    lon, lat = cast.point
    points = [
        {"lon": lon + n * 0.0011, "lat": lat, "at": (cast.clock - timedelta(minutes=9 - n)).isoformat()}
        for n in range(4)
    ]
    with cast.county.transaction() as session:
        mutation = a_mutation("track.append", an_id(), {"points": points})
        handler = COMMAND_TYPES["track.append"].handler
        handler(session, a_sender(cast.worker, [cell_bucket(cast.cell)]), [mutation], cast.later())


def test_a_visited_community_tells_by_whom_and_leads_to_its_records(visitor: Visitor, office: Office) -> None:
    a_round(office)
    page = visitor.sign_in(office.cast.headquarters, "/coverage")

    row = page.locator(f'[data-table=coverage] tr[data-key="{office.cast.community_id}"]')
    expect(row.locator("[data-column=visits]")).to_have_text("1", timeout=PATIENCE_MS)
    expect(row).to_contain_text(f"{office.cast.worker.display_name} (1)")
    expect(page.locator("[data-total=visits] dd")).to_have_text("1")
    expect(page.locator("[data-table=patrols] tbody tr")).to_have_count(1)
    expect(page.locator("[data-table=patrols]")).to_contain_text("3 分钟")

    # The round may have been before midnight.
    page.get_by_label("未巡查天数").fill("2")
    page.get_by_label("未巡查天数").press("Enter")
    expect(row).to_have_count(0)
    page.go_back()
    row.locator("[data-column=visits] a").click()

    expect(page).to_have_url(re.compile(r"/inspections\?community_id=.*&inspected_from=.*&inspected_to="))
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    assert not visitor.complaints


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_is_for_everybody_in_either_language_and_appearance(
    visitor: Visitor, office: Office, language: str, theme: str, tmp_path: Path
) -> None:
    a_round(office)
    page = visitor.sign_in(office.cast.headquarters, "/coverage")
    speaks(page, language, theme)

    visitor.open("/coverage")
    expect(page.locator("[data-table=coverage]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[role=region][aria-busy=false]")).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=str(tmp_path / f"coverage-{language}-{theme}.png"))

    assert serious_faults(page) == []
