"""Figures as an Excel file: the same numbers as over HTTP, made by the workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform, cells_of


def test_the_file_holds_the_numbers_that_the_api_tells(cast: Cast, perform: Perform, tmp_path: Path) -> None:
    cast.to_checking()
    cast.report()
    ours = cast.county.bearer(cast.headquarters)
    with cast.county.client() as client:
        told = client.get("/api/v1/figures?group_by=unit", headers=ours).get_json()
        task = client.post("/api/v1/figures/exports", json={"group_by": "unit"}, headers=ours).get_json()
        perform(task["task_id"])
        made = client.get(f"/api/v1/sheets/{task['task_id']}/file", headers=ours)
        file = tmp_path / "figures.xlsx"
        file.write_bytes(made.data)
        made.close()

    whole, *groups = cells_of(file)
    assert whole["分组"] == "合计"
    for title in told["titles"]:
        assert whole[title["title_zh"]] == told["whole"][title["name"]]["cases"]
    assert [row["分组"] for row in groups] == [one["name_zh"] for one in told["groups"]]
    assert whole["派遣完成中位小时"] == pytest.approx(told["whole"]["dispatch_done"]["median_h"])


@pytest.mark.parametrize("body", [{"filters": {"stat": "filed"}}, {"group_by": "weather"}, {"more": 1}])
def test_a_question_that_nobody_reads_is_refused(cast: Cast, body: dict[str, object]) -> None:
    with cast.county.client() as client:
        ours = cast.county.bearer(cast.headquarters)
        answer = client.post("/api/v1/figures/exports", json=body, headers=ours)

    assert answer.status_code == 422
