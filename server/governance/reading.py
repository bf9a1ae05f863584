"""Reading what commands on votes tell: values out, or pointers and mends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from server.communities.reading import Fault, Readers, fault, read_members, read_value, unreadable
from server.communities.values import Reader, Unfit, day, maybe, one_of, whole, words
from server.governance.rules import CHOICES, FORMS, KINDS, MATTERS

MOST_UNITS, MOST_BALLOTS = 20_000, 500
LARGEST_AREA_M2 = Decimal(1_000_000)

_STATED: Readers = {
    "form": one_of(*FORMS),
    "matter": one_of(*MATTERS),
    "subject": words(1, 200),
    "question": words(1),
}
_DATA: Mapping[str, Readers] = {
    "vote.open": {"opens_on": day, "closes_on": day},
    "vote.count": {},
    "vote.publish": {"posted_on": day, "posted_at": words(1, 400), "objections_until": day},
    "vote.object": {"by_name": words(1, 100), "objection_text": words(1)},
    "vote.answer": {"objection": whole(1, 2**31 - 1), "answer": words(1)},
    "vote.decide": {},
    "vote.void": {"reason": words(1)},
}
COMMANDS = ("vote.edit", *_DATA)


def stated(data: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """Return form, matter, subject and question of a new vote.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read.
    """
    faults: list[Fault] = []
    found = read_members(data, _STATED, faults, at)
    if faults:
        raise unreadable(faults)
    return found


def read(command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a command's data; of `vote.edit` only what is told.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read.
    """
    faults: list[Fault] = []
    readers = _DATA.get(command) or {name: _STATED[name] for name in _STATED if name in data}
    if command == "vote.edit" and not readers:
        faults.append(fault("/data", "tell what is to be otherwise", "请填写要修改的内容"))
    found = read_members(data, readers, faults)
    if not faults:
        _check_order(found, ("opens_on", "closes_on"), faults)
        _check_order(found, ("posted_on", "objections_until"), faults)
    if faults:
        raise unreadable(faults)
    return found


def _check_order(found: Mapping[str, Any], pair: tuple[str, str], faults: list[Fault]) -> None:
    first, last = (found.get(name) for name in pair)
    if first and last and date.fromisoformat(last) < date.fromisoformat(first):
        faults.append(fault(f"/data/{pair[1]}", f"must not lie before {pair[0]}", "不得早于开始日期"))


def area(value: Any) -> Decimal | None:
    """Return an area in m² with two decimals; None where it is not known."""
    if value is None:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal(-1)
    if isinstance(value, bool) or not found.is_finite() or not Decimal("0.005") <= found < LARGEST_AREA_M2:
        raise Unfit("must be an area in m² above 0", "须为大于 0 的面积（平方米）")
    return found.quantize(Decimal("0.01"))


_LINE: Readers = {
    "unit_no": words(1, 100),
    "owner_no": maybe(words(0, 100)),
    "owner_name": lambda value: words(0, 200)("" if value is None else value),
    "area_m2": area,
}


def register(lines: Sequence[Any], at: str = "/units") -> list[dict[str, Any]]:
    """Return the lines of a register: `unit_no`, `owner_no`, `owner_name`, `area_m2`.

    A line without an owner's number stands for an owner of its own, numbered as the unit.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read, and at units named twice.
    """
    faults: list[Fault] = []
    found, seen = [], set()
    for place, line in enumerate(lines):
        if not isinstance(line, Mapping):
            faults.append(fault(f"{at}/{place}", "must be an object", "须为对象"))
            continue
        one = read_members(line, _LINE, faults, f"{at}/{place}")
        if one["unit_no"] in seen:
            faults.append(fault(f"{at}/{place}/unit_no", "stands there twice", "房号重复"))
        seen.add(one["unit_no"])
        found.append({**one, "owner_no": one["owner_no"] or one["unit_no"]})
    if not lines or len(lines) > MOST_UNITS:
        faults.append(fault(at, f"must be 1 to {MOST_UNITS} units", f"须为 1 至 {MOST_UNITS} 户"))
    if faults:
        raise unreadable(faults[:100])
    return found


def _blank(most: int) -> Reader:
    return lambda value: words(0, most)("" if value is None else value)


_BALLOT: Readers = {
    "owner_no": words(1, 100),
    "choice": one_of(*CHOICES),
    "kind": lambda value: one_of(*KINDS)("paper" if value is None else value),
    "proxy_name": _blank(200),
    "because": _blank(1000),
}


def ballots(given: Sequence[Any]) -> list[dict[str, Any]]:
    """Return ballots of one pass: `owner_no`, `choice`, `kind`, `proxy_name`, `because`.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read, and at owners named twice.
    """
    faults: list[Fault] = []
    found: list[dict[str, Any]] = []
    for place, one in enumerate(given):
        at = f"/ballots/{place}"
        if not isinstance(one, Mapping):
            faults.append(fault(at, "must be an object", "须为对象"))
            continue
        told = read_members(one, _BALLOT, faults, at)
        if (told["kind"] == "proxy") != bool(told["proxy_name"]):
            faults.append(
                fault(f"{at}/proxy_name", "belongs to a proxy, and to each", "代理投票须填写代理人")
            )
        if told["owner_no"] in {other["owner_no"] for other in found}:
            faults.append(fault(f"{at}/owner_no", "stands there twice", "业主重复"))
        found.append(told)
    read_value(len(given), whole(1, MOST_BALLOTS), "/ballots", faults)
    if faults:
        raise unreadable(faults[:100])
    return found
