"""What can be wrong with a push or a pull before sync looks at it."""

from __future__ import annotations

from typing import Any

from server.problems import DomainError


class DeviceMismatch(DomainError):
    """The envelope names another device than the token."""

    def __init__(self) -> None:
        detail = "The envelope's device_id is not the token's device."
        zh = "批次的 device_id 与令牌的设备不符。"
        super().__init__(detail, zh, errors=[{"pointer": "/device_id", "detail": detail, "detail_zh": zh}])


class PayloadTooLarge(DomainError):
    """The body, or what it inflates to, is larger than one push may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A push may have {limit} bytes, inflated; send fewer items at once.",
            f"一次提交（解压后）最多 {limit} 字节，请减少条目分批提交。",
            extra={"max_bytes": limit},
        )


class UnsupportedMediaType(DomainError):
    """A body that is neither JSON nor multipart, or is compressed by anything but gzip."""

    def __init__(self) -> None:
        super().__init__(
            "Send application/json or multipart/form-data, plain or with Content-Encoding: gzip.",
            "请使用 application/json 或 multipart/form-data，可用 gzip 压缩。",
        )


class AlreadyResolved(DomainError):
    """The conflict was decided before; `extra["current"]` shows how, where it is known."""

    def __init__(self, current: dict[str, Any] | None) -> None:
        super().__init__(
            "The conflict was decided meanwhile. Read it anew.",
            "该冲突已被处理，请刷新后查看。",
            extra={"current": current} if current else None,
        )
