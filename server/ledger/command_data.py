"""Reading the data of a command, from the API and from tablets alike: values out, or pointers and mends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.position import check_position
from server.ledger.errors import UnknownCommand
from server.ledger.facts import Command, Place
from server.photos.claims import read_photos
from server.problems import InvalidInput
from sync.mutations import Warning

LONGEST_TEXT = 4000


class Wrong(Exception):
    """One value cannot be read; its message says why in both languages."""

    def __init__(self, detail: str, detail_zh: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail, self.detail_zh, self.pointer = detail, detail_zh, pointer


Reader = Callable[[Any], Any]


def words(least: int) -> Reader:
    """Return a reader of texts with at least so many characters."""

    def read_words(value: Any) -> str:
        if value is None:
            if least == 0:
                return ""
            raise Wrong("must be given", "必须填写")
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value or not _encodes(value):
            raise Wrong(
                f"must be a text of at most {LONGEST_TEXT} characters", f"须为不超过 {LONGEST_TEXT} 字的文本"
            )
        if len(value.strip()) < least:
            raise Wrong("must not be empty", "不能为空")
        return value.strip()

    return read_words


def digests(least: int) -> Reader:
    """Return a reader of photo digests: hex texts, or objects with `sha256`; doubles count once."""

    def read_digests(value: Any) -> tuple[str, ...]:
        try:
            photos = read_photos([] if value is None else value, "")
        except InvalidInput as wrong:
            first = wrong.errors[0]
            raise Wrong(first["detail"], first["detail_zh"], first["pointer"]) from wrong
        if len(photos) < least:
            raise Wrong("at least one photo is needed", "至少需要一张照片")
        return tuple(dict.fromkeys(photo.sha256.hex() for photo in photos))

    return read_digests


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false", "须为 true 或 false")
    return value


def read_id(value: Any) -> UUID:
    """Return a UUID written as text; raises `Wrong`."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Wrong("must be a UUID", "须为 UUID") from None


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        at = None
    if at is None or at.tzinfo is None or not 1970 <= at.year <= 9000:
        raise Wrong("must be a moment with its offset from UTC", "须为带时区的时间")
    return at


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise Wrong("must be a day, such as 2026-09-30", "须为日期，如 2026-09-30") from None


def _needed(reader: Reader) -> Reader:
    """Return the reader of a value that may not be left out."""

    def read_needed(value: Any) -> Any:
        found = reader(value)
        if found is None:
            raise Wrong("must be given", "必须填写")
        return found

    return read_needed


