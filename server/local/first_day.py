"""What a fresh installation gets: people to sign in as, and a morning of work to look at."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MORNING = ("--tablets", "5", "--inspections", "20", "--photos", "2", "--seed", "7")


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody to sign in as; all of them share one password, drawn for this installation."""

    username: str
    role: str
    unit: str | None
    does: str


DEMO_USERS = (
    DemoUser("admin", "admin", None, "people, devices, passwords"),
    DemoUser("clerk", "intake_clerk", "sihe_subdistrict", "reports that come in"),
    DemoUser("dispatcher", "dispatcher", "sihe_subdistrict", "files and dispatches cases"),
    DemoUser("leader", "shift_leader", "sihe_subdistrict", "assigns checks, signs the close-out"),
    DemoUser("sihe", "subdistrict", "sihe_subdistrict", "the ledger of Sihe"),
    DemoUser("jihe", "subdistrict", "jihe_subdistrict", "the ledger of Jihe"),
    DemoUser("market", "department", "market_bureau", "the cases of the market bureau"),
    DemoUser("headquarters", "headquarters", None, "the whole county"),
)

Run = Callable[[Sequence[str], str | None], int]


def password(var: Path) -> str:
    """Return the demo users' password of this installation; the first call draws it."""
    file = var / "demo_password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"sishui-{secrets.token_hex(4)}\n")
    return file.read_text().strip()


def create_people(run: Run, secret: str) -> list[str]:
    """Create the demo users through the command line and return the names that it refused."""
    return [user.username for user in DEMO_USERS if run(_create(user), secret) != 0]


def morning(run: Run, url: str) -> bool:
    """Let simulated tablets work and hand in a morning; return whether nothing was lost or doubled."""
    return run(("simulate", "--url", url, *MORNING), None) == 0


def logins(secret: str) -> list[str]:
    """Return a line for each demo user."""
    return [f"  {user.username:<13} {secret}   {user.does}" for user in DEMO_USERS]


def once(marks: Path, name: str, act: Callable[[], bool]) -> bool:
    """Do something unless it succeeded before; return whether it was done now."""
    mark = marks / f"{name}.done"
    if mark.exists():
        return False
    if act():
        marks.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return True


def _create(user: DemoUser) -> tuple[str, ...]:
    unit = () if user.unit is None else ("--unit", user.unit)
    return ("user", "create", user.username, "--role", user.role, *unit, "--password-stdin", "--json")
