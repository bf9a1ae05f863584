"""`wangge ledger verify` on the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from server.cli import main
from tests.integration.ledger.acting import Cast


@pytest.fixture
def runner(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", cast.county.database_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", cast.county.owner_url)
    monkeypatch.setenv("REDIS_URL", cast.county.settings.redis_url)
    monkeypatch.setenv("SECRET_KEY", cast.county.settings.secret_key)
    return CliRunner()


def test_a_sound_ledger_is_proved_and_counted(cast: Cast, runner: CliRunner) -> None:
    cast.report()

    result = runner.invoke(main, ["ledger", "verify"])

    assert result.exit_code == 0, result.output
    assert "1 cases (1 open), 2 entries" in result.output


def test_a_broken_ledger_ends_with_the_first_fault_and_exit_code_one(cast: Cast, runner: CliRunner) -> None:
    case_id, _ = cast.report()
    with cast.county.owner() as session:
        session.execute(text('ALTER TABLE server."case" DISABLE TRIGGER USER'))
        session.execute(text('UPDATE server."case" SET level = 2'))

    result = runner.invoke(main, ["ledger", "verify"])

    assert result.exit_code == 1
    assert str(case_id) in result.output