def _yuan(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = None if isinstance(value, bool | float) else Decimal(value)
    except (InvalidOperation, ValueError, TypeError):
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12:
        raise Wrong("must be yuan as text or whole number", "须为金额（元），以文本或整数填写")
    return amount.quantize(Decimal("0.01"))


def _flag_or_not(value: Any) -> bool:
    return False if value is None else _flag(value)


def one_of(*choices: str) -> Reader:
    """Return a reader of one of these texts; `true` and `false` may also be sent as truth values."""

    def read_choice(value: Any) -> str:
        named = str(value).lower() if isinstance(value, bool) else value
        if not isinstance(named, str) or named not in choices:
            raise Wrong(f"must be one of {', '.join(choices)}", f"须为 {'、'.join(choices)} 之一")
        return named

    return read_choice


FIELDS: Mapping[str, Mapping[str, Reader]] = {
    "case.file": {"category": words(0), "severity": words(0), "offender": words(0)},
    "case.dispatch": {"unit": words(1), "due_at": _instant, "demand": words(1)},
    "case.accept": {},
    "case.claim_fixed": {"done": words(1), "paid_by": words(0), "photos": digests(1)},
    "case.assign_check": {"checker": read_id},
    "case.check": {"passed": _flag, "reason": words(0), "photos": digests(1)},
    "case.close": {},
    "case.record_refusal": {"note": words(0), "photos": digests(1)},
    "case.note": {"text": words(1), "photos": digests(0)},
    "case.ask_verification": {"worker": read_id},
    "case.verify": {"finding": one_of("true", "false", "not_found"), "photos": digests(1)},
    "case.decline": {"reason": words(1)},
    "case.merge": {"into": read_id},
    "case.return": {"reason": words(1)},
    "case.request_extension": {"until": _needed(_instant), "reason": words(1)},
    "case.suspend": {"resume_on": _needed(_day), "reason": words(1)},
    "case.void": {"reason": words(1)},
    "case.decide": {"request_id": read_id, "granted": _flag, "reason": words(0)},
    "case.resume": {},
    "case.withdraw_claim": {"reason": words(1)},
    "case.reopen": {"reason": words(0), "photos": digests(1)},
    "case.transfer": {"unit": words(1), "photos": digests(1)},
    "case.report_dissuaded": {"note": words(0), "photos": digests(1)},
    "case.record_disposition": {
        "document_no": words(0),
        "party": words(0),
        "basis": words(0),
        "kind": words(0),
        "amount_yuan": _yuan,
        "decided_on": _day,
        "carried_out": _flag_or_not,
        "none_because": words(0),
    },
}
PLACED = frozenset(("case.claim_fixed", "case.check", "case.verify", "case.reopen"))
NEEDS_PLACE = frozenset(("case.check", "case.verify"))


def read(command: str, data: Any, outline: BaseGeometry | None) -> dict[str, Any]:
    """Return the values of a command's data; unknown members are left out (`unknown_members` names them).

    Args:
        outline: the county in WGS 84, to recognise swapped axes; None reads no `location`.

    Raises:
        UnknownCommand: no such command.
        InvalidInput: `errors` point at each value that cannot be read, below `/data`.
    """
    if command not in FIELDS:
        raise UnknownCommand(command)
    if not isinstance(data, Mapping):
        raise invalid([_fault("/data", "must be an object", "必须是对象")])
    values: dict[str, Any] = {}
    faults: list[dict[str, str]] = []
    for name, reader in FIELDS[command].items():
        try:
            values[name] = reader(data.get(name))
        except Wrong as wrong:
            faults.append(_fault(f"/data/{name}{wrong.pointer}", wrong.detail, wrong.detail_zh))
    if command in PLACED and data.get("location") is not None and outline is not None:
        try:
            values["location"], _ = read_place(data["location"], outline)
        except InvalidInput as wrong:
            faults += wrong.errors
    elif command in NEEDS_PLACE:
        faults.append(_fault("/data/location", "say where you were", "须注明所在位置"))
    if command == "case.check" and not faults and not values["passed"] and not values["reason"]:
        faults.append(_fault("/data/reason", "a failed check needs a reason", "核查不通过须说明原因"))
    if faults:
        raise invalid(faults)
    return values


def others(command: Command) -> list[UUID]:
    """Return the other cases that a command touches besides its own."""
    try:
        return [read_id(command.data.get("into"))] if command.type == "case.merge" else []
    except (Wrong, AttributeError):
        return []


def members(command: str) -> frozenset[str]:
    """Return the members of a command's data that are read."""
    return frozenset((*FIELDS[command], *(("location",) if command in PLACED else ())))


def unknown_members(command: str, data: Mapping[str, Any]) -> list[str]:
    """Return the members of the data that no reader knows."""
    return sorted(str(name) for name in data if name not in members(command))


def refuse_unknown(data: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse members that nobody reads, so that no wish is lost silently; tablets are warned instead.

    Raises:
        InvalidInput: `errors` point at each of them.
    """
    unknown = sorted(str(name) for name in data if name not in known)[:20]
    if unknown:
        mend = f"use {', '.join(sorted(known))}" if known else "this command takes no data"
        raise invalid(
            [_fault(f"/data/{name}", f"is not known here; {mend}", "不是此命令的数据项") for name in unknown]
        )


def read_place(location: Any, outline: BaseGeometry, at: str = "/data") -> tuple[Place, tuple[Warning, ...]]:
    """Return a location in WGS 84 with what was sent beside it, and what is odd about it.

    Raises:
        InvalidInput: no object, swapped axes, an impossible coordinate or an unknown datum.
    """
    if not isinstance(location, Mapping):
        raise invalid([_fault(f"{at}/location", "must be an object", "必须是对象")])
    try:
        checked = check_position(
            location.get("lon"),
            location.get("lat"),
            location.get("datum", "wgs84"),
            location.get("accuracy_m"),
            outline,
        )
    except GeoError as error:
        faults = [{**fault, "pointer": at + fault["pointer"]} for fault in error.errors]
        raise InvalidInput(error.detail, error.detail_zh, errors=faults, extra=error.extra) from error
    warnings = tuple(
        Warning(odd.code, at + odd.pointer, odd.detail, odd.detail_zh) for odd in checked.warnings
    )
    return Place(checked.lon, checked.lat, checked.accuracy_m, dict(location)), warnings


def invalid(faults: list[dict[str, str]]) -> InvalidInput:
    """Return the error that names these faults."""
    first = faults[0]
    return InvalidInput(
        f"The data cannot be read: {first['pointer']} {first['detail'].rstrip('.')}.",
        f"数据无法读取：{first['pointer']} {first['detail_zh'].rstrip('。')}。",
        errors=faults,
    )


def _fault(pointer: str, detail: str, detail_zh: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail, "detail_zh": detail_zh}
