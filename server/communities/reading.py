"""Reading the values of a record: all that is wrong is told at once, each with its pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.communities.values import Reader, Unfit
from server.problems import InvalidInput

Readers = Mapping[str, Reader]
Fault = dict[str, str]


def read_value(value: Any, reader: Reader, pointer: str, faults: list[Fault]) -> Any:
    """Return what the reader makes of a value; what is wrong goes to `faults`."""
    try:
        return reader(value)
    except Unfit as unfit:
        faults.append(fault(pointer + unfit.pointer, unfit.detail, unfit.detail_zh))
        return None


def read_members(
    data: Mapping[str, Any], readers: Readers, faults: list[Fault], at: str = "/data"
) -> dict[str, Any]:
    """Return the members of an object; a missing one is read as null."""
    return {
        name: read_value(data.get(name), reader, f"{at}/{name}", faults) for name, reader in readers.items()
    }


def an_id(value: Any) -> UUID:
    """Return a UUID written as text."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Unfit("must be a UUID", "须为 UUID") from None


def fault(pointer: str, detail: str, detail_zh: str) -> Fault:
    """Return one fault with its place."""
    return {"pointer": pointer, "detail": detail, "detail_zh": detail_zh}


def unreadable(faults: list[Fault]) -> InvalidInput:
    """Return the error that names these faults."""
    first = faults[0]
    return InvalidInput(
        f"The data cannot be read: {first['pointer']} {first['detail']}.",
        f"数据无法读取：{first['pointer']} {first['detail_zh']}。",
        errors=faults,
    )
