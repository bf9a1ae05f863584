"""The tables of rules, each described so that a page can show, change and withdraw its rows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklists.deadlines import LONGEST, UNITS
from server.ledger.link_limits import LIMITED, SEVERITIES
from server.ledger.parameters import NAMES
from server.siting.rows.books import FUNDS, ITEMS, RATES
from server.siting.rows.books import UNITS as SITING_UNITS


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        kind: number, integer, flag, text, choice, or what its codes name: category, severity, unit, units,
            link, limit_unit, rule, work_state, place, facility, item, fund, rate.
        choices: the codes that may be chosen, where they are few and fixed.
        optional: whether it may stay empty.
        fixed: shown, not set.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    optional: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of rules.

    Attributes:
        path: where its rows are read and set.
        foresee: where the consequences of a row are shown before it is set; None where that cannot be done.
        withdraw: where a row to come is taken back; None where that cannot be done.
        look, right: the actions that reading and setting need.
        entity: under which name the audit trail keeps its changes; the record is the key, joined by `/`.
        day_fact: the member of the trail's facts that holds the first day.
        fresh: whether rows with a key of their own can be made.
    """

    name: str
    path: str
    look: str
    right: str
    entity: str
    key: tuple[Column, ...]
    values: tuple[Column, ...]
    withdraw: str | None = None
    foresee: str | None = None
    day_fact: str = "valid_from"
    fresh: bool = False


_LIMIT = (
    Column("limit_amount", "integer", least=1, most=LONGEST),
    Column("limit_unit", "limit_unit", tuple(sorted(UNITS))),
)

TABLES: tuple[Table, ...] = (
    Table(
        "category_rules",
        "/api/v1/category-rules",
        "rules.list",
        "rule.set",
        "category_rule",
        (Column("category", "category"), Column("severity", "severity", SEVERITIES)),
        (
            *_LIMIT,
            Column("set_by_dispatcher", "flag"),
            Column("radius_m", "integer", least=1, most=100_000, optional=True),
            Column("radius_scope", "scope", fixed=True),
            Column("departments", "units", optional=True),
            Column("auto_file", "flag"),
            Column("photo_required", "flag"),
        ),
        "/api/v1/category-rules/withdraw",
        "/api/v1/category-rules/foresee",
    ),
    Table(
        "ledger_rules",
        "/api/v1/rules",
        "rules.list",
        "rule.set",
        "rule",
        (Column("name", "rule", NAMES),),
        (Column("value", "number"),),
        "/api/v1/rules/withdraw",
        "/api/v1/rules/foresee",
    ),
    Table(
        "link_limits",
        "/api/v1/link-limits",
        "rules.list",
        "rule.set",
        "link_limit",
        (Column("link", "link", LIMITED), Column("severity", "severity", SEVERITIES)),
        (
            Column("amount", "integer", least=1, most=LONGEST),
            Column("unit", "limit_unit", tuple(sorted(UNITS))),
        ),
        "/api/v1/link-limits/withdraw",
        "/api/v1/link-limits/foresee",
        fresh=True,
    ),
    Table(
        "siting_rules",
        "/api/v1/siting/rules",
        "siting_rows.list",
        "siting_rows.set",
        "siting_rule",
        (Column("rule_set", "text"), Column("name", "siting_rule")),
        (
            Column("value", "number", least=0, most=1000),
            Column("unit", "siting_unit", SITING_UNITS),
            Column("kind", "siting_kind"),
            Column("hard", "flag"),
        ),
        "/api/v1/siting/rules/withdraw",
        "/api/v1/siting/rules/foresee",
        day_fact="from",
        fresh=True,
    ),
    Table(
        "siting_rates",
        "/api/v1/siting/rates",
        "siting_rows.list",
        "siting_rows.set",
        "siting_rate",
        (Column("name", "rate", RATES), Column("place", "place", optional=True)),
        (Column("value", "number", least=0, most=1000),),
        "/api/v1/siting/rates/withdraw",
        "/api/v1/siting/rates/foresee",
        day_fact="from",
        fresh=True,
    ),
    Table(
        "siting_prices",
        "/api/v1/siting/prices",
        "siting_rows.list",
        "siting_rows.set",
        "siting_price",
        (Column("item", "item", ITEMS),),
        (Column("yuan", "number", least=0, most=9_999_999), Column("paid_by", "fund", FUNDS)),
        "/api/v1/siting/prices/withdraw",
        day_fact="from",
        fresh=True,
    ),
    Table(
        "transformer_spare",
        "/api/v1/siting/power",
        "siting_rows.list",
        "siting_rows.set",
        "transformer_spare",
        (Column("facility_id", "facility"),),
        (Column("spare_kva", "number", least=0, most=100_000),),
        "/api/v1/siting/power/withdraw",
        day_fact="from",
    ),
    Table(
        "charging_work_limits",
        "/api/v1/charging-works/limits",
        "charging_works.list",
        "work.limit",
        "charging_work_limit",
        (Column("state", "work_state"),),
        (Column("days", "integer", least=1, most=1000), Column("responsible", "responsible")),
        "/api/v1/charging-works/limits/withdraw",
    ),
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as one reader may use it."""

    table: Table
    may_set: bool = field(default=False)
