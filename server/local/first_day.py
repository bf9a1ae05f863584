"""What a fresh installation gets: people to sign in as, and a morning of work to look at."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 2
WALKER = "walker"
MORNING = ("--tablets", "5", "--inspections", "20", "--photos", "2", "--seed", "7")
WALKED = tuple(f"370831001003{number:03}" for number in range(1, 26))
"""The cells of one demo neighbourhood of Sihe."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody to sign in as; all of them share one password, drawn for this installation."""

    username: str
    role: str
    unit: str | None
    name: str
    does: str
    cells: tuple[str, ...] = ()


DEMO_USERS = (
    DemoUser("admin", "admin", None, "管理员", "people, devices, passwords"),
    DemoUser("clerk", "intake_clerk", "sihe_subdistrict", "受理员", "reports that come in"),
    DemoUser("dispatcher", "dispatcher", "sihe_subdistrict", "派遣员", "dispatches cases, assigns checks"),
    DemoUser("leader", "shift_leader", "sihe_subdistrict", "值班长", "files cases, signs the close-out"),
    DemoUser("sihe", "subdistrict", "sihe_subdistrict", "泗河街道", "the ledger of Sihe"),
    DemoUser("jihe", "subdistrict", "jihe_subdistrict", "济河街道", "the ledger of Jihe"),
    DemoUser("planner", "planner", "construction_hq", "规划员", "where charging should stand"),
    DemoUser("market", "department", "market_bureau", "市场监管局", "the cases of the market bureau"),
    DemoUser("headquarters", "headquarters", None, "城建指挥部", "the whole county"),
    DemoUser(WALKER, "grid_worker", None, "网格员", "walks 25 cells of Sihe", WALKED),
)

Run = Callable[[Sequence[str], str | None], int]
"""Runs a command of the product, with a line typed into it, and returns its exit code."""


def password(var: Path) -> str:
    """Return the demo users' password of this installation; the first call draws it."""
    file = var / "demo_password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"sishui-{secrets.token_hex(4)}\n")
    return file.read_text().strip()


def create_people(run: Run, secret: str) -> list[str]:
    """Create the demo users through the command line and return the names that it refused."""
    with ThreadPoolExecutor(AT_ONCE) as creating:
        codes = creating.map(lambda user: run(_create(user), secret), DEMO_USERS)
        return [user.username for user, code in zip(DEMO_USERS, codes, strict=True) if code != 0]


def morning(run: Run, url: str, secret: str) -> bool:
    """Let simulated tablets hand in a morning and the demo users close a case; return the success."""
    handed_in = run(("simulate", "--url", url, *MORNING), None) == 0
    return handed_in and run(("first-morning", "--url", url, "--password-stdin"), secret) == 0


def logins(secret: str, known: Collection[str]) -> list[str]:
    """Return a line for each demo user who is still among the users known."""
    there = (user for user in DEMO_USERS if user.username in known)
    return [f"  {user.username:<13} {secret}   {user.does}" for user in there]


def invitation(url: str, code: str) -> list[str]:
    """Return how to open a tablet of the demo worker in a browser of this machine."""
    return [
        "",
        "A grid worker's tablet (in a browser of this machine; the code is for one, good for three days):",
        f"  {url}/tablet/#enrol={code}",
        f"  or open {url}/tablet/ and type {code}; more codes, as QR too: /desks",
    ]


def _create(user: DemoUser) -> tuple[str, ...]:
    unit = () if user.unit is None else ("--unit", user.unit)
    cells = ("--cells", ",".join(user.cells)) if user.cells else ()
    who = ("--role", user.role, "--display-name", user.name, *unit, *cells, "--demo")
    return ("user", "create", user.username, *who, "--password-stdin", "--json")
