"""What can be wrong with a photo or its upload."""

from __future__ import annotations

from server.problems import DomainError, InvalidInput


class NotAPicture(DomainError):
    """The bytes are no JPEG, PNG, WebP or HEIC."""

    def __init__(self) -> None:
        super().__init__(
            "The file is no JPEG, PNG, WebP or HEIC picture; take the photo again.",
            "文件不是 JPEG、PNG、WebP 或 HEIC 图片，请重新拍摄。",
        )


class PhotoTooLarge(DomainError):
    """More bytes than a photo may have, or than were announced."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"No more than {limit} bytes fit here; send a smaller picture.",
            f"超过 {limit} 字节的上限，请发送较小的图片。",
            extra={"max_bytes": limit},
        )


class ChecksumMismatch(DomainError):
    """The bytes that arrived are not the announced ones; sending again mends it."""

    def __init__(self, what: str, what_zh: str) -> None:
        super().__init__(
            f"The digest of {what} differs from the announced one; send it again.",
            f"{what_zh}的摘要与声明的不符，请重新发送。",
        )


class OffsetMismatch(DomainError):
    """A part does not begin where the upload stands; `extra["offset"]` says where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            f"The upload stands at byte {offset}; ask with HEAD and go on from there.",
            f"上传目前位于第 {offset} 字节，请用 HEAD 查询后从该处继续。",
            extra={"offset": offset},
        )


class UploadGone(DomainError):
    """The upload expired, was terminated, or ended because its bytes were refused."""

    def __init__(self) -> None:
        super().__init__(
            "This upload has ended; begin a new one if the photo is still missing.",
            "该上传已结束；如照片仍缺失，请重新开始上传。",
        )


class TusVersionUnsupported(DomainError):
    """The request does not speak tus 1.0.0."""

    def __init__(self) -> None:
        super().__init__(
            "Send the header `Tus-Resumable: 1.0.0`.", "请求须带有请求头 `Tus-Resumable: 1.0.0`。"
        )


class PhotoMissing(DomainError):
    """A record names this photo, and its bytes have not arrived yet."""

    def __init__(self) -> None:
        super().__init__(
            "A record names this photo, but it has not been uploaded yet.",
            "记录引用了该照片，但照片尚未上传。",
        )


class PhotoUnreadable(DomainError):
    """The bytes are there, but no picture can be made of them; `extra["refused_because"]` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "No picture can be made of this file; the original can still be downloaded as it is.",
            "无法由该文件生成图片，仍可下载原始文件。",
            extra={"refused_because": reason},
        )
        self.reason = reason


class UnsupportedMediaType(DomainError):
    """The bytes of an upload came with another content type than tus asks for."""

    def __init__(self) -> None:
        super().__init__(
            "Send the bytes as Content-Type: application/offset+octet-stream.",
            "请以 Content-Type: application/offset+octet-stream 发送。",
        )


def field_fault(pointer: str, detail: str, detail_zh: str) -> InvalidInput:
    """Return the error that names one field of the input."""
    return InvalidInput(
        detail, detail_zh, errors=[{"pointer": pointer, "detail": detail, "detail_zh": detail_zh}]
    )
