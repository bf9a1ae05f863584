"""Solving and checking on the command line, with good and bad files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.unit.geo.siting.brute import a_problem
from tests.unit.geo.siting.test_files import stated


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["siting", *map(str, words)])


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """A problem file that has a plan."""
    return written(tmp_path / "problem.json", stated(a_problem(5, p=3)))


def written(file: Path, content: Any) -> Path:
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_plan_that_was_solved_passes_the_check_by_itself(problem: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"

    solved = run("solve", problem, "--out", plan)
    checked = run("check", plan)

    assert solved.exit_code == 0, solved.output
    assert "optimal: value" in solved.output
    assert checked.exit_code == 0, checked.output
    assert "No fault" in checked.output


def test_coordinates_far_from_where_their_crs_is_used_are_told(tmp_path: Path) -> None:
    file = stated(a_problem(5, p=3))
    for row in file["demand"] + file["candidates"]:
        row["x"], row["y"] = 3_949_000.0 + row["y"], 525_000.0 + row["x"]

    solved = run("solve", written(tmp_path / "swapped.json", file))

    assert solved.exit_code == 0, solved.output
    assert "Warning: In EPSG:4548 these coordinates lie at 146." in solved.output


def test_a_plan_that_was_touched_fails_the_check(problem: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    run("solve", problem, "--out", plan)
    touched = json.loads(plan.read_text(encoding="utf-8"))
    touched["value"] += 1

    checked = run("check", written(plan, touched))

    assert checked.exit_code == 1
    assert "value: the sites come to" in checked.output


def test_arrays_are_solved_and_checked_with_their_file(tmp_path: Path) -> None:
    random, file, plan = np.random.default_rng(1), tmp_path / "problem.npz", tmp_path / "plan.json"
    np.savez(
        file,
        dem_xy=random.uniform(0, 3000, (60, 2)),
        weight=random.integers(1, 30, 60),
        cand_xy=random.uniform(0, 3000, (30, 2)),
        cost=np.ones(30),
        stated=json.dumps({"p": 5, "radius_m": 400}),
    )

    solved = run("solve", file, "--out", plan)

    assert solved.exit_code == 0, solved.output
    assert run("check", plan).exit_code == 1
    assert run("check", plan, file).exit_code == 0


def test_what_no_plan_can_do_ends_with_two_and_says_what_would_be_enough(tmp_path: Path) -> None:
    file = stated(a_problem(5, p=None))
    file["budget"] = 1.0
    for site in file["candidates"][:3]:
        site.update(forced=True, existing=False, forbidden=False)

    answer = run("solve", written(tmp_path / "problem.json", file))

    assert answer.exit_code == 2
    assert "least_budget" in answer.output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not json", "is no JSON file"),
        (b"\xff\xfe", "is no JSON file"),
        (b"[]", "an object is needed"),
        (b'{"crs": "EPSG:4326", "demand": [], "candidates": []}', "projected CRS"),
        (b'{"crs": "EPSG:4548", "demand": 3, "candidates": []}', "/demand: "),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_words(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "problem.json"
    file.write_bytes(content)

    answer = run("solve", file)

    assert answer.exit_code == 1
    assert told in answer.output
    assert "Traceback" not in answer.output


def test_arrays_that_are_none_are_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "problem.npz"
    file.write_bytes(b"PK nothing")

    answer = run("solve", file)

    assert answer.exit_code == 1
    assert "no numpy arrays" in answer.output
