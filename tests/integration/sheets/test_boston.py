"""A city's real year with all its dirt, taken in and shown again."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from server import wiring
from server.db import Database, make_engine
from server.ledger.sheets.taking import Beside, How, Taken, take_in
from server.ledger.verify import verify
from server.photos.store import Folder
from server.sheets.faults import write_report
from tests.build import NOW, SECRET
from tests.conftest import OwnDatabase
from tests.integration.sheets.boston import boston_mapping, load_boston

LIMIT_S = 300
LIMIT_MB = 256
ROWS = 121_145


@pytest.mark.slow
def test_a_citys_year_goes_through_with_every_refused_row_listed(
    database: OwnDatabase, shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "boston_311_2015"
    opened = Database(make_engine(database.url, pool_size=2), {"travelling": wiring.TRAVELLING})
    with opened.transaction() as session:
        load_boston(session, folder / "boston_neighborhoods.geojson")

    began = time.monotonic()
    taken = _take(opened, folder / "boston_311_2015.csv.gz", tmp_path / "photos")
    took_s = time.monotonic() - began
    write_report(tmp_path / "refused.csv", taken.faults)

    print(f"{took_s:.0f} s, {taken.as_json()}")  # noqa: T201  # the figures are the point of this test
    assert took_s < LIMIT_S
    assert taken.rows == ROWS
    assert taken.open_cases + taken.closed_cases + taken.refused_rows == ROWS
    assert taken.as_json()["reasons"]["closed_dt: was closed before it was opened"] == 197
    _every_refused_row_is_listed(taken, tmp_path / "refused.csv")
    _the_ledger_holds(opened, taken)
    opened.engine.dispose()
    _the_export_stays_small(database.url, tmp_path, taken)


def _take(opened: Database, file: Path, store: Path) -> Taken:
    with opened.transaction() as session:
        return take_in(
            session,
            file,
            boston_mapping(),
            How(skip_refused=True),
            file_name=file.name,
            actor=None,
            now=NOW,
            beside=Beside(Folder(store), 1_000_000),
        )


def _every_refused_row_is_listed(taken: Taken, report: Path) -> None:
    with report.open(encoding="utf-8-sig", newline="") as content:
        listed = list(csv.reader(content))[1:]
    assert len({row[0] for row in listed}) == taken.refused_rows
    assert all(row[3] and row[4] for row in listed)


def _the_ledger_holds(opened: Database, taken: Taken) -> None:
    with opened.snapshot() as session:
        proof = verify(session)
        at_city_hall = session.scalar(
            text('SELECT count(*) FROM server."case" WHERE ST_X(geom) = -71.0587 AND ST_Y(geom) = 42.3594')
        )
    assert (proof.cases, proof.open_cases, proof.numbers) == (
        taken.open_cases + taken.closed_cases,
        taken.open_cases,
        taken.open_cases,
    )
    assert at_city_hall == 0


MEASURED = """
import sys
from server.cli import main
main(sys.argv[1:], standalone_mode=False)
status = open("/proc/self/status").read()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def _the_export_stays_small(url: str, folder: Path, taken: Taken) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET, "PHOTO_STORE": str(folder / "p")}
    file = folder / "ledger.xlsx"
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, "ledger", "export", str(file), "--address", "https://a.example"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    lines = told.stdout.strip().splitlines()
    print(f"export: {time.monotonic() - began:.0f} s, {lines[-1]} MB, {file.stat().st_size >> 20} MB file")  # noqa: T201  # the figures are the point
    assert lines[0].startswith(f"{taken.open_cases + taken.closed_cases} cases")
    assert int(lines[-1]) < LIMIT_MB
