"""The refusal of one value of a command's data."""

from __future__ import annotations

from server.problems import InvalidInput


def wrong(pointer: str, detail: str, detail_zh: str) -> InvalidInput:
    """Return the error that points at one value and says the mend."""
    return InvalidInput(
        detail, detail_zh, errors=[{"pointer": pointer, "detail": detail, "detail_zh": detail_zh}]
    )
