"""What a command may ask of the process it runs in; errors end it with one sentence and exit code 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.db import Database, make_engine
from server.problems import kind_of
from server.settings import SettingMissing, Settings, from_environment


@dataclass
class Console:
    """The process of a command; what `carried` returns travels with every session."""

    carried: Callable[[Settings], Mapping[str, Any]] = lambda _settings: {}

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of the environment or of the running product."""
        return from_environment()

    @cached_property
    def info(self) -> Mapping[str, Any]:
        """Return what travels with every session."""
        return self.carried(self.settings)

    @cached_property
    def database(self) -> Database:
        """Return the database as the product's own role."""
        return Database(make_engine(self.settings.database_url, pool_size=2), self.info)

    @cached_property
    def owner_database(self) -> Database:
        """Return the database as the role that owns its tables."""
        url = self.settings.database_owner_url
        return Database(make_engine(url, pool_size=2), self.info)

    def transaction(self) -> AbstractContextManager[Session]:
        """Return a session that is committed when the block ends and rolled back when it raises."""
        return self.database.transaction()

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class Commands(click.Group):
    """A group of commands that tells known errors in one sentence, in both languages."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the table of problems knows ends it with exit code 1."""
        try:
            return super().invoke(ctx)
        except SettingMissing as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(f"The database does not answer ({reason}). Is it running?") from error
        except Exception as error:
            if kind_of(error) is None:
                raise
            detail, zh = str(getattr(error, "detail", error)), str(getattr(error, "detail_zh", ""))
            raise click.ClickException(f"{detail}\n{zh}" if zh and zh != detail else detail) from error


pass_console = click.make_pass_decorator(Console)
