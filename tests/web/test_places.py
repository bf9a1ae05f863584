"""Files of places on the page of imports and exports: tried, drawn, taken in, written out."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from geo.boundary_io.reading import opened
from tests.integration.communities.transfer.filing import a_file, a_spot, a_square
from tests.web.office import Office, Visitor
from tests.web.test_tables import PATIENCE_MS, finished, saved
from tests.web.working import make_tables


def test_a_file_of_buildings_is_tried_drawn_taken_in_and_written_out(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    lon, lat = a_spot(office.cast.county)
    file = a_file(tmp_path, (a_square(lon, lat), {"楼名": "88号楼"}), name="楼栋")
    page = visitor.sign_in(office.cast.headquarters, "/tables?section=places")

    page.get_by_label("空间数据文件").set_input_files(file)
    expect(page.locator("[data-dry-run]")).to_be_disabled()
    page.locator(".el-select:has([data-datum]), [data-datum]").first.click()
    page.get_by_role("option", name="WGS 84（GPS、OpenStreetMap）").first.click()
    page.fill("input[name=place-mapping]", "楼名=name")
    page.click("[data-dry-run]")
    finished(page, office)
    expect(page.locator("[data-number=created] dd")).to_have_text("1")
    expect(page.locator("[data-changes]")).to_have_attribute("data-changes", "1")
    expect(page.locator("[data-kind=created]")).to_contain_text("1")

    page.click("[data-commit]")
    finished(page, office)
    page.click("[data-export-places]")
    expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
    make_tables(office)
    got = saved(page, "[data-download]", tmp_path)
    with opened(got) as source:
        names = [feature.properties["name"] for feature in source.features]
    assert "88号楼" in names
    assert not visitor.complaints
