"""Boston as a county of its own, so that a year of its requests can be taken in like any old ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
import uuid6
from geoalchemy2.shape import from_shape
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.tables import Community, County, Neighbourhood, Subdistrict
from server.auth.tables import Unit
from server.ledger.sheets.mapping import LedgerMapping, mapping_of
from server.programme.tables import Category, CategoryRule, Measure, Programme

ADCODE, STREET = "250000", "250000001"
SINCE = date(2010, 1, 1)
CITY_HALL = (-71.0587, 42.3594)
# The districts of the requests, each with the official neighbourhoods that it is made of.
DISTRICTS: Mapping[str, tuple[str, ...]] = {
    "Allston / Brighton": ("Allston", "Brighton"),
    "Back Bay": ("Back Bay", "Bay Village"),
    "Beacon Hill": ("Beacon Hill", "West End"),
    "Charlestown": ("Charlestown",),
    "Dorchester": ("Dorchester",),
    "Downtown / Financial District": ("Downtown", "Chinatown", "Leather District", "North End"),
    "East Boston": ("East Boston", "Harbor Islands"),
    "Fenway / Kenmore / Audubon Circle / Longwood": ("Fenway", "Longwood"),
    "Greater Mattapan": ("Mattapan",),
    "Hyde Park": ("Hyde Park",),
    "Jamaica Plain": ("Jamaica Plain",),
    "Mission Hill": ("Mission Hill",),
    "Roslindale": ("Roslindale",),
    "Roxbury": ("Roxbury",),
    "South Boston / South Boston Waterfront": ("South Boston", "South Boston Waterfront"),
    "South End": ("South End",),
    "West Roxbury": ("West Roxbury",),
}
ALSO_CALLED = {
    "Brighton": "Allston / Brighton",
    "Allston": "Allston / Brighton",
    "South Boston": "South Boston / South Boston Waterfront",
    "Mattapan": "Greater Mattapan",
    "Chestnut Hill": "West Roxbury",
    "Boston": "Downtown / Financial District",
}
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "building": ("Building", "Housing", "Code Enforcement", "Property Management", "Fire Department"),
    "street": ("Highway Maintenance", "Pothole", "Bridge Maintenance", "Catchbasin", "MBTA", "Massport"),
    "light": ("Street Lights", "Signs & Signals", "Traffic Management & Engineering", "Boston Bikes"),
    "cleaning": ("Street Cleaning", "Sanitation", "Recycling", "Graffiti", "Needle Program"),
    "green": ("Trees", "Park Maintenance & Safety", "Cemetery"),
    "health": ("Environmental Services", "Health", "Animal Issues", "Air Pollution Control", "Disability"),
    "vehicles": (
        *("Enforcement & Abandoned Vehicles", "Abandoned Bicycle", "Parking Complaints", "Valet"),
        "Office of The Parking Clerk",
    ),
    "water": ("Water Issues", "Fire Hydrant"),
    "noise": ("Generic Noise Disturbance", "Noise Disturbance"),
    "other": (
        *("Employee & General Comments", "Administrative & General Requests", "Call Inquiry", "Operations"),
        *("Notification", "Survey", "Investigations and Enforcement", "Alert Boston", "General Request"),
        *("Participatory Budgeting Idea Collection", "Weights and Measures", "Administration", "Billing"),
        *("Neighborhood Services Issues", "Consumer Affairs Issues", "Metrolist", "Programs"),
    ),
}
SOURCES = {
    "Constituent Call": "hotline",
    "Citizens Connect App": "resident",
    "Self Service": "resident",
    "Twitter": "resident",
    "Employee Generated": "report",
    "City Worker App": "report",
    "Maximo Integration": "report",
}
COLUMNS = {
    "case_id": "number",
    "open_dt": "found_at",
    "target_dt": "due_at",
    "closed_dt": "closed_at",
    "status": "state",
    "reason": "category",
    "type": "description",
    "closure_reason": "remarks",
    "department": "responsible_unit",
    "neighborhood": "community",
    "source": "source",
    "lon": "lon",
    "lat": "lat",
}


def boston_mapping() -> LedgerMapping:
    """Return how the city's table is read."""
    words = {word: category for category, words in CATEGORIES.items() for word in words}
    return mapping_of(
        {
            "name": "boston 311",
            "columns": COLUMNS,
            "values": {"category": words, "community": ALSO_CALLED, "source": SOURCES},
            "defaults": {"severity": "C"},
            "time_zone": "America/New_York",
            "placeholders": [list(CITY_HALL)],
        }
    )


def load_boston(session: Session, outlines: Path) -> None:
    """Store the city as a county with its districts as communities, and rules of its own."""
    drawn = json.loads(outlines.read_text(encoding="utf-8"))["features"]
    shapes = {one["properties"]["Name"]: shape(one["geometry"]) for one in drawn}
    whole = shapely.union_all([one.buffer(0.005) for one in shapes.values()])
    common = {"origin": "imported", "source": "City of Boston", "licence": "ODC PDDL"}
    session.add(
        County(
            adcode=ADCODE,
            name_zh="波士顿",
            name_en="Boston",
            geom=_stored(whole),
            metric_srid=26986,
            **common,
        )
    )
    session.flush()
    session.add(
        Subdistrict(code=STREET, adcode=ADCODE, name_zh="Boston", kind="subdistrict", origin="imported")
    )
    session.add(
        Unit(
            code="construction_hq",
            name_zh="City Hall",
            name_en="City Hall",
            kind="coordinating_body",
            origin="official",
        )
    )
    session.flush()
    for number, (name, parts) in enumerate(DISTRICTS.items(), start=1):
        outline = shapely.union_all([shapes[part] for part in parts])
        _district(session, f"{STREET}{number:03d}", name, outline)
    _rules(session)


def _district(session: Session, code: str, name: str, outline: BaseGeometry) -> None:
    session.add(
        Neighbourhood(
            code=code, subdistrict_code=STREET, name_zh=name, kind="neighbourhood", origin="imported"
        )
    )
    session.flush()
    session.add(
        Community(
            community_id=UUID(int=uuid6.uuid7().int),
            name=name,
            kind="commodity",
            neighbourhood_code=code,
            geom=_stored(outline),
            households=0,
            version=1,
            origin="imported",
            valid_from=SINCE,
        )
    )


def _rules(session: Session) -> None:
    session.add(
        Programme(code="boston", doc_no="-", title_zh="-", issued_on=SINCE, adcode=ADCODE, document={})
    )
    session.flush()
    nothing: dict[str, Any] = {"lead_units": [], "responsible_units": [], "duties": []}
    session.add(Measure(measure=1, programme_code="boston", title_zh="-", title_en="-", kind="-", **nothing))
    session.add_all(Category(category=name, label_zh=name, label_en=name) for name in CATEGORIES)
    session.flush()
    for name in CATEGORIES:
        session.add(
            CategoryRule(
                category=name,
                severity="C",
                valid_from=SINCE,
                measures=[1],
                first_actor="subdistrict",
                lead="construction_hq",
                departments=[],
                own_duty=False,
                limit_amount=10,
                limit_unit="cd",
                set_by_dispatcher=False,
                radius_m=30,
                radius_scope="distance",
                auto_file=True,
                photo_required=False,
                source="test",
            )
        )


def _stored(outline: BaseGeometry) -> Any:
    polygons = list(getattr(outline, "geoms", [outline]))
    return from_shape(MultiPolygon(polygons), srid=4326)
