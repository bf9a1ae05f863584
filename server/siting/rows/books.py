"""The books that siting reckons with: rows with validity and source, ended once and never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ITEMS = ("port", "shed_m2", "cable_m", "camera")
FUNDS = ("budget", "investor", "maintenance_fund", "property_company")
UNITS = ("m", "m2", "bikes", "spaces")
PLACED = ("bikes_per_household", "share_outside")
RATES = (*PLACED, "case_weight", "turns_a_day", "port_kw", "power_factor", "cable_detour")
# From and to what a rate may go, both included; the others from 0 to 1000.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "share_outside": (0.0, 1.0),
    "power_factor": (0.01, 1.0),
    "port_kw": (0.001, 1000.0),
    "turns_a_day": (0.01, 1000.0),
    "cable_detour": (1.0, 1000.0),
}
FIGURE = "figure"
FACILITY = "facility:"
KINDS = ("building", "entrance", "fire_lane", "ladder_ground", "forbidden", FIGURE)


@dataclass(frozen=True, slots=True)
class Book:
    """One kind of rows.

    Attributes:
        key: what tells rows apart beside their validity.
        values: what a row says, beside its source.
    """

    name: str
    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]


RULES = Book("rules", "siting_rule", ("rule_set", "name"), ("kind", "value", "unit", "hard"))
PRICES = Book("prices", "siting_price", ("item",), ("yuan", "paid_by"))
RATE = Book("rates", "siting_rate", ("name", "place"), ("value",))
POWER = Book("power", "transformer_spare", ("facility_id",), ("spare_kva",))
BOOKS: Mapping[str, Book] = {book.name: book for book in (RULES, PRICES, RATE, POWER)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a set: metres from things of a kind, or a figure such as square metres a space."""

    name: str
    kind: str
    value: float
    unit: str
    hard: bool
    source: str

    @property
    def distance(self) -> bool:
        """Return whether it is a distance that places are held against."""
        return self.kind != FIGURE


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a set on a day."""

    name: str
    rules: tuple[Rule, ...]

    @property
    def distances(self) -> tuple[Rule, ...]:
        """Return the distances, in the order of their names."""
        return tuple(rule for rule in self.rules if rule.distance)

    def figure(self, name: str) -> float | None:
        """Return a figure of the set, None when the set has no such figure."""
        return next((rule.value for rule in self.rules if rule.name == name and not rule.distance), None)


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of an item costs, and who pays it."""

    yuan: float
    paid_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its source."""

    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a day; own ones of communities and buildings beside the county's."""

    county: Mapping[str, Rate]
    placed: Mapping[tuple[str, str], Rate]

    def of(self, name: str) -> float:
        """Return the county's rate."""
        return self.county[name].value

    def at(self, name: str, *places: str) -> tuple[Rate, bool]:
        """Return the rate of the first place that has its own, else the county's; and whether it is own."""
        for place in places:
            if (name, place) in self.placed:
                return self.placed[name, place], True
        return self.county[name], False
