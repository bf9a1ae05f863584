"""Who may do what, and how far: the one table of roles, actions and reaches.

An action is a command (`case.dispatch`), a list (`cases.list`) or a right (`photo.upload`). What stands in
no row may nobody do. A row says how far a role reaches; how a reach becomes rows is
the affair of the room that lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from server.auth.actor import Actor
from server.problems import NotYours

ROLES = (
    "grid_worker",
    "patron_officer",
    "intake_clerk",
    "dispatcher",
    "shift_leader",
    "neighbourhood",
    "subdistrict",
    "department",
    "property_company",
    "owners_committee",
    "developer",
    "utility",
    "lift_maintainer",
    "planner",
    "headquarters",
    "admin",
)
ROLES_ZH: Mapping[str, str] = {
    "grid_worker": "网格员",
    "patron_officer": "包保干部",
    "intake_clerk": "受理员",
    "dispatcher": "派遣员",
    "shift_leader": "值班长",
    "neighbourhood": "社区居委会",
    "subdistrict": "街道办事处",
    "department": "职能部门",
    "property_company": "物业服务企业",
    "owners_committee": "业主委员会",
    "developer": "开发企业",
    "utility": "专营单位",
    "lift_maintainer": "电梯维保单位",
    "planner": "规划人员",
    "headquarters": "城建指挥部",
    "admin": "系统管理员",
}
COUNTY_UNIT = "construction_hq"
UNITS_OF_ROLES: Mapping[str, str] = {"admin": COUNTY_UNIT, "headquarters": COUNTY_UNIT}
WHOLE_COUNTY_KINDS = frozenset({"coordinating_body"})
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 256
USERNAME = re.compile(r"[\w.@-]{1,64}")


class Reach(StrEnum):
    """How far a right goes."""

    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    NEIGHBOURHOOD = "neighbourhood"
    UNIT = "unit"
    CELLS = "cells"
    OWN = "own"


Row = Mapping[str, Reach]

_COUNTY: Row = {"headquarters": Reach.COUNTY, "admin": Reach.COUNTY}
_STREET: Row = {
    "intake_clerk": Reach.SUBDISTRICT,
    "dispatcher": Reach.SUBDISTRICT,
    "shift_leader": Reach.SUBDISTRICT,
    "subdistrict": Reach.SUBDISTRICT,
    "neighbourhood": Reach.NEIGHBOURHOOD,
}
_RESPONSIBLE: Row = dict.fromkeys(
    (
        "property_company",
        "department",
        "utility",
        "developer",
        "lift_maintainer",
        "owners_committee",
        "neighbourhood",
        "subdistrict",
    ),
    Reach.UNIT,
)
_WORKER: Row = {"grid_worker": Reach.CELLS}
_PLANNER: Row = {"planner": Reach.COUNTY}
_DESK: Row = {"dispatcher": Reach.SUBDISTRICT, "shift_leader": Reach.SUBDISTRICT}
_INTAKE: Row = {"intake_clerk": Reach.SUBDISTRICT, "shift_leader": Reach.SUBDISTRICT}
_ADMIN: Row = {"admin": Reach.COUNTY}
_COMPLAINTS_DESK: Row = {**_INTAKE, "subdistrict": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY}
_COMPLAINTS_HANDS: Row = {
    **_COMPLAINTS_DESK,
    "dispatcher": Reach.SUBDISTRICT,
    "neighbourhood": Reach.NEIGHBOURHOOD,
}
_SIGNS_PAPERS: Row = {
    "subdistrict": Reach.SUBDISTRICT,
    "department": Reach.UNIT,
    "utility": Reach.UNIT,
    "headquarters": Reach.COUNTY,
}
# Who runs the votes of owners in a place; ballots are entered by two of them.
_RUNS_VOTES: Row = {
    "intake_clerk": Reach.SUBDISTRICT,
    "shift_leader": Reach.SUBDISTRICT,
    "subdistrict": Reach.SUBDISTRICT,
    "neighbourhood": Reach.NEIGHBOURHOOD,
    "headquarters": Reach.COUNTY,
}
# Steps of measure 14 that the street takes; bureaus and the power company take their own only.
_STREET_STEP: Row = {
    "shift_leader": Reach.SUBDISTRICT,
    "subdistrict": Reach.SUBDISTRICT,
    "headquarters": Reach.COUNTY,
}
# Bureaus and utilities answer for the whole county, wherever a case of theirs may lie.
_COUNTY_WIDE: Row = {"department": Reach.COUNTY, "utility": Reach.COUNTY}
_EVERYBODY: Row = dict.fromkeys(ROLES, Reach.COUNTY)
_DRAWN = ("building", "entrance", "open_ground", "fire_lane", "footway", "gate")
_SEES_CASES: Row = {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY}

REACH: Mapping[str, Row] = {
    # The ledger: who gives which command on a case.
    "case.report": {**_WORKER, **_STREET, **_COUNTY, "property_company": Reach.UNIT},
    "case.file": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    "case.dispatch": {"dispatcher": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "case.accept": _RESPONSIBLE,
    "case.claim_fixed": _RESPONSIBLE,
    "case.assign_check": _DESK,
    "case.check": {
        **_WORKER,
        **_DESK,
        "neighbourhood": Reach.NEIGHBOURHOOD,
        "subdistrict": Reach.SUBDISTRICT,
    },
    "case.close": {"shift_leader": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "case.record_refusal": {**_RESPONSIBLE, **_STREET, **_WORKER, "headquarters": Reach.COUNTY},
    "case.note": _SEES_CASES,
    "case.ask_verification": _INTAKE,
    "case.verify": _WORKER,
    "case.decline": _INTAKE,
    "case.merge": _INTAKE,
    "case.return": _RESPONSIBLE,
    "case.request_extension": _RESPONSIBLE,
    "case.suspend": _RESPONSIBLE,
    "case.withdraw_claim": _RESPONSIBLE,
    "case.decide": {**_RESPONSIBLE, **_DESK, "headquarters": Reach.COUNTY},
    "case.resume": {**_DESK, "headquarters": Reach.COUNTY},
    "case.void": {"shift_leader": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "case.transfer": {
        "shift_leader": Reach.SUBDISTRICT,
        "subdistrict": Reach.SUBDISTRICT,
        "headquarters": Reach.COUNTY,
    },
    "case.reopen": {**_WORKER, **_INTAKE, "dispatcher": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "case.report_dissuaded": {"property_company": Reach.UNIT},
    "case.record_disposition": {"department": Reach.UNIT, "subdistrict": Reach.SUBDISTRICT},
    # Joint enforcement: the subdistrict decides, participants tell what they found.
    "joint.list": {**_RESPONSIBLE, **_STREET, **_COUNTY},
    "joint.propose": {**_DESK, "subdistrict": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "joint.decide": {"subdistrict": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    "joint.record_result": {**_RESPONSIBLE, "headquarters": Reach.COUNTY},
    # Lists, row by row.
    "cases.list": _SEES_CASES,
    "inspections.list": {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY},
    "communities.list": {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY, **_COUNTY_WIDE, **_PLANNER},
    "grid_cells.list": {**_STREET, **_WORKER, **_COUNTY, **_COUNTY_WIDE, **_PLANNER},
    "grid_cells.change": {**_COUNTY, "planner": Reach.COUNTY},
    "neighbourhoods.list": _EVERYBODY,
    "units.list": _EVERYBODY,
    "checklists.list": _EVERYBODY,
    "checklist.keep": _COUNTY,
    "rules.list": _EVERYBODY,
    "rule.set": _COUNTY,
    "calendar.load": _COUNTY,
    "ledger_roots.list": _EVERYBODY,
    "users.list": {**_STREET, **_COUNTY},
    "devices.list": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    # People and tablets.
    "user.create": _ADMIN,
    "user.change": _ADMIN,
    "units.register": {**_STREET, **_COUNTY},
    "unit.keep": _COUNTY,
    "device.code": {"shift_leader": Reach.SUBDISTRICT, **_ADMIN},
    "device.wipe": _ADMIN,
    "device.revoke": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    "assign": {"shift_leader": Reach.SUBDISTRICT, **_ADMIN},
    "assignments.list": {**_STREET, **_COUNTY},
    "held.decide": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    "quarantine.decide": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    "sync.push": {**_RESPONSIBLE, **_STREET, **_WORKER},
    "sync.pull": {**_RESPONSIBLE, **_STREET, **_WORKER},
    "photo.upload": {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY},
    "photo.attach": {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY},
    "inspection.create": _WORKER,
    "inspection.correct": _WORKER,
    # What else is seen and mended in the field.
    "community.edit": {**_WORKER, **_STREET, **_COUNTY, **_PLANNER},
    "facility.create": {**_WORKER, **_STREET, **_COUNTY, **_PLANNER, "property_company": Reach.UNIT},
    "facility.edit": {**_WORKER, **_STREET, **_COUNTY, **_PLANNER, "property_company": Reach.UNIT},
    "charging_site.propose": {
        **_WORKER,
        **_STREET,
        **_COUNTY,
        "property_company": Reach.UNIT,
        "planner": Reach.COUNTY,
    },
    "charging_site.edit": {**_WORKER, **_STREET, **_COUNTY, "planner": Reach.COUNTY},
    "complaint.create": {**_WORKER, **_STREET, **_COUNTY},
    "track.append": {**_WORKER, **_STREET},
    # What planners draw one by one; what lies in no community only those who reach over the county.
    **{
        f"{drawn}.{deed}": {**_STREET, **_COUNTY, **_PLANNER}
        for drawn in _DRAWN
        for deed in ("create", "edit")
    },
    "facilities.list": {**_RESPONSIBLE, **_STREET, **_WORKER, **_COUNTY, **_COUNTY_WIDE, **_PLANNER},
    "siting_plan.ask": {**_COUNTY, **_PLANNER},
    "siting_plan.adopt": {"headquarters": Reach.COUNTY, **_PLANNER},
    "siting_plans.list": {**_COUNTY, **_PLANNER, "subdistrict": Reach.SUBDISTRICT},
    "siting_rows.list": {**_COUNTY, **_PLANNER, "subdistrict": Reach.COUNTY},
    "siting_rows.set": {**_COUNTY, **_PLANNER},
    "charging_sites.list": {
        **_RESPONSIBLE,
        **_STREET,
        **_WORKER,
        **_COUNTY,
        **_COUNTY_WIDE,
        "planner": Reach.COUNTY,
    },
    # Charging sites from the plan to their service.
    "charging_works.list": {
        **_STREET,
        **_COUNTY,
        **_COUNTY_WIDE,
        **_PLANNER,
        "property_company": Reach.UNIT,
    },
    "work.take_up": {"headquarters": Reach.COUNTY, **_PLANNER},
    "work.meet": _STREET_STEP,
    "work.consult": {**_STREET_STEP, "neighbourhood": Reach.NEIGHBOURHOOD},
    "work.fire_review": {"department": Reach.UNIT, "headquarters": Reach.COUNTY},
    "work.power_reply": {"utility": Reach.UNIT, "headquarters": Reach.COUNTY},
    "work.invest": _STREET_STEP,
    "work.begin": _STREET_STEP,
    "work.extend": _STREET_STEP,
    "work.complete": _STREET_STEP,
    "work.urge": {
        "department": Reach.UNIT,
        "subdistrict": Reach.SUBDISTRICT,
        "headquarters": Reach.COUNTY,
    },
    "work.return": {**_STREET_STEP, **_PLANNER},
    "work.withdraw": {**_STREET_STEP, **_PLANNER},
    "work.reopen": {"headquarters": Reach.COUNTY, **_PLANNER},
    "work.retire": _STREET_STEP,
    "work.limit": _COUNTY,
    # Housing projects: kept by planning and housing bureau, urged by the latter.
    "charging_projects.list": {**_STREET, **_COUNTY, **_COUNTY_WIDE, **_PLANNER},
    "charging_project.keep": {**_COUNTY, **_PLANNER, "department": Reach.UNIT},
    "charging_project.urge": {"headquarters": Reach.COUNTY, "department": Reach.UNIT},
    # Votes of owners: who owns what is known to those alone who run them.
    "votes.list": {**_STREET, **_COUNTY, **_COUNTY_WIDE, **_PLANNER},
    "vote.draft": _RUNS_VOTES,
    "vote.edit": _RUNS_VOTES,
    "vote.register": _RUNS_VOTES,
    "vote.open": _RUNS_VOTES,
    "vote.enter": {**_RUNS_VOTES, "dispatcher": Reach.SUBDISTRICT},
    "vote.count": _RUNS_VOTES,
    "vote.publish": _RUNS_VOTES,
    "vote.object": _RUNS_VOTES,
    "vote.answer": _RUNS_VOTES,
    "vote.decide": _RUNS_VOTES,
    "vote.void": {"subdistrict": Reach.SUBDISTRICT, "headquarters": Reach.COUNTY},
    # Who complained is for those who call back; every reading is written down.
    "complaint.contact": _COMPLAINTS_DESK,
    "complaint.acknowledge": _COMPLAINTS_DESK,
    "complaint.refuse": _COMPLAINTS_DESK,
    "complaint.ask_verification": _COMPLAINTS_HANDS,
    "complaint.verify": {**_COMPLAINTS_HANDS, "grid_worker": Reach.OWN},
    "complaint.transfer": _COMPLAINTS_DESK,
    "complaint.answer": _COMPLAINTS_DESK,
    "complaint.close": _COMPLAINTS_DESK,
    "complaint.reopen": _COMPLAINTS_DESK,
    "complaint.note": _COMPLAINTS_HANDS,
    # What residents read of a community: its notice board, and photos kept back.
    "communities.sheet": {**_STREET, **_COUNTY, **_COUNTY_WIDE, **_PLANNER, "property_company": Reach.UNIT},
    "reports.read": {**_STREET, **_COUNTY},
    "board.keep": {**_STREET, **_COUNTY},
    "complaints.draw": {**_STREET, **_COUNTY},
    "complaints.list": {**_STREET, "grid_worker": Reach.OWN, **_COUNTY},
    "coverage.list": {**_STREET, **_WORKER, **_COUNTY},
    "tracks.list": {"shift_leader": Reach.SUBDISTRICT, "grid_worker": Reach.OWN, **_COUNTY},
    "tracks.draw": {"shift_leader": Reach.SUBDISTRICT, "grid_worker": Reach.CELLS, **_COUNTY},
    "conflicts.resolve": {"shift_leader": Reach.SUBDISTRICT, **_COUNTY},
    # Papers: drafting, reviewing and issuing one are for different people.
    "papers.list": {**_RESPONSIBLE, **_STREET, **_COUNTY},
    "paper.draft": {**_INTAKE, **_SIGNS_PAPERS, "dispatcher": Reach.SUBDISTRICT},
    "paper.edit": {**_INTAKE, **_SIGNS_PAPERS, "dispatcher": Reach.SUBDISTRICT},
    "paper.review": {**_SIGNS_PAPERS, "shift_leader": Reach.SUBDISTRICT},
    "paper.countersign": {**_SIGNS_PAPERS, "shift_leader": Reach.SUBDISTRICT},
    "paper.issue": _SIGNS_PAPERS,
    "paper.send_back": {**_SIGNS_PAPERS, "shift_leader": Reach.SUBDISTRICT},
    "paper.void": {**_SIGNS_PAPERS, "shift_leader": Reach.SUBDISTRICT},
    "paper.serve": {**_INTAKE, **_SIGNS_PAPERS, "dispatcher": Reach.SUBDISTRICT},
    "paper.receive": {**_RESPONSIBLE, **_INTAKE, **_SIGNS_PAPERS, "dispatcher": Reach.SUBDISTRICT},
    "paper.attach_scan": {**_INTAKE, **_SIGNS_PAPERS, "dispatcher": Reach.SUBDISTRICT},
    "paper.template": _COUNTY,
    "notification_channels.set": _COUNTY,
    # Where cases cluster; and foreign sets of points, which only their owner sees.
    "hotspots.read": {**_STREET, **_COUNTY, "planner": Reach.COUNTY},
    # How many cases and violations stand where: planners see figures, and the cases of charging.
    "heat.read": {**_SEES_CASES, **_PLANNER},
    "charging_cases.list": {**_SEES_CASES, **_PLANNER},
    "base_map.set": _COUNTY,
    "analysis_layers.list": {**_COUNTY, "planner": Reach.COUNTY},
    "analysis_layer.keep": {**_COUNTY, "planner": Reach.COUNTY},
    # Work orders of the hotline: who called is known to the desks alone.
    "hotline.list": {**_STREET, **_COUNTY},
    "hotline.work": {**_STREET, **_COUNTY},
    "hotline.set": _COUNTY,
    # Tables taken in.
    "ledger.import": _COUNTY,
    "roster.import": _ADMIN,
    "places.import": {**_COUNTY, "planner": Reach.COUNTY},
}


def reach(actor: Actor, action: str) -> Reach:
    """Return how far the actor's right to this action goes.

    A desk of the county's own bodies reaches over the whole county; a right to a place held by a unit that
    answers for no place shrinks to that unit's own records.

    Raises:
        NotYours: the role has no such right.
    """
    given = REACH.get(action, {}).get(actor.role)
    if given is None:
        raise NotYours(
            f"The role {actor.role} may not do this: {action}.",
            f"{ROLES_ZH.get(actor.role, actor.role)}无权执行此操作（{action}）。",
        )
    if given in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return _of_place(actor)
    return given


def rights(actor: Actor) -> dict[str, str]:
    """Return every action the actor may do, with its reach; empty for a role without anything to do yet."""
    return {action: reach(actor, action).value for action, row in REACH.items() if actor.role in row}


def syncs(role: str) -> bool:
    """Return whether a role works with a tablet: pulls its part and pushes what it did."""
    return role in REACH["sync.push"] and role in REACH["sync.pull"]


def has_work(role: str) -> bool:
    """Return whether a role may do or see more than what everybody may."""
    return any(role in row for row in REACH.values() if row is not _EVERYBODY)


def usable_name(username: str) -> bool:
    """Return whether a user name consists of letters, digits, Chinese characters and . _ @ - only."""
    return bool(USERNAME.fullmatch(username))


def strong_enough(username: str, password: str) -> bool:
    """Return whether a password may be used with this user name."""
    return (
        SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD and password.casefold() != username.casefold()
    )


def _of_place(actor: Actor) -> Reach:
    if actor.unit_kind in WHOLE_COUNTY_KINDS:
        return Reach.COUNTY
    if actor.division_code is None:
        return Reach.UNIT
    return Reach.SUBDISTRICT if len(actor.division_code) == 9 else Reach.NEIGHBOURHOOD
