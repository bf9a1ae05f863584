"""The database's history: one idea a migration, forward and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


def configuration(owner_url: str) -> Config:
    """Return Alembic's configuration for one database, reached as the owner of its tables."""
    config = Config(str(HERE / "alembic.ini"))
    config.attributes["owner_url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring a database forward to a revision."""
    command.upgrade(configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(configuration(owner_url), revision)
