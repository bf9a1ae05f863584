"""English labels of the fields of papers; the papers themselves are Chinese. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_LABELS: Mapping[str, str] = {
    "answer_by": "Answer by",
    "basis": "Basis",
    "cases": "Cases",
    "closeout_number": "Close-out number",
    "consequence": "Consequence",
    "contact": "Contact and telephone",
    "demand": "Demand",
    "division_of_work": "Division of work",
    "due": "To be done by",
    "evidence": "Evidence of refusal",
    "findings": "Findings",
    "finished_on": "Finished on",
    "found_at": "Inspected at",
    "funds": "Paid by",
    "held_on": "Held on",
    "manner": "Manner of service",
    "matter": "Matter",
    "measures": "Measures taken",
    "meeting_at": "Time of the talk",
    "opinion_checker": "Opinion of the checker",
    "opinion_neighbourhood": "Opinion of the neighbourhood",
    "opinion_repairer": "Opinion of the repairer",
    "opinion_subdistrict": "Opinion of the subdistrict",
    "original_demand": "Original demand",
    "original_number": "Number of the assignment",
    "paper_title": "Paper served",
    "participants": "Participants",
    "party": "Party",
    "persons": "Persons",
    "photos": "Photos of the problem",
    "photos_after": "Photos after",
    "photos_before": "Photos before",
    "place": "Place",
    "problem": "Problem",
    "progress": "Progress",
    "promises": "Promises",
    "published_on": "Published on",
    "received": "Received",
    "receiver": "Receiver",
    "refused_because": "Refused because",
    "results": "Result of each unit",
    "served_at": "Served at",
    "server_1": "First server",
    "server_2": "Second server",
    "signatures": "Signatures",
    "time_left": "Time left",
    "times": "Which time",
    "urged": "What was urged, and when",
    "witness": "Witness",
}
_OF_KIND: Mapping[tuple[str, str], str] = {
    ("joint_plan", "place"): "Place of assembly",
    ("interview_notice", "place"): "Place of the talk",
    ("rectification_notice", "place"): "Inspected place",
    ("service_return", "place"): "Place of service",
    ("interview_record", "persons"): "Present",
    ("interview_notice", "persons"): "Summoned",
    ("listed_supervision", "persons"): "Responsible",
}


def english(kind: str, name: str) -> str:
    """Return the English label of a field of a kind of paper."""
    return _OF_KIND.get((kind, name)) or _LABELS[name]
