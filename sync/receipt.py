"""Receipts: what a tablet handed in and when, signed so that anybody can check it without the server.

A receipt is a JWS in compact form (RFC 7515) with an Ed25519 signature (RFC 8037). The batch's hash is taken
over the digests of its items, not over the body: a tablet that batches anew after a failure, compresses,
or sends photos along can still compute it from what its outbox keeps.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.canonical import canonical
from sync.errors import ReceiptInvalid

TYPE = "wangge-receipt+jws"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says: the items that a device handed in, and how far it had got at that moment.

    `items_sha256` is the SHA-256, in hex, of the items' digests one after the other in the order of their
    seqs; an item's digest is the SHA-256 of its canonical JSON (RFC 8785).
    """

    device_id: UUID
    batch_id: str | None
    first_seq: int
    last_seq: int
    items_sha256: str
    acked_through: int
    received_at: datetime


class SigningKey:
    """A private key and the key id under which its public half is published."""

    def __init__(self, seed: bytes) -> None:
        """Make the key of a 32-byte seed, always the same one of the same seed."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.key_id = key_id(self.public_key)

    def sign(self, receipt: Receipt) -> str:
        """Return the receipt as one line of URL-safe text."""
        head = {"alg": "EdDSA", "kid": self.key_id, "typ": TYPE}
        signed = f"{_text(canonical(head))}.{_text(canonical(_claims(receipt)))}"
        return f"{signed}.{_text(self._private.sign(signed.encode()))}"


def key_id(public_key: bytes) -> str:
    """Return the RFC 7638 thumbprint of a raw Ed25519 public key."""
    named = {"crv": "Ed25519", "kty": "OKP", "x": _text(public_key)}
    return _text(hashlib.sha256(canonical(named)).digest())


def as_jwk(public_key: bytes) -> dict[str, str]:
    """Return a raw Ed25519 public key as a JSON Web Key (RFC 8037)."""
    kid = key_id(public_key)
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "alg": "EdDSA", "x": _text(public_key)}


def from_jwk(document: Any) -> bytes:
    """Return the raw public key in a JSON Web Key.

    Raises:
        ReceiptInvalid: it is no Ed25519 key.
    """
    if isinstance(document, dict) and (document.get("kty"), document.get("crv")) == ("OKP", "Ed25519"):
        raw = _bytes(document.get("x"), "the key", "公钥")
        if len(raw) == 32:
            return raw
    raise ReceiptInvalid("This is no Ed25519 public key (JWK).", "不是 Ed25519 公钥（JWK）。")


def items_sha256(digests: Sequence[bytes]) -> str:
    """Return the hash of a batch whose items have these digests, in hex."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


def check(text: str, public_keys: Sequence[bytes]) -> Receipt:
    """Return what a receipt says, when one of these keys signed it.

    Raises:
        ReceiptInvalid: it is cut, altered, forged, or signed by a key that is not among these.
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise ReceiptInvalid(
            "This is no receipt: three parts joined by dots were expected. Is it whole?",
            "不是回执：应为以点号连接的三段，是否被截断？",
        )
    head, claims, signature = (_bytes(part, "the receipt", "回执") for part in parts)
    key = _named(_object(head), public_keys)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise ReceiptInvalid(
            "The signature does not fit: the receipt was altered, cut or forged.",
            "签名不符：回执被改动、截断或伪造。",
        ) from None
    return _read(_object(claims))


def _named(head: Mapping[str, Any], public_keys: Sequence[bytes]) -> bytes:
    if (head.get("alg"), head.get("typ")) != ("EdDSA", TYPE):
        raise ReceiptInvalid("This is signed text, but no receipt.", "这是签名文本，但不是回执。")
    for public_key in public_keys:
        if key_id(public_key) == head.get("kid"):
            return public_key
    raise ReceiptInvalid(
        "It names a key that is not among the server's published keys.", "所用密钥不在服务器公布的公钥之列。"
    )


def _claims(receipt: Receipt) -> dict[str, Any]:
    # Named one by one: `asdict` copies deeply, and every push is answered with a receipt.
    return {
        "device_id": str(receipt.device_id),
        "batch_id": receipt.batch_id,
        "first_seq": receipt.first_seq,
        "last_seq": receipt.last_seq,
        "items_sha256": receipt.items_sha256,
        "acked_through": receipt.acked_through,
        "received_at": receipt.received_at.isoformat().replace("+00:00", "Z"),
    }


def _read(claims: Mapping[str, Any]) -> Receipt:
    try:
        return Receipt(
            device_id=UUID(claims["device_id"]),
            batch_id=claims["batch_id"],
            first_seq=int(claims["first_seq"]),
            last_seq=int(claims["last_seq"]),
            items_sha256=str(claims["items_sha256"]),
            acked_through=int(claims["acked_through"]),
            received_at=datetime.fromisoformat(claims["received_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptInvalid(f"A part of the receipt is missing: {error}.", "回执内容不完整。") from error


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ReceiptInvalid(
            "The receipt cannot be read: it was altered or cut.", "回执无法读取：被改动或截断。"
        )
    return found


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: Any, what: str, what_zh: str) -> bytes:
    """Return decoded bytes; a text that is not the one spelling of its bytes is refused."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError, TypeError):
        raw = None
    if raw is None or _text(raw) != text:
        raise ReceiptInvalid(
            f"There are characters in {what} that do not belong there: it was altered or cut.",
            f"{what_zh}含有不该有的字符：被改动或截断。",
        )
    return raw
