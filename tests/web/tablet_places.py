"""Every page of the tablet, each at addresses where there is something to see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import Page

from server.local import front_end
from tests.integration.complaints.desk import Desk
from tests.integration.ledger.acting import an_id
from tests.web.office import Office
from tests.web.tablet import Tablet

ROUTER = front_end.PROJECT / "src" / "tablet" / "router.ts"
_PATH = re.compile(r"\{ path: '([^']+)', name:")


def routes() -> set[str]:
    """Return the path of every route that the tablet's router knows."""
    return set(_PATH.findall(ROUTER.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Ground:
    """What waits for the worker when he enrols."""

    case_id: UUID
    check_id: UUID
    complaint_id: str
    facility_id: UUID
    site_id: UUID


def laid(office: Office) -> Ground:
    """Let there be a case, a check, a complaint to look at, a lift and a charging site."""
    cast = office.cast
    with cast.county.client() as client:
        desk = Desk(cast, client)
        complaint_id = str(desk.known(desk.report())["complaint_id"])
        desk.order(complaint_id, "complaint.ask_verification", worker=str(cast.worker.user_id))
    site_id, community_id = an_id(), str(cast.community_id)
    site = {"community_id": community_id, "name": "北门车棚", "location": cast.location(30)}
    office.push(cast.checker, "charging_site.propose", site_id, {**site, "charging_ports": 20})
    return Ground(office.report(), office.to_check(), complaint_id, office.facility(), site_id)


def addresses(tablet: Tablet, ground: Ground) -> Mapping[str, Sequence[str]]:
    """Return addresses of each route below `/tablet`, after doing what leaves something at them.

    The tablet is enrolled and has pulled; a draft with a finding is left, and an item that was handed in.
    """
    page = tablet.page
    done = _handed_in(tablet)
    draft = _begun(tablet)
    page.goto(f"{tablet.office.url}/tablet/outbox")
    mid = page.locator("[data-mid]").first.get_attribute("data-mid")
    case, check = f"/cases/{ground.case_id}", f"/cases/{ground.check_id}"
    return {
        "/": ["/"],
        "/enrol": ["/enrol"],
        "/communities/:id": [f"/communities/{tablet.office.cast.community_id}"],
        "/inspect": ["/inspect"],
        "/drafts/:id": [draft],
        "/done/:id": [done],
        "/cases": ["/cases"],
        "/cases/:id": [case],
        "/cases/:id/:deed": [f"{check}/check", f"{case}/photos", f"{case}/refusal"],
        "/complaints/:id": [f"/complaints/{ground.complaint_id}"],
        "/outbox": ["/outbox"],
        "/outbox/:id": [f"/outbox/{mid}"],
        "/me": ["/me"],
        "/me/log": ["/me/log"],
        "/me/phrases": ["/me/phrases"],
        "/me/storage": ["/me/storage"],
        "/edit/:entity/:id": [
            f"/edit/community/{tablet.office.cast.community_id}",
            f"/edit/facility/{ground.facility_id}",
            f"/edit/charging_site/{ground.site_id}",
        ],
        "/propose/:what": [f"/propose/{what}" for what in ("report", "complaint", "facility", "site")],
        "/:path(.*)*": ["/no-such-page"],
    }


def _handed_in(tablet: Tablet) -> str:
    """Hand a walk with nothing found in; return the address that thanks for it."""
    tablet.go("巡查")
    tablet.choose("T0")
    tablet.page.get_by_role("button", name="其余均正常").click()
    tablet.page.get_by_role("button", name="交出巡查").click()
    tablet.page.get_by_role("heading", name="已交出").wait_for()
    return _path(tablet.page)


def _begun(tablet: Tablet) -> str:
    """Begin to count small ads and find some; return the address of the draft."""
    tablet.go("巡查")
    tablet.choose("T4")
    tablet.page.get_by_role("textbox", name="小广告数量").fill("3")
    tablet.page.locator("[data-finding]").wait_for()
    tablet.page.get_by_text("已保存在平板上").wait_for()
    return _path(tablet.page)


def _path(page: Page) -> str:
    return page.url.split("/tablet", 1)[1]
