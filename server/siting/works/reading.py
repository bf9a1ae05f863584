"""Reading what commands on charging works tell: values out, or pointers and mends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.communities.reading import Fault, Readers, an_id, fault, read_members, unreadable
from server.communities.values import Reader, Unfit, day, flag, maybe, whole, words
from server.photos.claims import read_photos
from server.problems import InvalidInput

MOST_PORTS = 10_000
MOST_LINES = 100


def _blank(most: int = 4000) -> Reader:
    return lambda value: words(0, most)("" if value is None else value)


def _lines(value: Any) -> list[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LINES:
        raise Unfit(f"must be a list of 1 to {MOST_LINES} texts", f"须为 1 至 {MOST_LINES} 条文本")
    return [words(1, 200)(one) for one in value]


def _number(lowest: float, highest: float) -> Reader:
    def read(value: Any) -> float:
        fit = isinstance(value, int | float) and not isinstance(value, bool)
        if not fit or not lowest <= value <= highest:
            raise Unfit(
                f"must be a number from {lowest:g} to {highest:g}", f"须为 {lowest:g} 至 {highest:g} 的数"
            )
        return float(value)

    return read


_REASON: Readers = {"reason": words(1)}
_DATA: Mapping[str, Readers] = {
    "work.meet": {
        "held_on": day,
        "place": words(1, 200),
        "chair": words(1, 100),
        "participants": _lines,
        "decisions": words(1),
    },
    "work.consult": {
        "vote_id": maybe(lambda value: str(an_id(value))),
        "waived_because": _blank(),
    },
    "work.fire_review": {
        "agreed": flag,
        "reviewed_on": day,
        "opinion": words(1),
        "document_no": _blank(100),
    },
    "work.power_reply": {
        "agreed": flag,
        "replied_on": day,
        "spare_kva": maybe(_number(0, 100_000)),
        "connect_by": maybe(day),
        "document_no": _blank(100),
    },
    "work.invest": {
        "investor": words(1, 200),
        "contract_no": words(1, 100),
        "contract_on": day,
        "amount_yuan": whole(0, 10**10),
        "investor_share_percent": _number(0, 100),
        "rest_paid_by": _blank(200),
    },
    "work.begin": {"begun_on": day, "expected_on": day, "builder": words(1, 200)},
    "work.extend": {"expected_on": day, **_REASON},
    "work.complete": {
        "in_service_on": day,
        "charging_ports": whole(1, MOST_PORTS),
        "acceptance": words(1),
    },
    "work.urge": {"urged_on": day, **_REASON},
    "work.return": _REASON,
    "work.withdraw": _REASON,
    "work.reopen": _REASON,
    "work.retire": {"retired_on": day, **_REASON},
}
COMMANDS = tuple(_DATA)
SHOWN_IN_PHOTOS = frozenset(("work.begin", "work.complete", "work.urge"))


def read(command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a command's data; `photos` are claimed photos where the command takes them.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read.
    """
    faults: list[Fault] = []
    found = read_members(data, _DATA[command], faults)
    if command in SHOWN_IN_PHOTOS:
        found["photos"] = _photos(data.get("photos") or [], faults)
    if not faults:
        _check(command, found, faults)
    if faults:
        raise unreadable(faults)
    return found


def _photos(value: Any, faults: list[Fault]) -> list[Any]:
    try:
        return list(read_photos(value, "/data/photos", "panorama"))
    except InvalidInput as wrong:
        faults += wrong.errors
        return []


def _check(command: str, found: Mapping[str, Any], faults: list[Fault]) -> None:
    if command == "work.consult" and bool(found["vote_id"]) == bool(found["waived_because"]):
        faults.append(
            fault(
                "/data/vote_id",
                "name a vote or poll, or say why none is needed",
                "请选择表决或征求意见，或说明无需表决的理由",
            )
        )
    if command == "work.power_reply" and found["agreed"] and found["spare_kva"] is None:
        faults.append(fault("/data/spare_kva", "is needed where power can be had", "可接入时须填写可用容量"))
    if command == "work.begin" and _before(found["expected_on"], found["begun_on"]):
        faults.append(fault("/data/expected_on", "must not lie before begun_on", "不得早于开工日期"))


def _before(one: str, other: str) -> bool:
    return date.fromisoformat(one) < date.fromisoformat(other)
