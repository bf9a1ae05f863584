"""The refusal of one value of a command's data."""

from __future__ import annotations

from server.problems import InvalidInput


def no_such_unit() -> InvalidInput:
    """Return the error for a unit that is not there, or no longer."""
    return wrong(
        "/data/unit",
        "There is no such unit, or it was closed. Take a code from the list of units.",
        "没有这个单位，或该单位已停用，请从单位列表中选择。",
    )


def wrong(pointer: str, detail: str, detail_zh: str) -> InvalidInput:
    """Return the error that points at one value and says the mend."""
    return InvalidInput(
        detail, detail_zh, errors=[{"pointer": pointer, "detail": detail, "detail_zh": detail_zh}]
    )
