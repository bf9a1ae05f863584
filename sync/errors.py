"""What can be wrong with an envelope or a cursor as a whole; single items never raise, they get a status."""

from __future__ import annotations

from typing import Any


class SyncError(Exception):
    """A fact that stops a whole push or pull.

    Attributes:
        detail, detail_zh: what is wrong and how to mend it.
        errors: JSON pointers into the envelope, each `{pointer, detail, detail_zh}`.
        extra: further members of the answer, such as `expected_seq`.
    """

    def __init__(
        self,
        detail: str,
        detail_zh: str,
        *,
        errors: list[dict[str, str]] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh
        self.errors = errors or []
        self.extra = extra or {}


class UnreadableEnvelope(SyncError):
    """The body is no envelope: not JSON, or without device_id, first_seq or mutations."""


class TooManyMutations(SyncError):
    """One push carries more mutations than `max_mutations`."""


class SeqGap(SyncError):
    """A seq before `first_seq` has no stored status; `extra["expected_seq"]` says where to go on."""


class CursorInvalid(SyncError):
    """The cursor was not signed here, or was altered."""


class ReceiptInvalid(SyncError):
    """A receipt that is cut, altered, forged, or signed by an unknown key."""
