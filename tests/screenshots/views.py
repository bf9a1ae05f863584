"""What is pictured: each view, who looks at it, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One view.

    Attributes:
        path: its address; `{}` stands for the id of the first record that `first_of` lists.
        role: the role of the demo person who looks; None for the public.
        settle_ms: how long it may go on drawing after its last request.
    """

    name: str
    path: str
    role: str | None = "headquarters"
    first_of: str | None = None
    id_name: str = ""
    settle_ms: int = 300


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at all views."""

    name: str
    language: str
    theme: str
    width: int
    height: int


MAP_MS = 2500
BOARD = "BCDEFGHJ"
"""The code of the notice board that the pictured county has."""

VIEWS = (
    View("login", "/login", None),
    View("work-desk", "/work", "dispatcher"),
    View("work-leader", "/work", "shift_leader"),
    View("work-company", "/work", "property_company"),
    View("ledger", "/ledger"),
    View("ledger-filtered", "/ledger?signal=red&severity=A"),
    View("case", "/cases/{}", first_of="/api/v1/cases?state=closed&limit=1", id_name="case_id"),
    View(
        "case-open",
        "/cases/{}",
        "dispatcher",
        first_of="/api/v1/cases?state=in_progress&limit=1",
        id_name="case_id",
    ),
    View("complaints", "/complaints"),
    View("complaint", "/complaints/{}", first_of="/api/v1/complaints?limit=1", id_name="complaint_id"),
    View("hotline", "/hotline"),
    View("hotline-order", "/hotline/{}", first_of="/api/v1/hotline/orders?limit=1", id_name="order_id"),
    View("joint", "/joint"),
    View("joint-action", "/joint/{}", first_of="/api/v1/joint-actions?limit=1", id_name="joint_action_id"),
    View("charging", "/charging"),
    View("votes", "/votes"),
    View("projects", "/charging-projects"),
    View("papers", "/papers"),
    View("paper", "/papers/{}", first_of="/api/v1/papers?limit=1", id_name="paper_id"),
    View("inspections", "/inspections"),
    View(
        "inspection",
        "/inspections/{}",
        first_of="/api/v1/inspections?limit=1",
        id_name="inspection_id",
    ),
    View("map", "/map", settle_ms=MAP_MS),
    View("heat", "/heat", settle_ms=MAP_MS),
    View("analysis", "/analysis"),
    View("coverage", "/coverage", settle_ms=MAP_MS),
    View("figures", "/figures", settle_ms=800),
    View("places", "/places"),
    View("community-sheet", "/communities/{}", "shift_leader", "/api/v1/communities?limit=1", "community_id"),
    View(
        "board", "/communities/{}/board", "shift_leader", "/api/v1/cases?state=closed&limit=1", "community_id"
    ),
    View("reports-week", "/reports?kind=week"),
    View("reports-street", "/reports?kind=month", "dispatcher"),
    View("stand-ins", "/stand-ins", "dispatcher"),
    View("tables", "/tables"),
    View("people", "/people", "admin"),
    View("units", "/units", "admin"),
    View("unit", "/units/emergency_bureau", "admin"),
    View("roles", "/roles", "admin"),
    View("assignments", "/assignments", "admin", settle_ms=MAP_MS),
    View("rules", "/rules"),
    View("rules-siting", "/rules?table=siting_rules"),
    View("rules-calendar", "/rules?table=calendar"),
    View("checklists", "/checklists"),
    View("checklist", "/checklists/T2"),
    View("fleet", "/fleet"),
    View("fleet-codes", "/fleet/codes", "admin"),
    View("siting", "/siting", "planner", settle_ms=MAP_MS),
    View("desks", "/desks"),
    View("case-report", "/cases/new"),
    View("outbox-file", "/desks/outbox-file"),
    View("notifications", "/notifications"),
    View("docs", "/docs"),
    View("not-found", "/no-such-page"),
    View("progress", f"/p/{BOARD}", None, settle_ms=800),
    View("report", "/report", None),
    View("follow", "/report/follow", None),
    View("tablet-enrol", "/tablet/", None),
)

LOOKS = (
    Look("zh-light", "zh-CN", "light", 1360, 860),
    Look("en-dark", "en", "dark", 1360, 860),
    Look("zh-phone", "zh-CN", "light", 390, 844),
)
