"""`wangge siting …`: solve a kept problem, and check a plan without the solver."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from geo.errors import GeoError
from geo.siting_checker import faults_of
from server.siting.planning_commands import compare_plans, export_plan, make_plan, show_demand
from server.siting.rows.commands import rows

ARRAYS = ".npz"
STATED = "stated"


@click.group()
def siting() -> None:
    """Site charging piles with a proof."""


for command in (rows, show_demand, make_plan, export_plan, compare_plans):
    siting.add_command(command)


@siting.command("solve")
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan here.")
@click.option("--quiet", is_flag=True, help="Tell no progress.")
def solve_problem(problem: Path, out: Path | None, quiet: bool) -> None:
    """Solve a problem file (.json, or .npz with the rest as JSON in its array `stated`).

    Exit code 0 with a plan, 1 when the problem cannot be used, 2 when no plan can exist.
    """
    plan = _planned(problem, quiet)
    text = json.dumps(plan, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    click.echo(_summary(plan))


@siting.command("check")
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("problem", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_plan(plan: Path, problem: Path | None) -> None:
    """Check a plan by plain arithmetic: its sites, limits, value, bound and certificate.

    PROBLEM is needed only when the plan does not carry its problem (it was made of arrays).
    """
    told = _json(plan)
    stated = told.get("problem") if problem is None else _as_rows(problem)
    if not isinstance(stated, dict):
        raise click.ClickException("The plan does not carry its problem: name the problem file, too.")
    try:
        faults = faults_of(stated, told)
    except (KeyError, TypeError, ValueError) as fault:
        raise click.ClickException(
            f"This is no plan for that problem: {fault!r} / 文件不是该问题的方案"
        ) from fault
    for found in faults:
        click.echo(f"{found.rule}: {found.detail}")
    if faults:
        raise click.ClickException(f"{len(faults)} faults / 发现 {len(faults)} 处错误")
    click.echo(f"No fault: value {told['value']:g}, bound {told['bound']:g} / 方案核验通过")


def _planned(file: Path, quiet: bool) -> dict[str, Any]:
    # HiGHS and scipy are loaded only where something is solved.
    from geo.siting.errors import Conflict, Impossible, NoCandidates
    from geo.siting.plan import plan_of
    from geo.siting.solving import solve

    def told(value: float, bound: float) -> bool:
        if not quiet:
            click.echo(f"value {value:g}  bound {bound:g}", err=True)
        return False

    begun = perf_counter()
    try:
        problem = _problem(file)
        plan = plan_of(problem, solve(problem, told), perf_counter() - begun)
    except (Impossible, Conflict, NoCandidates) as fault:
        click.echo(f"{fault.detail}\n{fault.detail_zh}", err=True)
        click.echo(
            json.dumps({"status": "infeasible", "reason": fault.detail, **fault.extra}, ensure_ascii=False)
        )
        raise click.exceptions.Exit(2) from fault
    except GeoError as fault:
        lines = [f"{error['pointer'] or '/'}: {error['detail']}" for error in fault.errors]
        raise click.ClickException("\n".join([fault.detail, fault.detail_zh, *lines])) from fault
    kept = {} if file.suffix == ARRAYS else {"problem": _json(file)}
    return {**plan, "problem_sha256": hashlib.sha256(file.read_bytes()).hexdigest(), **kept}


def _problem(file: Path) -> Any:
    from geo.siting.errors import OutsideZone
    from geo.siting.reading import problem_of, problem_of_arrays
    from geo.siting.whereabouts import hold_in_zone

    if file.suffix == ARRAYS:
        arrays = _arrays(file)
        stated = _stated(arrays)
        problem = problem_of_arrays(arrays, stated)
    else:
        stated = _json(file)
        problem = problem_of(stated)
    try:
        hold_in_zone(problem, stated["crs"])
    except OutsideZone as fault:
        # A made-up example may lie anywhere; whoever mixed up axes or zones has to hear of it.
        click.echo(f"Warning: {fault.detail}\n注意：{fault.detail_zh}", err=True)
    return problem


def _arrays(file: Path) -> dict[str, Any]:
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError) as fault:
        raise click.ClickException(f"{file.name} holds no numpy arrays. / 无法读取数组文件") from fault


def _stated(arrays: dict[str, Any]) -> dict[str, Any]:
    stated = json.loads(str(arrays[STATED])) if STATED in arrays else {}
    return {"crs": "EPSG:4548", "objective": "max_cover", **stated}


def _as_rows(file: Path) -> Any:
    """Return a problem file as the JSON problem that a checker reads."""
    if file.suffix != ARRAYS:
        return _json(file)
    arrays = _arrays(file)
    none = [False] * len(arrays["cost"])
    flags = {
        name: arrays[name].tolist() if name in arrays else none
        for name in ("existing", "forced", "forbidden")
    }
    return {
        **_stated(arrays),
        "demand": [
            {"id": f"d{k}", "x": x, "y": y, "weight": weight}
            for k, ((x, y), weight) in enumerate(zip(arrays["dem_xy"], arrays["weight"], strict=True))
        ],
        "candidates": [
            {"id": f"c{k}", "x": x, "y": y, "cost": cost, **{name: flags[name][k] for name in flags}}
            for k, ((x, y), cost) in enumerate(zip(arrays["cand_xy"], arrays["cost"], strict=True))
        ],
    }


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as fault:
        raise click.ClickException(f"{file.name} is no JSON file: {fault} / 不是 JSON 文件") from fault


def _summary(plan: dict[str, Any]) -> str:
    return (
        f"{plan['status']}: value {plan['value']:g}, bound {plan['bound']:g} (gap {plan['gap']:.3%}, by "
        f"{plan['bound_by']}), {len(plan['sites'])} sites, {plan['cost']:g} yuan, {plan['seconds']} s"
    )
