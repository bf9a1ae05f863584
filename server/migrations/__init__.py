"""The database's history: one idea a migration, forward and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


def configuration(owner_url: str, identity_secrets: Sequence[str] = ()) -> Config:
    """Return Alembic's configuration for one database, reached as the owner of its tables.

    `identity_secrets` seal and open who complained; those of the environment where none are given.
    """
    config = Config(str(HERE / "alembic.ini"))
    config.attributes["owner_url"] = owner_url
    config.attributes["identity_secrets"] = tuple(identity_secrets)
    return config


def upgrade(owner_url: str, revision: str = "head", identity_secrets: Sequence[str] = ()) -> None:
    """Bring a database forward to a revision."""
    command.upgrade(configuration(owner_url, identity_secrets), revision)


def downgrade(owner_url: str, revision: str, identity_secrets: Sequence[str] = ()) -> None:
    """Take a database back to a revision."""
    command.downgrade(configuration(owner_url, identity_secrets), revision)
