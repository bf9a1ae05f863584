"""Reading the headers of tus 1.0.0 (creation, creation-with-upload, checksum, expiration, termination)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from werkzeug.datastructures import Headers

from server.photos.claims import digest_of
from server.photos.errors import PhotoTooLarge, TusVersionUnsupported, field_fault
from server.photos.signature import CONTENT_TYPES
from server.problems import DomainError

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
FILE_TYPES = frozenset((*CONTENT_TYPES, "image/heif", "image/jpg", "application/octet-stream"))
LONGEST_METADATA = 4096


class UnreadableHeader(DomainError):
    """A tus header is missing or cannot be read; `errors` names it."""

    def __init__(self, header: str, detail: str, detail_zh: str) -> None:
        fault = {"pointer": f"/headers/{header}", "detail": detail, "detail_zh": detail_zh}
        super().__init__(f"{header}: {detail}", f"{header}：{detail_zh}", errors=[fault])


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a new upload will bring; `content_type` is what its sender believes."""

    sha256: bytes
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Checksum:
    """The digest of one request's bytes."""

    algorithm: str
    digest: bytes

    def agrees(self, content: hashlib._Hash) -> bool:
        """Return whether the bytes that were hashed are the announced ones."""
        return content.digest() == self.digest


def check_version(headers: Headers) -> None:
    """Accept a request that speaks our version.

    Raises:
        TusVersionUnsupported: it speaks another one, or does not say.
    """
    if headers.get("Tus-Resumable") != VERSION:
        raise TusVersionUnsupported


def announcement(headers: Headers, max_bytes: int) -> Announcement:
    """Return what the headers of a creation announce.

    Raises:
        UnreadableHeader: a header is missing or malformed.
        PhotoTooLarge, InvalidInput: the length, digest or file type is not acceptable.
    """
    size = length(headers)
    if size == 0:
        raise field_fault("/headers/Upload-Length", "A photo has at least one byte.", "照片不能为空文件。")
    if size > max_bytes:
        raise PhotoTooLarge(max_bytes)
    metadata = read_metadata(headers.get("Upload-Metadata", ""))
    return Announcement(_digest(metadata), size, _file_type(metadata))


def length(headers: Headers) -> int:
    """Return how many bytes a new upload will bring.

    Raises:
        UnreadableHeader: Upload-Length is missing, deferred, or no number of bytes.
    """
    if "Upload-Defer-Length" in headers:
        raise UnreadableHeader(
            "Upload-Defer-Length", "Say the length at once.", "必须在创建时给出长度（Upload-Length）。"
        )
    return _number(headers, "Upload-Length")


def offset(headers: Headers) -> int:
    """Return where a part begins.

    Raises:
        UnreadableHeader: Upload-Offset is missing or no number of bytes.
    """
    return _number(headers, "Upload-Offset")


def checksum(headers: Headers) -> Checksum | None:
    """Return the checksum of this request's bytes, None when it announces none.

    Raises:
        UnreadableHeader: an unknown algorithm, or no base64 of a digest.
    """
    given = headers.get("Upload-Checksum")
    if given is None:
        return None
    algorithm, _, encoded = given.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        known = ", ".join(CHECKSUMS)
        raise UnreadableHeader("Upload-Checksum", f"One of {known} is due.", f"算法应为 {known} 之一。")
    return Checksum(algorithm, _base64("Upload-Checksum", encoded))


def expires(moment: datetime) -> str:
    """Return a moment as an HTTP date."""
    return format_datetime(moment, usegmt=True)


def read_metadata(header: str) -> dict[str, str]:
    """Return the pairs of Upload-Metadata: comma-separated keys, each with a value in base64.

    Raises:
        UnreadableHeader: too long, a key twice, or a value that is no base64 of UTF-8.
    """
    if len(header) > LONGEST_METADATA:
        raise UnreadableHeader("Upload-Metadata", "Too long.", "过长。")
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        if key in pairs:
            raise UnreadableHeader(f"Upload-Metadata/{key}", "Named twice.", "重复出现。")
        try:
            pairs[key] = _base64(f"Upload-Metadata/{key}", encoded).decode()
        except UnicodeDecodeError as fault:
            raise UnreadableHeader(f"Upload-Metadata/{key}", "No UTF-8.", "不是 UTF-8 文本。") from fault
    return pairs


def _number(headers: Headers, name: str) -> int:
    given = headers.get(name, "").strip()
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise UnreadableHeader(name, "A number of bytes is due.", "应为字节数。")
    return int(given)


def _digest(metadata: Mapping[str, str]) -> bytes:
    if "sha256" not in metadata:
        raise UnreadableHeader(
            "Upload-Metadata/sha256", "The photo's SHA-256 is missing.", "缺少照片的 SHA-256。"
        )
    found = digest_of(metadata["sha256"])
    if found is None:
        raise field_fault(
            "/headers/Upload-Metadata/sha256",
            "A SHA-256 of 64 hexadecimal digits is due.",
            "应为 64 位十六进制的 SHA-256。",
        )
    return found


def _file_type(metadata: Mapping[str, str]) -> str:
    """The bytes decide in the end, so a sender that does not know the type may leave it out."""
    given = metadata.get("filetype", "application/octet-stream").lower()
    if given not in FILE_TYPES:
        known = ", ".join(CONTENT_TYPES)
        raise field_fault(
            "/headers/Upload-Metadata/filetype", f"One of {known} is due.", f"应为 {known} 之一。"
        )
    return given


def _base64(name: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise UnreadableHeader(name, "No base64.", "不是 base64 编码。") from fault
