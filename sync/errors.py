"""What can be wrong with an envelope or a cursor as a whole; single items never raise, they get a status."""

from __future__ import annotations

from collections.abc import Mapping
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


class NoSuchItem(SyncError):
    """No stored item stands at this seq of this device, or nobody is left whose work it was."""

    def __init__(self) -> None:
        super().__init__("No such item is stored.", "没有这个条目。")


class SeveralItems(SyncError):
    """A seq was used twice; `extra["digests"]` tells the items apart."""

    def __init__(self, digests: list[str]) -> None:
        detail = "This seq was used for several items; name one by `digest`."
        zh = "该序号对应多个条目，请用 digest 指明。"
        pointer = {"pointer": "/digest", "detail": detail, "detail_zh": zh}
        super().__init__(detail, zh, errors=[pointer], extra={"digests": digests})


class AlreadyDecided(SyncError):
    """The item is `status` by now; `extra["decision"]` says who did so, None when it went on by itself."""

    def __init__(self, status: str, decision: object) -> None:
        super().__init__(
            f"The item is {status} already.",
            f"该条目已是 {status} 状态。",
            extra={"item_status": status, "decision": decision},
        )


class CannotApply(SyncError):
    """The item cannot be done as it is; `extra` has the problem and the record as it stands."""

    def __init__(self, status: str, problem: Mapping[str, Any] | None, current: object) -> None:
        why = problem or {}
        super().__init__(
            f"Applied, it would be {status}: {why.get('detail', '')} Reject it, or mend what stands.",
            f"无法执行（{status}）：{why.get('detail_zh', '')} 请驳回，或先处理现有记录。",
            extra={"would_be": status, "problem": problem, "current": current},
        )
