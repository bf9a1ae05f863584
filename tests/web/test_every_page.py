"""Every page that the router knows: none has a serious fault, none asks another host; new ones are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import requests

from server.auth.actor import Actor
from server.auth.rules import REACH, UNITS_OF_ROLES
from tests.build import a_person
from tests.web.axe import serious_faults
from tests.web.office import Office, Visitor

ROUTER = Path("server") / "web" / "src" / "office" / "router.ts"
ROUTE = re.compile(r"path:\s*'([^']+)',\s*name:\s*'([^']+)'")
PATIENCE_MS = 60_000  # maps are drawn without a graphics card, on a machine that does other work
NOBODY = "01900000-0000-7000-8000-000000000000"


def routes() -> dict[str, str]:
    """Return the path of every page by its name."""
    return {name: path for path, name in ROUTE.findall(ROUTER.read_text(encoding="utf-8"))}


def _case(office: Office) -> str:
    return str(office.dispatched())


def _community(office: Office) -> str:
    return str(office.cast.community_id)


def _code(office: Office) -> str:
    path = f"{office.url}/api/v1/communities/{office.cast.community_id}/board"
    answer = requests.put(path, headers=office.cast.county.bearer(office.cast.headquarters), timeout=20)
    answer.raise_for_status()
    return str(answer.json()["code"])


def _gone(office: Office) -> str:
    """Return the id of a record that is not there: the page says so. Its own tests look at one that is."""
    return NOBODY


# What stands for the parameter of a page's path.
RECORDS: Mapping[str, Callable[[Office], str]] = {
    "case": _case,
    "board": _community,
    "community-sheet": _community,
    "unit": lambda office: office.cast.fixer.unit_code,
    "checklist": lambda office: "T0",
    "public-progress": _code,
    "inspection": _gone,
    "joint-action": _gone,
    "charging-work": _gone,
    "vote": _gone,
    "paper": _gone,
    "hotline-order": _gone,
    "complaint": _gone,
    "not-found": lambda office: "nowhere",
}


def test_a_page_of_one_record_names_what_record_it_is_looked_at_with() -> None:
    assert {name for name, path in routes().items() if ":" in path} == set(RECORDS)


def _role_of(source: str, name: str) -> str:
    """Return a role that may open a page."""
    told = re.search(rf"name: '{name}'[^{{}}]*{{[^{{}}]*right: '([^']+)'", source)
    roles = REACH[told[1]] if told else {"headquarters": None}
    return "headquarters" if "headquarters" in roles else min(roles)


@pytest.mark.parametrize("whose", ["everybody", "the office"])
def test_no_page_has_a_serious_fault_or_asks_another_host(
    visitor: Visitor, office: Office, whose: str
) -> None:
    source = ROUTER.read_text(encoding="utf-8")
    bare = {name for name in routes() if re.search(rf"name: '{name}'.*bare: true", source)}
    wanted = {name: path for name, path in routes().items() if (name in bare) == (whose == "everybody")}
    page, signed_in = visitor.open("/login"), ""
    page.set_default_timeout(PATIENCE_MS)
    faults: dict[str, object] = {}

    for name, path in sorted(wanted.items(), key=lambda one: _role_of(source, one[0])):
        role = _role_of(source, name)
        if whose == "the office" and role != signed_in:
            page.evaluate("localStorage.clear()")
            visitor.sign_in(_somebody(office, role), "/stand-ins")
            signed_in = role
        address = re.sub(r":\w+(\(.*\)\*)?", RECORDS[name](office) if name in RECORDS else "", path)
        visitor.open(address)
        for theme in ("light", "dark"):
            page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
            if found := serious_faults(page):
                faults[f"{name} {theme}"] = found
        if name != "start" and not page.url.startswith(office.url + address):
            faults[name] = f"led to {page.url}"

    assert faults == {}
    assert len(wanted) > 2
    assert all(url.startswith((office.url, f"blob:{office.url}", "data:")) for url in visitor.asked)


def _somebody(office: Office, role: str) -> Actor:
    unit = None if role in UNITS_OF_ROLES else office.cast.shift_leader.unit_code
    with office.cast.county.transaction() as session:
        return a_person(session, role, unit)
