"""Analysis layers on their page: a file is mapped, tried, taken in, drawn with heat and hot spots."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.build import a_person
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor
from tests.web.test_tables import PATIENCE_MS, finished


def _points(folder: Path) -> Path:
    """Write points that crowd in one place of a dozen, and one row that is none."""
    rows = ["编号,X坐标,Y坐标,日期,类别"]
    for east in range(12):
        for north in range(12):
            crowd = 9 if (east, north) in {(2, 2), (2, 3), (3, 2), (3, 3)} else 1
            for number in range(crowd):
                x, y = 117.2 + east * 0.0056 + number * 1e-5, 35.6 + north * 0.0045
                rows.append(f"{len(rows)},{x:.6f},{y:.6f},2026-0{1 + number % 9}-05 08:00,noise")
    rows.append("x,东,北,,noise")
    file = folder / "Noise 2026.csv"
    file.write_text("\n".join(rows), encoding="gbk")
    return file


def test_a_planner_s_file_of_points_becomes_a_map_of_heat_and_hot_spots_and_goes_again(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    with office.cast.county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    page = visitor.sign_in(planner, "/analysis")
    page.click("[data-upload]")
    page.get_by_label("点位文件").set_input_files(_points(tmp_path))
    expect(page.locator("input[name=layer-name]")).to_have_value("noise-2026")
    for column, title in (("经度", "X坐标"), ("纬度", "Y坐标")):
        page.get_by_role("combobox", name=column).fill(title)
        page.keyboard.press("Enter")
    page.click("[data-dry-run]")
    finished(page, office, "refused")
    expect(page.locator("[data-fault]").first).to_contain_text("东")

    page.get_by_label("跳过有误的行").check()
    page.click("[data-commit]")
    finished(page, office)

    expect(page.locator("[data-told=records]")).to_contain_text("176 个点", timeout=PATIENCE_MS)
    expect(page.locator("[data-told=hot]")).to_contain_text("热点", timeout=PATIENCE_MS)
    expect(page.locator(".ground[aria-busy=false]")).to_be_visible(timeout=PATIENCE_MS)
    assert serious_faults(page) == []
    speaks(page, "en", "dark")
    page.reload()
    expect(page.locator("[data-told=records]")).to_contain_text("176 points", timeout=PATIENCE_MS)
    assert serious_faults(page) == []
    page.click("[data-remove=noise-2026]")
    page.get_by_role("button", name="OK").click()
    expect(page.locator("[data-analysis-layer]")).to_have_count(0, timeout=PATIENCE_MS)
    assert not visitor.complaints
