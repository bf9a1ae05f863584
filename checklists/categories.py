"""The table of categories as the package ships it: limits, first actors, departments and radii as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from checklists.errors import CategoriesFaulty, Fault, UnknownCategory
from checklists.model import SEVERITIES

Pairs = Mapping[str, frozenset[str]]
FIRST = frozenset(
    (
        "company",
        "operator",
        "subdistrict",
        "lift_maintainer",
        "liability",
        "repairer",
        "market_bureau",
        "enforcement_bureau",
        "public_security_bureau",
    )
)
SCOPES = frozenset(("community", "lift", "entrance", "complaint"))
UNITS = frozenset(("uh", "wh", "wd", "cd"))
MILESTONES = frozenset(("make_safe", "on_scene"))


@dataclass(frozen=True, slots=True)
class Limit:
    """The time allowed at one severity: `amount` of `unit` (uh, wh, wd, cd).

    `set`: the dispatcher sets the date, the amount is a proposal. `milestone`: the amount is for this first
    step only (`make_safe`, `on_scene`); with `set` the rest is set afterwards.
    """

    severity: str
    amount: int
    unit: str
    set: bool = False
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """One row of the table, valid from a day on.

    Either `radius_m` (metres) or `radius_scope` (community, lift, entrance, complaint) says within what an
    open case of the category is the same problem. `lead` is a unit code or `subdistrict`; `own_duty`: the
    departments act by law beside the first actor and do not wait for a refusal.
    """

    code: str
    label_zh: str
    label_en: str
    measures: tuple[int, ...]
    first: str
    lead: str
    departments: tuple[str, ...]
    limits: tuple[Limit, ...]
    valid_from: date
    radius_m: float | None = None
    radius_scope: str | None = None
    own_duty: bool = False
    auto_file: bool = True
    photo: bool = True

    @property
    def severities(self) -> frozenset[str]:
        """The severities that a case of this category can have."""
        return frozenset(limit.severity for limit in self.limits)

    def limit(self, severity: str) -> Limit:
        """Return the limit at a severity.

        Raises:
            UnknownCategory: the category does not know the severity.
        """
        for limit in self.limits:
            if limit.severity == severity:
                return limit
        raise UnknownCategory(self.code, severity)


def categories_from_document(document: Mapping[str, Any], *, file: str = "") -> dict[str, Category]:
    """Return the rows of a category document by code.

    Raises:
        CategoriesFaulty: a row lacks something or names an unknown unit, actor, scope or severity.
    """
    faults = [fault for index, raw in enumerate(document["categories"]) for fault in _lint(index, raw, file)]
    if faults:
        raise CategoriesFaulty(faults)
    since = date.fromisoformat(document["valid_from"])
    rows = [_category(raw, since) for raw in document["categories"]]
    return {row.code: row for row in rows}


def _lint(index: int, raw: Mapping[str, Any], file: str) -> list[Fault]:
    here = f"/categories/{index}"
    wrong = {
        "label_zh": not raw.get("label_zh"),
        "label_en": not raw.get("label_en"),
        "measures": not raw.get("measures"),
        "first": raw.get("first") not in FIRST,
        "lead": not raw.get("lead"),
        "radius_m": ("radius_m" in raw) == ("radius_scope" in raw),
        "radius_scope": raw.get("radius_scope") not in SCOPES | {None},
        "limits": not raw.get("limits") or not all(_limit_in_order(limit) for limit in raw["limits"]),
    }
    return [
        Fault(
            f"{here}/{name}",
            f"{raw.get('code')}: {name} is missing or unknown.",
            f"{name} 缺失或未知。",
            file,
        )
        for name, bad in wrong.items()
        if bad
    ]


def _limit_in_order(raw: Mapping[str, Any]) -> bool:
    return (
        raw.get("severity") in SEVERITIES
        and raw.get("unit") in UNITS
        and isinstance(raw.get("amount"), int)
        and raw["amount"] > 0
        and raw.get("milestone") in MILESTONES | {None}
    )


def _category(raw: Mapping[str, Any], since: date) -> Category:
    plain = {key: value for key, value in raw.items() if key not in ("measures", "departments", "limits")}
    return Category(
        **plain,
        measures=tuple(raw["measures"]),
        departments=tuple(raw.get("departments", ())),
        limits=tuple(Limit(**limit) for limit in raw["limits"]),
        valid_from=since,
    )


@cache
def packaged_categories() -> Mapping[str, Category]:
    """Return the shipped table by code, in its printed order."""
    file = files("checklists").joinpath("data", "categories.json")
    return categories_from_document(json.loads(file.read_text(encoding="utf-8")), file=file.name)


@cache
def packaged_pairs() -> Pairs:
    """Return the severities of every shipped category."""
    return {code: row.severities for code, row in packaged_categories().items()}


def category(code: str) -> Category:
    """Return one shipped row.

    Raises:
        UnknownCategory: there is no such row.
    """
    try:
        return packaged_categories()[code]
    except KeyError:
        raise UnknownCategory(code) from None
