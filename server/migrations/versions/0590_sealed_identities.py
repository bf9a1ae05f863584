"""Who complained or called stands sealed (AES-256-GCM) beside a keyed digest of the telephone number.

The way a box is made is written out here: a migration must open and seal as it did on its day. A box opens
with `IDENTITY_KEY` or `IDENTITY_KEY_BEFORE`; without the former `SECRET_KEY` seals.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import text

revision = "0590"
down_revision = "0580"
branch_labels = None
depends_on = None

Row = Mapping[Any, Any]
Change = Callable[[Sequence[str], bytes, Row], dict[str, Any]]
FORM = b"\x01"
TABLES = (
    ("complaint_contact", "complaint_id", "complaint", ("name", "phone", "address")),
    ("hotline_caller", "order_id", "hotline", ("name", "phone")),
)
SEALED = """
ALTER TABLE server.{table} ADD COLUMN sealed bytea CHECK (length(sealed) > 33), ADD COLUMN phone_digest bytea CHECK (length(phone_digest) = 32);
"""
PLAIN_GOES = """
ALTER TABLE server.{table} ALTER sealed SET NOT NULL{drops};
CREATE INDEX {table}_by_phone ON server.{table} (phone_digest) WHERE phone_digest IS NOT NULL;
COMMENT ON COLUMN server.{table}.sealed IS 'form (1), key (4), nonce (12), AES-256-GCM of JSON; authenticated with the kind and id of its record';
"""
PLAIN_COMES = """
DROP INDEX server.{table}_by_phone;
ALTER TABLE server.{table} ALTER sealed DROP NOT NULL{adds};
"""
SEALED_GOES = "ALTER TABLE server.{table} DROP COLUMN sealed, DROP COLUMN phone_digest{requires};"


def upgrade() -> None:
    for table, key, kind, names in TABLES:
        op.execute(SEALED.format(table=table))
        _each(f"SELECT {key} AS id, {', '.join(names)} FROM server.{table}", table, key, kind, _seal)
        drops = "".join(f", DROP COLUMN {name}" for name in names)
        op.execute(PLAIN_GOES.format(table=table, drops=drops))


def downgrade() -> None:
    for table, key, kind, names in TABLES:
        adds = "".join(f", ADD COLUMN {name} text NOT NULL DEFAULT ''" for name in names)
        op.execute(PLAIN_COMES.format(table=table, adds=adds))
        _each(f"SELECT {key} AS id, sealed FROM server.{table}", table, key, kind, _open)
        requires = (
            "" if table == "complaint_contact" else ", ALTER name DROP DEFAULT, ALTER phone DROP DEFAULT"
        )
        op.execute(SEALED_GOES.format(table=table, requires=requires))


def _each(asked: str, table: str, key: str, kind: str, change: Change) -> None:
    rows = op.get_bind().execute(text(asked)).mappings().all()
    secrets = _secrets() if rows else ()
    for row in rows:
        values = change(secrets, f"{kind}:{row['id']}".encode(), row)
        told = ", ".join(f"{name} = :{name}" for name in values)
        op.get_bind().execute(
            text(f"UPDATE server.{table} SET {told} WHERE {key} = :id"), {**values, "id": row["id"]}
        )


def _seal(secrets: Sequence[str], about: bytes, row: Row) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name != "id"}
    nonce = os.urandom(12)
    box = AESGCM(_derived(secrets[0], b"seal")).encrypt(nonce, orjson.dumps(told), about)
    digits = re.sub("[^0-9]", "", told["phone"])
    digits = re.sub("^0*86(?=1[3-9][0-9]{9}$)", "", digits)
    digest = hmac.digest(_derived(secrets[0], b"digest"), digits.encode(), "sha256") if digits else None
    return {"sealed": FORM + _name(secrets[0]) + nonce + box, "phone_digest": digest}


def _open(secrets: Sequence[str], about: bytes, row: Row) -> dict[str, Any]:
    sealed = bytes(row["sealed"])
    secret = {_name(one): one for one in reversed(secrets)}[sealed[1:5]]
    told: dict[str, Any] = orjson.loads(
        AESGCM(_derived(secret, b"seal")).decrypt(sealed[5:17], sealed[17:], about)
    )
    return told


def _secrets() -> Sequence[str]:
    given = context.config.attributes.get("identity_secrets")
    if given:
        return tuple(given)
    from server.settings import from_environment

    return from_environment().identity_secrets


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"wangge identity " + purpose).derive(secret.encode())


def _name(secret: str) -> bytes:
    return sha256(_derived(secret, b"name")).digest()[:4]
