"""Commands about people: listing them, resetting a password, switching somebody off or on."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click
import orjson

from server.auth import enrolment, service
from server.auth.queries import Person, people
from server.auth.rules import Reach
from server.console import Console, pass_console
from server.paging import MOST


@click.group()
def user() -> None:
    """People who can sign in."""


def password_from(given_on_stdin: bool) -> str:
    """Return the password from the first line of standard input, or asked for twice at a terminal."""
    if given_on_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def person_json(person: Person, **more: Any) -> dict[str, Any]:
    """Return a person as the command line shows them."""
    return {**asdict(person), **more}


def show(told: dict[str, Any], sentence: str, as_json: bool) -> None:
    """Print a result as JSON or as one sentence."""
    click.echo(orjson.dumps(told, default=str).decode() if as_json else sentence)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def list_users(console: Console, as_json: bool) -> None:
    """List everybody by user name."""
    with console.transaction() as session:
        found = people(session, None, Reach.COUNTY, None, None, MOST)
    if as_json:
        click.echo(orjson.dumps([asdict(one) for one in found], default=str).decode())
        return
    for one in found:
        state = "" if one.active else "  (switched off)"
        click.echo(f"{one.username}  {one.role}  {one.unit.code}{state}")


@user.command("reset-password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def reset_password(console: Console, name: str, password_stdin: bool, as_json: bool) -> None:
    """Give a person another password; their sign-ins end."""
    password = password_from(password_stdin)
    with console.transaction() as session:
        person = service.reset_password(
            session, username=name, password=password, actor=None, now=console.now
        )
    show(person_json(person), f"{person.username} has a new password.", as_json)


@user.command("switch")
@click.argument("name")
@click.argument("state", type=click.Choice(["on", "off"]))
@pass_console
def switch(console: Console, name: str, state: str) -> None:
    """Let a person sign in again, or no longer."""
    with console.transaction() as session:
        person = service.set_active(session, username=name, active=state == "on", actor=None, now=console.now)
    click.echo(f"{person.username} is switched {state}.")


@click.group()
def device() -> None:
    """Tablets."""


@device.command("code")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def device_code(console: Console, name: str, as_json: bool) -> None:
    """Make a code with which one tablet enrols for a person."""
    with console.transaction() as session:
        made = enrolment.make_code(session, username=name, actor=None, now=console.now)
    sentence = f"{made.enrolment_code} enrols a tablet for {name} until {made.expires_at:%Y-%m-%d %H:%M} UTC."
    show(asdict(made), sentence, as_json)
