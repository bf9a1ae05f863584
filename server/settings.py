"""What a process is told from outside, read once at the entrance (environment or var/run)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

RUN_FOLDER = Path("var/run")
SIGN_IN_LIMIT = "10 per minute"
PUBLIC_REPORT_LIMIT = "10 per hour"
PUBLIC_PHOTO_LIMIT = "50 per hour"
PUBLIC_WRONG_CODE_LIMIT = "20 per hour"
PUBLIC_READ_LIMIT = "600 per minute"


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, secrets and limits of one process. Sizes in bytes, times in seconds."""

    database_url: str
    database_owner_url: str
    redis_url: str
    secret_key: str
    photo_store: Path
    identity_key: str = ""
    identity_key_before: str = ""
    access_token_s: int = 3600
    refresh_token_s: int = 90 * 86400
    max_mutations: int = 500
    max_body_bytes: int = 64 * 1024 * 1024
    max_inflated_bytes: int = 32 * 1024 * 1024
    upload_chunk_bytes: int = 1024 * 1024
    max_photo_bytes: int = 30 * 1024 * 1024
    max_photo_pixels: int = 100_000_000
    upload_expires_s: int = 7 * 86400
    sign_in_limit: str = SIGN_IN_LIMIT
    public_report_limit: str = PUBLIC_REPORT_LIMIT
    public_photo_limit: str = PUBLIC_PHOTO_LIMIT
    public_wrong_code_limit: str = PUBLIC_WRONG_CODE_LIMIT
    public_read_limit: str = PUBLIC_READ_LIMIT
    pool_size: int = 8
    pushes_at_once: int = 10
    device_pushes_at_once: int = 16
    device_uploads_at_once: int = 8
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = "wangge@localhost"
    smtp_starttls: bool = False
    tls_authority: str = ""
    webhooks_to_private_addresses: bool = False

    @property
    def identity_secrets(self) -> tuple[str, ...]:
        """Return the secrets that seal who complained: the one in use, then one that still opens."""
        now, before = self.identity_key or self.secret_key, self.identity_key_before
        return (now, before) if before else (now,)


class SettingMissing(Exception):
    """A setting without a default was given nowhere."""


def from_environment(environment: Mapping[str, str] | None = None, run_folder: Path = RUN_FOLDER) -> Settings:
    """Return the settings of the environment; what it lacks is looked up in the running product's folder.

    Raises:
        SettingMissing: neither names a database.
    """
    given = dict(_running(run_folder))
    given.update(os.environ if environment is None else environment)
    if "DATABASE_URL" not in given:
        raise SettingMissing("DATABASE_URL is not set and nothing runs here: start it with `make run`")
    settings = Settings(
        database_url=given["DATABASE_URL"],
        database_owner_url=given.get("DATABASE_OWNER_URL", given["DATABASE_URL"]),
        redis_url=given.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
        secret_key=_secret(given),
        identity_key=_identity_key(given),
        photo_store=Path(given.get("PHOTO_STORE", "var/photos")).absolute(),
        sign_in_limit=given.get("SIGN_IN_LIMIT", SIGN_IN_LIMIT),
    )
    numbers: dict[str, Any] = {name: int(given[key]) for name, key in _NUMBERS.items() if key in given}
    texts: dict[str, Any] = {name: given[key] for name, key in _TEXTS.items() if key in given}
    flags: dict[str, Any] = {name: given[key] == "1" for name, key in _FLAGS.items() if key in given}
    return replace(settings, **numbers, **texts, **flags)


_TEXTS = {
    "identity_key_before": "IDENTITY_KEY_BEFORE",
    "public_report_limit": "PUBLIC_REPORT_LIMIT",
    "public_photo_limit": "PUBLIC_PHOTO_LIMIT",
    "public_wrong_code_limit": "PUBLIC_WRONG_CODE_LIMIT",
    "public_read_limit": "PUBLIC_READ_LIMIT",
    "smtp_host": "SMTP_HOST",
    "smtp_user": "SMTP_USER",
    "smtp_password": "SMTP_PASSWORD",
    "smtp_from": "SMTP_FROM",
    "tls_authority": "TLS_AUTHORITY",
}
_FLAGS = {
    "smtp_starttls": "SMTP_STARTTLS",
    "webhooks_to_private_addresses": "WEBHOOKS_TO_PRIVATE_ADDRESSES",
}


_NUMBERS = {
    "access_token_s": "ACCESS_TOKEN_S",
    "refresh_token_s": "REFRESH_TOKEN_S",
    "max_mutations": "MAX_MUTATIONS",
    "max_body_bytes": "MAX_BODY_BYTES",
    "max_inflated_bytes": "MAX_INFLATED_BYTES",
    "upload_chunk_bytes": "UPLOAD_CHUNK_BYTES",
    "max_photo_bytes": "MAX_PHOTO_BYTES",
    "max_photo_pixels": "MAX_PHOTO_PIXELS",
    "upload_expires_s": "UPLOAD_EXPIRES_S",
    "smtp_port": "SMTP_PORT",
    "pool_size": "POOL_SIZE",
    "pushes_at_once": "PUSHES_AT_ONCE",
    "device_pushes_at_once": "DEVICE_PUSHES_AT_ONCE",
    "device_uploads_at_once": "DEVICE_UPLOADS_AT_ONCE",
}


def _secret(given: Mapping[str, str]) -> str:
    secret = given.get("SECRET_KEY", "")
    if len(secret) < 32:
        raise SettingMissing("SECRET_KEY must be set to at least 32 characters; it signs tokens and cursors")
    return secret


def _identity_key(given: Mapping[str, str]) -> str:
    key = given.get("IDENTITY_KEY", "")
    if key and len(key) < 32:
        raise SettingMissing("IDENTITY_KEY must have at least 32 characters; it seals who complained")
    return key


def _running(run_folder: Path) -> dict[str, str]:
    """Return the NAME=value lines that the running product left in `var/run/urls.env`."""
    file = run_folder / "urls.env"
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}
