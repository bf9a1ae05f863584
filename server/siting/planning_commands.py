"""`wangge siting demand|plan|export|compare`: planning upon the county's own places on the command line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from marshmallow import ValidationError

from server.auth.actor import Actor
from server.auth.queries import actor_by_id, user_by_name
from server.communities.service import local_day
from server.console import Console, pass_console
from server.disk import replaced_whole
from server.problems import NotFound
from server.queue import connect
from server.siting.ground import demand as demands
from server.siting.ground.area import Named, homes_of
from server.siting.outcome import service as outcome
from server.siting.outcome.schemas import COMPARISON_FORMATS, PLAN_FORMATS
from server.siting.plans import jobs as plan_jobs
from server.siting.plans import queries as plans
from server.siting.scenarios import jobs, queries, service
from server.siting.scenarios.schemas import ScenarioAskedSchema, asked_of
from server.work import Work

NEW = click.Path(dir_okay=False, path_type=Path)
AGAIN_S = 0.5
_BY = click.option("--by", "username", required=True, help="The user name of the planner who asks.")
_OUT = click.option("--out", required=True, type=NEW, help="The file to write.")


@click.command("demand")
@click.option("--community", "communities", multiple=True, type=click.UUID)
@click.option("--neighbourhood", "neighbourhoods", multiple=True, help="12 digits.")
@click.option("--subdistrict", "subdistricts", multiple=True, help="9 digits.")
@_OUT
@pass_console
def show_demand(
    console: Console,
    communities: tuple[UUID, ...],
    neighbourhoods: tuple[str, ...],
    subdistricts: tuple[str, ...],
    out: Path,
) -> None:
    """Write the demand of an area as GeoJSON: e-bikes at every building, each figure explained."""
    named = Named(communities, neighbourhoods, subdistricts)
    with console.transaction() as session:
        homes = homes_of(session, named, local_day(console.now))
        told = demands.as_geojson(demands.demand_of(session, homes, console.now), homes)
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    click.echo(
        f"{told['total_weight']} e-bikes at {len(told['features'])} places of {len(homes)} communities"
    )


@click.command("plan")
@click.argument("request", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--name")
@click.option("--community", "communities", multiple=True)
@click.option("--neighbourhood", "neighbourhoods", multiple=True, help="12 digits.")
@click.option("--subdistrict", "subdistricts", multiple=True, help="9 digits.")
@click.option("--budget", type=float, help="Yuan.")
@click.option("--sites", "p", type=int, help="The most new sites.")
@click.option("--radius", "radius_m", type=float)
@click.option("--ports", type=int, help="Of a new site.")
@click.option("--rule-set")
@_BY
@click.option("--out", type=NEW, help="Write the plan with its problem here, for `wangge siting check`.")
@pass_console
def make_plan(
    console: Console, /, request: Path | None, username: str, out: Path | None, **given: Any
) -> None:
    """Build the problem of an area and solve it; the scenario and its plan are kept.

    REQUEST is a JSON file as `POST /api/v1/siting/scenarios` takes it; options go before it. Exit code 2
    when no plan can exist.
    """
    body = _body(request, given)
    with connect(console.settings.redis_url) as redis:
        work = Work(console.database, console.settings, redis, console.now)
        number = _ask(console, body, username)
        click.echo(f"scenario {number}", err=True)
        jobs.build_scenario(work, str(number))
        plan_id = _built(console, number)
        if plan_id is not None:
            click.echo(f"plan {plan_id}", err=True)
            plan_jobs.solve_plan(work, str(plan_id))
            _tell(console, plan_id, username, out)


def _body(request: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    told = json.loads(request.read_text(encoding="utf-8")) if request else {}
    options = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    body = {**told, **{name: value for name, value in options.items() if value not in (None, [])}}
    try:
        loaded: dict[str, Any] = ScenarioAskedSchema().load({"name": "wangge siting plan", **body})
    except ValidationError as fault:
        raise click.ClickException(json.dumps(fault.messages, ensure_ascii=False)) from fault
    return loaded


def _ask(console: Console, body: dict[str, Any], username: str) -> UUID:
    with console.transaction() as session:
        actor = _actor(session, username)
        as_sent = ScenarioAskedSchema().dump(body)
        kept = service.ask(session, body["name"], asked_of(body), as_sent, actor=actor, now=console.now)
        return kept.scenario_id


def _built(console: Console, number: UUID) -> UUID | None:
    """Return the plan of a scenario, None when only places were looked for.

    Raises:
        Exit: with code 2 when there is nothing to solve.
    """
    with console.transaction() as session:
        kept = queries.scenario(session, number)
        assert kept is not None
        if kept.because is not None:
            click.echo(json.dumps(kept.because, ensure_ascii=False, indent=1))
            raise click.exceptions.Exit(2)
        click.echo(json.dumps(kept.answer, ensure_ascii=False), err=True)
        made = queries.plans_of(session, [number]).get(number)
    return made[0] if made else None


def _tell(console: Console, plan_id: UUID, username: str, out: Path | None) -> None:
    plan = None
    while plan is None or plan.finished_at is None:
        # A worker may have been faster in taking it.
        time.sleep(AGAIN_S if plan is not None else 0)
        with console.transaction() as session:
            plan = plans.plan(session, plan_id)
            assert plan is not None
            session.expunge(plan)
    if plan.plan is None:
        click.echo(json.dumps(plan.because, ensure_ascii=False, indent=1))
        raise click.exceptions.Exit(2)
    if out is not None:
        told = {**plan.plan, "problem": plan.problem}
        out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with console.transaction() as session:
        totals = outcome.report(session, plan_id, actor=_actor(session, username))["totals"]
    share, straight = totals["served_share"], totals["served_share_straight"]
    click.echo(
        f"{plan.plan['status']}: {totals['new_sites']} new sites, {totals['yuan']:g} yuan "
        f"({totals['budget_yuan']:g} from the budget), {share:.1%} of e-bikes reached on foot "
        f"({straight:.1%} straight), gap {plan.plan['gap']:.3%}"
    )


def _actor(session: Any, username: str) -> Actor:
    user = user_by_name(session, username)
    found = actor_by_id(session, user.user_id, None) if user else None
    if found is None:
        raise NotFound(f"Nobody signs in as {username}.", f"没有用户 {username}。")
    return found


@click.command("export")
@click.argument("plan_id", type=click.UUID)
@click.option("--format", "form", type=click.Choice(PLAN_FORMATS), default="gpkg", show_default=True)
@_BY
@_OUT
@pass_console
def export_plan(console: Console, plan_id: UUID, form: str, username: str, out: Path) -> None:
    """Write a plan as map layers, a workbook, a sheet for each site, or the public notice."""
    from server.siting.outcome.files import write_plan  # GDAL, matplotlib and Excel only where needed

    with console.transaction() as session:
        report = outcome.report(session, plan_id, actor=_actor(session, username))
        with replaced_whole(out.absolute()) as part:
            write_plan(session, part, report, form)
    click.echo(f"{len(report['sites'])} sites in {out}")


@click.command("compare")
@click.argument("plan_ids", type=click.UUID, nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(COMPARISON_FORMATS), default="xlsx", show_default=True)
@_BY
@_OUT
@pass_console
def compare_plans(console: Console, plan_ids: tuple[UUID, ...], form: str, username: str, out: Path) -> None:
    """Write two to six plans side by side (比选表)."""
    from server.siting.outcome.files import write_comparison  # Excel only where needed

    with console.transaction() as session:
        told = outcome.side_by_side(session, plan_ids, actor=_actor(session, username))
    with replaced_whole(out.absolute()) as part:
        write_comparison(part, told, form)
    click.echo(f"{len(told['figures'])} figures of {len(plan_ids)} plans in {out}")
