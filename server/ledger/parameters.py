"""The ledger's own numbers, each with the unit and the bounds it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from server.ledger.errors import UnknownRule
from server.problems import InvalidInput


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers in force; left alone, those that the product ships.

    Attributes:
        check_within_m: how far from the case a check may be made, beside the circles of error; metres.
        extensions_at_most: how often a deadline may be moved.
        rebound_within_days: how long after its close-out a case is reopened rather than reported anew.
        level_1_share: the share of a limit after which the light turns yellow and level 1 is reached; holds
            for deadlines set from then on.
        level_3_limit_factor: how many limits may pass before level 3 is reached.
        level_5_red_work_days: how many work days severity A may be red before level 5 is reached.
        department_task_work_days: within which a department acts on its own task beside a case.
        complaint_acknowledge_work_days, complaint_verify_work_days, complaint_answer_work_days: the limits of
            a complaint; the answer's runs anew when its case ends.
        complaint_objection_days: after which an answer without an objection closes the complaint.
        complaint_reopen_within_days: how long after its close-out a complaint may be reopened.
        complaint_identity_days: after which the identity behind a closed complaint is erased.
        complaint_group_within_days, complaint_group_within_m: how near in time and place complaints of one
            category are one group; metres count where both name a position.
    """

    check_within_m: float = 30.0
    extensions_at_most: int = 2
    rebound_within_days: int = 180
    level_1_share: float = 0.8
    level_3_limit_factor: float = 2.0
    level_5_red_work_days: int = 2
    department_task_work_days: int = 10
    complaint_acknowledge_work_days: int = 1
    complaint_verify_work_days: int = 2
    complaint_answer_work_days: int = 3
    complaint_objection_days: int = 15
    complaint_reopen_within_days: int = 60
    complaint_identity_days: int = 180
    complaint_group_within_days: int = 30
    complaint_group_within_m: float = 100.0


@dataclass(frozen=True, slots=True)
class _Bounds:
    least: Decimal
    most: Decimal
    whole: bool = False


_BOUNDS: Mapping[str, _Bounds] = {
    "check_within_m": _Bounds(Decimal(0), Decimal(100_000)),
    "extensions_at_most": _Bounds(Decimal(0), Decimal(100), whole=True),
    "rebound_within_days": _Bounds(Decimal(0), Decimal(36_500), whole=True),
    "level_1_share": _Bounds(Decimal("0.01"), Decimal("0.99")),
    "level_3_limit_factor": _Bounds(Decimal("1.01"), Decimal(100)),
    "level_5_red_work_days": _Bounds(Decimal(1), Decimal(1000), whole=True),
    "department_task_work_days": _Bounds(Decimal(1), Decimal(1000), whole=True),
    "complaint_acknowledge_work_days": _Bounds(Decimal(1), Decimal(1000), whole=True),
    "complaint_verify_work_days": _Bounds(Decimal(1), Decimal(1000), whole=True),
    "complaint_answer_work_days": _Bounds(Decimal(1), Decimal(1000), whole=True),
    "complaint_objection_days": _Bounds(Decimal(1), Decimal(36_500), whole=True),
    "complaint_reopen_within_days": _Bounds(Decimal(0), Decimal(36_500), whole=True),
    "complaint_identity_days": _Bounds(Decimal(0), Decimal(36_500), whole=True),
    "complaint_group_within_days": _Bounds(Decimal(0), Decimal(36_500), whole=True),
    "complaint_group_within_m": _Bounds(Decimal(0), Decimal(100_000)),
}
NAMES = tuple(_BOUNDS)


def parameters(values: Mapping[str, Decimal]) -> Parameters:
    """Return the numbers of these rows; one without a row keeps what the product ships."""
    shipped = Parameters()
    known = {one.name: type(getattr(shipped, one.name)) for one in fields(Parameters)}
    return Parameters(**{name: kind(values[name]) for name, kind in known.items() if name in values})


def check(name: str, value: Decimal) -> None:
    """Refuse a number that the ledger could not work with.

    Raises:
        UnknownRule: the ledger has no number of this name.
        InvalidInput: it is out of its bounds.
    """
    bounds = _BOUNDS.get(name)
    if bounds is None:
        raise UnknownRule(name, NAMES)
    whole = not bounds.whole or value == value.to_integral_value()
    if not (value.is_finite() and bounds.least <= value <= bounds.most and whole):
        kind, kind_zh = ("a whole number", "整数") if bounds.whole else ("a number", "数值")
        raise InvalidInput(
            f"{name} must be {kind} from {bounds.least} to {bounds.most}.",
            f"{name} 须为 {bounds.least} 至 {bounds.most} 的{kind_zh}。",
        )
