"""One simulated worker: walks the communities of the own cells, offline, and hands in what was found."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import uuid6
from shapely.geometry import Point, shape

from server.simulation.answers import Visit, answer_checklist
from server.simulation.pictures import SHANGHAI, Shot, draw_photo
from sync.client import Client

CHECKLISTS = ("T0", "T1", "T2")
PROBLEM = 0.4
PHOTOS_ALONG = 0.3
ROUND = 7
MOST_AT_ONCE = 10
Tell = Callable[[str, int], None]


@dataclass
class Worker:
    """A worker with a tablet.

    Attributes:
        draw: decides what is found; the same seed finds the same.
        tell: told of progress: a name (`items`, `photos`) and how many more.
        problems: entity id → how many problems were written down there.
    """

    client: Client
    draw: random.Random
    tell: Tell = lambda name, more: None
    problems: dict[str, int] = field(default_factory=dict)

    def work(self, inspections: int, photos: int) -> None:
        """Inspect offline, in rounds, and hand each round in when there is a line again."""
        self.client.pull()
        done = 0
        while done < inspections:
            for _ in range(min(ROUND, inspections - done)):
                self.inspect(photos)
                done += 1
            self.hand_in()
        self.client.pull()

    def inspect(self, photos: int) -> UUID:
        """Write one inspection into the outbox; no line is needed."""
        community = self._choose("community", lambda one: bool(one.get("geometry")))
        checklist = self._choose("checklist", lambda one: one["code"] in CHECKLISTS)
        at = datetime.now(UTC) - timedelta(minutes=self.draw.randint(1, 240))
        place = self._place_in(community)
        digests = [self._photo(community, place, at, number) for number in range(photos)]
        problem = self.draw.random() < PROBLEM
        visit = Visit(self.draw, at.astimezone(SHANGHAI).date(), digests, self._severities())
        answers = answer_checklist(checklist, visit, problem=problem)
        if "ebikes_estimate" in answers:
            # Most households have one: a count out of the air would make every plan of charging sites odd.
            counted = round(community["households"] * self.draw.uniform(0.6, 1.0))
            answers["ebikes_estimate"] = {"value": counted}
        inspection_id = UUID(str(uuid6.uuid7()))
        self.client.add(
            "inspection.create",
            inspection_id,
            {
                "checklist": checklist["code"],
                "checklist_version": checklist["version"],
                "community_id": community["community_id"],
                "location": self._fix(place),
                "started_at": (at - timedelta(minutes=9)).isoformat(),
                "finished_at": at.isoformat(),
                "answers": answers,
                "photos": [
                    {
                        "sha256": digest,
                        "content_type": "image/jpeg",
                        "taken_at": at.isoformat(),
                        "role": "before",
                    }
                    for digest in digests
                ],
            },
        )
        self.problems[str(inspection_id)] = int(problem)
        return inspection_id

    def hand_in(self) -> None:
        """Push what waits and bring its photos."""
        most, along = self.draw.randint(1, MOST_AT_ONCE), self.draw.random() < PHOTOS_ALONG
        waiting = len(self.client.store.photos())
        results = self.client.push(most=most, with_photos=along)
        self.tell("items", len({result["seq"] for result in results}))
        self.client.upload()
        self.tell("photos", waiting)

    def _choose(self, entity: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        found = sorted(self.client.store.records(entity).items())
        return self.draw.choice([data for _, data in found if fits(data)])

    def _severities(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for rule in self.client.store.records("rule").values():
            found.setdefault(rule["category"], set()).add(rule["severity"])
        return {category: sorted(severities) for category, severities in found.items()}

    def _place_in(self, community: dict[str, Any]) -> Point:
        outline = shape(community["geometry"])
        left, low, right, top = outline.bounds
        for _ in range(200):
            point = Point(self.draw.uniform(left, right), self.draw.uniform(low, top))
            if outline.contains(point):
                return point
        return outline.representative_point()

    def _fix(self, place: Point) -> dict[str, Any]:
        return {
            "lon": round(place.x, 7),
            "lat": round(place.y, 7),
            "accuracy_m": round(self.draw.uniform(3, 18), 1),
            "datum": "wgs84",
            "provider": "gps",
            "mock": False,
        }

    def _photo(self, community: dict[str, Any], place: Point, at: datetime, number: int) -> str:
        caption = f"{at:%Y-%m-%d %H:%M} {place.y:.5f}N {place.x:.5f}E #{number} {uuid6.uuid7()}"
        picture = draw_photo(Shot(caption, at, place.x, place.y), self.draw)
        return self.client.keep_photo(picture, "image/jpeg")
