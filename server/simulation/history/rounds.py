"""What is answered on a round: mostly that all is well, at times that one thing is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from checklists.model import Template
from server.simulation.answers import Visit, answer_checklist
from server.simulation.history.ground import Site

Answers = dict[str, Any]

# Rounds a year in one community, and the share of them on which something is wrong.
ROUNDS: Mapping[str, tuple[float, float]] = {
    "T0": (8, 0.30),
    "T1": (4, 0.28),
    "T2": (4, 0.25),
    "T3": (2, 0.25),
    "T4": (3, 0.30),
    "T5": (2, 0.22),
    "T6": (2, 0.35),
    "T7": (3, 0.20),
    "T8": (2, 0.30),
    "T9": (0.5, 0.45),
    "T10": (0.5, 0.15),
    "T11": (1, 0.20),
    "T12": (1, 0.25),
    "T13": (1, 0.25),
    "T14": (0.1, 0.50),
    "T16": (1, 0.40),
    "T17": (0.5, 0.0),
}
# What a daily walk finds, by how often.
WALKS: Mapping[str, int] = {
    "private_wiring_charging": 16,
    "parking_disorderly": 16,
    "small_ad_not_cleared": 14,
    "fire_lane_blocked": 10,
    "green_vegetable_plot": 8,
    "common_part_damaged": 8,
    "evacuation_blocked": 6,
    "green_public_area_occupied": 5,
    "indoor_charging": 5,
    "entrance_blocked": 4,
    "dog_unlawful": 4,
    "access_control_broken": 3,
}
MOST_LIFTS, MOST_DOORS = 4, 6
STANDING_CARS = 0.15


@dataclass(frozen=True, slots=True)
class Round:
    """One visit: where, when, with which photos; `open_case` is one that a refusal can be told of."""

    site: Site
    day: date
    draw: Random
    photos: Sequence[str]
    severities: Mapping[str, Sequence[str]]
    open_case: str | None = None


def answers_of(template: Template, visit: Round, *, problem: bool) -> Answers:
    """Return the answers of one round by a checklist."""
    drawn = Visit(visit.draw, visit.day, visit.photos, visit.severities)
    special = SPECIAL.get(template.code)
    found = answer_checklist(template.source, drawn, problem=problem and special is None)
    sound = {code: make(visit) for code, make in SOUND.items() if code in template.fields}
    answers = {**found, **({} if problem and special is None else sound)}
    if special is not None:
        answers |= special(visit, problem)
    return answers


def _all(*choices: str) -> Callable[[Round], Answers]:
    return lambda visit: {"value": list(choices)}


def _in_days(first: int, last: int) -> Callable[[Round], Answers]:
    return lambda visit: {"value": (visit.day + timedelta(days=visit.draw.randint(first, last))).isoformat()}


def _ebikes(visit: Round) -> int:
    """Return the e-bikes of a community as somebody counts them: most households have one."""
    return round(int(visit.site.community["households"]) * visit.draw.uniform(0.6, 1.0))


PAPERS = (
    "as_built_drawings",
    "equipment_papers",
    "acceptance_papers",
    "warranty_papers",
    "pipe_plans",
    "owner_register",
)
SOUND: Mapping[str, Callable[[Round], Answers]] = {
    "posted": _all("price", "standard", "content"),
    "statement_covers": _all("source", "amount", "use", "period"),
    "posted_on": _in_days(-150, -3),
    "company_acted": lambda visit: {"value": visit.draw.choice(("acted", "acted", "acted", "partly", "not"))},
    "documents_complete": _all(*PAPERS),
    "committee_term_ends_on": _in_days(200, 1500),
    "company_party_members": lambda visit: {"value": visit.draw.randint(0, 2)},
    "committee_party_members": lambda visit: {"value": visit.draw.randint(0, 2)},
    "oldest_unanswered_on": lambda visit: {"na": True},
    "ebikes_estimate": lambda visit: {"value": _ebikes(visit)},
}


def _walk(visit: Round, problem: bool) -> Answers:
    if not problem:
        return {}
    [category] = visit.draw.choices(list(WALKS), list(WALKS.values()))
    finding = {"category": {"value": category}, "severity": {"value": visit.severities[category][-1]}}
    return {"finding": {"instances": [{**finding, "photos": list(visit.photos[:1])}]}}


def _parking(visit: Round, problem: bool) -> Answers:
    if not problem:
        return {}
    faults: dict[str, Any] = {
        "fire_lane_clear": False,
        "entrance_clear": False,
        "stairs_and_exits_clear": False,
        "vehicles_outside_bays": visit.draw.randint(1, 9),
        "fire_marking_visible": False,
    }
    code = visit.draw.choices(list(faults), (3, 1, 2, 5, 1))[0]
    answers = {code: _seen(visit, faults[code])}
    if visit.open_case is not None and visit.draw.random() < 0.3:
        answers["company_acted"] = {**_seen(visit, "refused"), "joins": visit.open_case}
    return answers


def _disclosures(visit: Round, problem: bool) -> Answers:
    if not problem:
        return {}
    faults: dict[str, Any] = {
        "posted": ["price"],
        "complaint_channel_posted": False,
        "common_income_posted": False,
        "statement_covers": ["source", "amount"],
    }
    code = visit.draw.choice(list(faults))
    return {code: _seen(visit, faults[code])}


def _vehicles(visit: Round, problem: bool) -> Answers:
    """A car that is never moved stands in some communities for a quarter: the same plate on every round."""
    quarter = (visit.day.month - 1) // 3
    standing = Random(f"{visit.site.community_id}/{visit.day.year}/{quarter}")
    plates = [f"鲁H{standing.randrange(10_000, 99_999)}"] if standing.random() < STANDING_CARS else []
    if problem:
        plates.append(f"鲁H{visit.draw.randrange(10_000, 99_999)}")
    cars = [_car(plate, visit) for plate in plates]
    return {"vehicles": {"instances": cars} if cars else {"na": True}}


def _car(plate: str, visit: Round) -> Answers:
    answers: Answers = {"plate": plate, "in_fire_lane": False, "dust_flat_tyres_long_parked": True}
    told: Answers = {code: {"value": value} for code, value in answers.items()}
    return {**told, "photos": list(visit.photos[:1])}


def _lifts(visit: Round, problem: bool) -> Answers:
    known = visit.site.facilities.get("lift", ())
    lifts = visit.draw.sample(list(known), min(MOST_LIFTS, len(known)))
    instances = [_lift(lift, visit) for lift in lifts]
    if problem and instances:
        code, value = visit.draw.choice(
            (
                ("use_mark_until", _days_ago(visit, 3, 90)),
                ("last_maintenance_on", _days_ago(visit, 17, 60)),
                ("last_maintenance_on", _days_ago(visit, 17, 40)),
                ("sheet_posted_and_signed", False),
                ("emergency_call_answered", False),
                ("out_of_service_without_notice", True),
            )
        )
        instances[0] |= {code: {"value": value}, "photos": list(visit.photos[:1])}
    return {"lifts": {"instances": instances} if instances else {"na": True}}


def _lift(lift: str, visit: Round) -> Answers:
    answers: Answers = {
        "lift": lift,
        "use_mark_until": (visit.day + timedelta(days=visit.draw.randint(20, 340))).isoformat(),
        "last_maintenance_on": _days_ago(visit, 1, 14),
        "sheet_posted_and_signed": True,
        "emergency_call_answered": True,
        "out_of_service_without_notice": False,
    }
    return {code: {"value": value} for code, value in answers.items()}


def _survey(visit: Round, problem: bool) -> Answers:
    hydrants = [_in_order(one, "facility", "in_order") for one in visit.site.facilities.get("hydrant", ())]
    doors = list(visit.site.facilities.get("door", ()))[:MOST_DOORS]
    closing = [_in_order(one, "door", "closes") for one in doors]
    answers: Answers = {"facilities_missing": {"value": []}}
    for code in ("water_handed_over", "power_handed_over"):
        answers[code] = {"value": visit.draw.random() > 0.1}
    if problem:
        kind = visit.draw.choice(("hydrant", "door", "access_control_works", "water_upkeep", "power_upkeep"))
        if kind == "hydrant" and hydrants:
            hydrants[0] |= {"in_order": {"value": False}, "photos": list(visit.photos[:1])}
        elif kind == "door" and closing:
            closing[0] |= {"closes": {"value": False}, "photos": list(visit.photos[:1])}
        elif kind not in ("hydrant", "door"):
            answers[kind] = _seen(visit, False)
    answers["hydrants_and_extinguishers"] = {"instances": hydrants} if hydrants else {"na": True}
    answers["entrance_doors"] = {"instances": closing} if closing else {"na": True}
    return answers


def _in_order(facility: str, ref: str, flag: str) -> Answers:
    return {ref: {"value": facility}, flag: {"value": True}}


def _governance(visit: Round, problem: bool) -> Answers:
    if not problem:
        return {}
    if visit.draw.random() < 0.5:
        return {"committee_term_ends_on": _in_days(10, 179)(visit)}
    return {
        "company_party_members": {"value": visit.draw.randint(3, 9)},
        "company_has_organisation": {"value": False},
    }


def _handover(visit: Round, problem: bool) -> Answers:
    return {"documents_complete": {"value": list(PAPERS[:3])}} if problem else {}


def _score(visit: Round, problem: bool) -> Answers:
    part = visit.draw.choice(("cleaning", "order", "repairs", "service_desk", "greenery"))
    fault = {
        f"{part}_fault": {"value": "other"},
        f"{part}_points": {"value": visit.draw.choice((1, 2, 3, 5))},
    }
    return {part: {"instances": [{**fault, "photos": list(visit.photos[:1])}]}} if problem else {}


SPECIAL: Mapping[str, Callable[[Round, bool], Answers]] = {
    "T0": _walk,
    "T1": _parking,
    "T5": _disclosures,
    "T6": _vehicles,
    "T7": _lifts,
    "T9": _survey,
    "T13": _governance,
    "T14": _handover,
    "T16": _score,
}


def _seen(visit: Round, value: Any) -> Answers:
    return {"value": value, "photos": list(visit.photos[:1])}


def _days_ago(visit: Round, least: int, most: int) -> str:
    return (visit.day - timedelta(days=visit.draw.randint(least, most))).isoformat()
