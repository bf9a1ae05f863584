"""The command line: `wangge …`."""

from __future__ import annotations

import click

from server import migrations
from server.settings import from_environment


@click.group()
def main() -> None:
    """Inspect residential communities: the product's own commands."""


@main.command()
@click.option("--revision", default="head", show_default=True)
def migrate(revision: str) -> None:
    """Bring the database to a revision, as the owner of its tables (DATABASE_OWNER_URL)."""
    migrations.upgrade(from_environment().database_owner_url, revision)
    click.echo(f"database at revision {revision}")


if __name__ == "__main__":
    main()
