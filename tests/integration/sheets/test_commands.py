"""The ledger in Excel on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import cells_of
from tests.integration.sheets.tables import a_row, a_table


@pytest.fixture
def wangge(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Return the cast of the county that commands reach."""
    monkeypatch.setenv("DATABASE_URL", cast.county.database_url)
    monkeypatch.setenv("SECRET_KEY", cast.county.settings.secret_key)
    monkeypatch.setenv("PHOTO_STORE", str(cast.county.settings.photo_store))
    return cast


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["ledger", *(str(word) for word in words)])


def test_a_foreign_ledger_is_tried_then_taken_in_by_the_mapping_kept(wangge: Cast, tmp_path: Path) -> None:
    row = a_row(wangge)
    row["事项"] = row.pop("问题描述")
    file = a_table(tmp_path, [row, {**row, "案卷号": "2", "发现日期": "?"}])
    report = tmp_path / "refused.csv"

    tried = run("import", file, "--map", "事项=description", "--save-mapping", "旧台账", "--dry-run")
    stopped = run("import", file, "--mapping", "旧台账", "--report", report)
    taken = run("import", file, "--mapping", "旧台账", "--skip-refused")
    exported = run("export", tmp_path / "a.xlsx", "--state", "closed", "--kind", "print", "--thumbnails")

    assert "2 rows: 0 open and 1 closed cases would be taken in, 0 photos, 1 rows refused." in tried.output
    assert (stopped.exit_code, "nothing was changed" in stopped.output) == (1, True)
    assert "3,发现日期,?" in report.read_text(encoding="utf-8-sig")
    assert "0 open and 1 closed cases taken in" in taken.output
    assert "1 cases in" in exported.output
    assert cells_of(tmp_path / "a.xlsx")[0]["问题描述"] == row["事项"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--mapping", "没有"], "No mapping is saved as '没有'"),
        (["--map", "案卷号=nonsense"], "There is no 'nonsense'"),
        (["--map", "案卷号"], "is not NAME=VALUE"),
        (["--map", "没有的列=place"], "The table has no column for: 没有的列"),
        (["--default", "found_at=someday"], "defaults that fit their fields"),
    ],
)
def test_a_wish_that_cannot_be_is_told_in_a_sentence(
    wangge: Cast, tmp_path: Path, words: list[str], told: str
) -> None:
    result = run("import", a_table(tmp_path, [a_row(wangge)]), *words)

    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output
