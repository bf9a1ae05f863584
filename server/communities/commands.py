"""Commands that create people and let them walk cells."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from server.auth.commands import password_from, person_json, show, user
from server.communities import service
from server.console import Console, pass_console

DAY = click.DateTime(["%Y-%m-%d"])


def _codes(listed: str) -> list[str]:
    return [code.strip() for code in listed.split(",") if code.strip()]


@user.command("create")
@click.argument("name")
@click.option("--role", required=True, help="grid_worker, dispatcher, shift_leader, admin, …")
@click.option("--unit", "unit_code", help="The unit's code; a grid worker's follows from the cells.")
@click.option("--cells", default="", help="Grid cells of a grid worker: CODE,CODE.")
@click.option("--display-name", help="How pages name the person; the user name if left out.")
@click.option("--demo", "is_demo", is_flag=True, help="Goes with the demo places when they are removed.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def create_user(
    console: Console,
    name: str,
    role: str,
    unit_code: str | None,
    cells: str,
    display_name: str | None,
    is_demo: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Create a person who can sign in."""
    password = password_from(password_stdin)
    with console.transaction() as session:
        person = service.create_person(
            session,
            username=name,
            role=role,
            unit_code=unit_code,
            cells=_codes(cells),
            password=password,
            display_name=display_name,
            origin="demo" if is_demo else "live",
            actor=None,
            now=console.now,
        )
    told = person_json(person, cells=sorted(set(_codes(cells))))
    show(told, f"{person.username} ({person.role}, {person.unit.code}) can sign in.", as_json)


@click.command("assign")
@click.argument("name")
@click.option("--cells", required=True, help="Grid cells: CODE,CODE.")
@click.option("--from", "starts", required=True, type=DAY, help="The first day.")
@click.option("--to", "last", type=DAY, help="The last day; left out: until further notice.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def assign(
    console: Console, name: str, cells: str, starts: datetime, last: datetime | None, as_json: bool
) -> None:
    """Let a grid worker walk cells; replaces what is open from the first day on."""
    with console.transaction() as session:
        made = service.assign(
            session,
            username=name,
            cells=_codes(cells),
            starts=starts.date(),
            ends=_after(last),
            actor=None,
            now=console.now,
        )
        codes = [one.grid_cell_code for one in made]
    told = {
        "username": name,
        "cells": codes,
        "from": starts.date(),
        "to": last.date() if last else None,
    }
    show(told, f"{name} walks {', '.join(codes)} from {starts.date()} on.", as_json)


def _after(last: datetime | None) -> date | None:
    return None if last is None else last.date() + timedelta(days=1)
