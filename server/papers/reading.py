"""Reading what commands on papers tell: values out, or pointers and mends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.communities.reading import Readers, fault, read_members, read_value, unreadable
from server.communities.values import Reader, Unfit, flag, one_of, words
from server.papers.kinds import KINDS, Field

MOST_LINES, LONGEST_LINE = 100, 1000
MANNERS = ("direct", "left_in_place", "by_post", "entrusted", "electronic", "public_notice")
EDITABLE_OWN = ("copies",)


def _maybe(reader: Reader) -> Reader:
    return lambda value: "" if value is None else reader(value)


def _moment(value: Any) -> str:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None or not 1970 <= at.year <= 9000:
        raise Unfit("must be a moment with its offset from UTC", "须为带时区的时间")
    return at.isoformat()


def _lines(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_LINES:
        raise Unfit(f"must be a list of at most {MOST_LINES} texts", f"须为最多 {MOST_LINES} 条的文本列表")
    return [words(1, LONGEST_LINE)(one) for one in value]


_DATA: Mapping[str, Readers] = {
    "paper.review": {},
    "paper.countersign": {},
    "paper.issue": {},
    "paper.send_back": {"reason": words(1)},
    "paper.void": {"reason": words(1)},
    "paper.receive": {"received_by": words(1, 100), "received_at": _moment},
    "paper.serve": {
        "manner": one_of(*MANNERS),
        "place": words(1, 400),
        "served_at": _moment,
        "server_1": words(1, 100),
        "server_2": words(1, 100),
        "received": flag,
        "receiver": _maybe(words(0, 100)),
        "refused_because": _maybe(words(0, 400)),
        "witness": _maybe(words(0, 100)),
    },
}
COMMANDS = (*_DATA, "paper.edit")


def read(kind: str, command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a command's data.

    Raises:
        InvalidInput: `errors` point at each value that cannot be read.
    """
    faults: list[dict[str, str]] = []
    if command == "paper.edit":
        found: dict[str, Any] = {"fields": _fields(kind, data.get("fields"), faults)}
    else:
        found = read_members(data, _DATA[command], faults)
    if command == "paper.serve" and not faults:
        _check_service(found, faults)
    if faults:
        raise unreadable(faults)
    return found


def _fields(kind: str, given: Any, faults: list[dict[str, str]]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not given:
        faults.append(fault("/data/fields", "must be an object of fields", "须为字段的对象"))
        return {}
    found = {}
    for name, value in given.items():
        field = KINDS[kind].field(name)
        if name not in EDITABLE_OWN and (field is None or field.shape in {"cases", "photos"}):
            faults.append(fault(f"/data/fields/{name}", "is no field to edit", "不是可编辑的字段"))
        else:
            found[name] = read_value(value, _reader(field), f"/data/fields/{name}", faults)
    return found


def _reader(field: Field | None) -> Reader:
    return _lines if field is not None and field.shape == "lines" else words(0)


def _check_service(told: Mapping[str, Any], faults: list[dict[str, str]]) -> None:
    if told["server_1"] == told["server_2"]:
        faults.append(fault("/data/server_2", "papers are served by two people", "须由两人送达"))
    if not told["received"]:
        for name, zh in (("refused_because", "须写明拒收理由"), ("witness", "拒收须有见证人")):
            if not told[name]:
                faults.append(fault(f"/data/{name}", "needed where it was refused", zh))
