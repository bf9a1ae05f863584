"""The tablet's protocol in Chromium against the real server: over a bad line, with a battery that dies."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text

from server import wiring
from server.app import create_app
from server.auth import devices, enrolment
from server.fieldsync import outbox_file, service
from server.fieldsync.importing import Import
from server.local import front_end
from server.photos.store import Folder
from tests.build import County, a_community_in, a_worker, cells_of_community
from tests.chaos.faults import Draw
from tests.chaos.proxy import Proxy
from tests.serving import served
from tests.web.lone_tablet import BASE, FOLDER, STORM, BadLine, LoneTablet, serve_module

INSPECTIONS, PHOTOS_EACH = 20, 2


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built module."""
    out = tmp_path_factory.mktemp("module")
    front_end.build_part(FOLDER, out, BASE)
    return out


@pytest.fixture
def line(county: County, module: Path) -> Iterator[Proxy]:
    """Return a line to the product, calm at first."""
    app = create_app(county.settings)
    serve_module(app, module)
    with served(app) as url, BadLine(url, Draw("tablet", 0)) as proxy:
        yield proxy


def a_code(county: County) -> str:
    """Return a code of a new worker."""
    with county.transaction() as session:
        cells = cells_of_community(session, a_community_in(session))
        worker = a_worker(session, cells, now=datetime.now(UTC))
        made = enrolment.make_code(session, username=worker.username, actor=None, now=datetime.now(UTC))
    return made.enrolment_code


def enrolled(tablet: LoneTablet, code: str) -> None:
    """Enrol the tablet and pull its scope."""
    tablet.ask("async ([code]) => { window.tablet = await protocol.tablets().enrol(code, 'tablet 7') }", code)
    assert tablet.ask("() => tablet.sync.now()")["problem"] is None


def test_nothing_is_lost_nor_doubled_by_a_bad_line_and_a_battery_that_dies(
    browser: Browser, chromium: Path, county: County, line: Proxy, tmp_path: Path
) -> None:
    with closing(LoneTablet(browser, chromium, tmp_path / "profile", line.url)) as tablet:
        enrolled(tablet, a_code(county))
        line.draw = STORM
        made = []
        for number in range(INSPECTIONS):
            made.append(tablet.ask("([seed, photos]) => inspect(seed, photos)", number, PHOTOS_EACH))
            if number in (6, 13):
                tablet.page.evaluate("() => { void tablet.sync.now() }")
                tablet.page.wait_for_timeout(300)
                tablet.die()
                tablet.wake()
                assert tablet.ask("() => resume()")
        line.calm()
        # A run that the storm still broke ends first; the next one meets a calm line.
        status = tablet.ask("async () => { await tablet.sync.now(); return tablet.sync.now() }")
        fates = tablet.ask("() => fates()")
        receipts = tablet.ask("() => tablet.outbox.receipts()")

    with county.transaction() as session:
        stored = session.scalars(text("SELECT inspection_id::text FROM server.inspection")).all()
        photos = session.execute(
            text("SELECT count(*), count(*) FILTER (WHERE state = 'stored') FROM server.photo")
        ).one()
    assert (status["pause"], status["problem"]) == (None, None)
    assert sorted(stored) == sorted(made), "lost or doubled"
    assert tuple(photos) == (INSPECTIONS * PHOTOS_EACH, INSPECTIONS * PHOTOS_EACH)
    assert set(fates) <= {"accepted", "warned"}
    assert len(receipts) > 1
    assert line.faults.total() > 0


EXPORT = """async () => {
  const {file, name} = await tablet.outbox.export()
  const bytes = new Uint8Array(await file.arrayBuffer())
  return [name, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]
}"""
EDIT = """async () => {
  const [community] = await tablet.mirror.all('community')
  const seen = {type: 'Polygon', coordinates: [[[117.2, 35.6], [117.3, 35.6], [117.3, 35.7], [117.2, 35.6]]]}
  const fields = {geometry: {old: seen, new: seen}}
  const command = {type: 'community.edit', entity_id: community.id, base_version: 0, data: {fields}}
  await tablet.outbox.enqueue(command)
}"""


def test_a_file_a_conflict_and_a_switched_off_tablet(
    browser: Browser, chromium: Path, county: County, line: Proxy, tmp_path: Path
) -> None:
    with closing(LoneTablet(browser, chromium, tmp_path / "profile", line.url)) as tablet:
        enrolled(tablet, a_code(county))

        tablet.context.set_offline(True)
        tablet.ask("() => inspect(1, 1)")
        tablet.ask("() => inspect(2, 0)")
        assert tablet.ask("() => tablet.sync.now()")["pause"] == "offline"
        name, file = tablet.ask(EXPORT)
        taken = taken_in(county, tmp_path / name, base64.b64decode(file))
        tablet.context.set_offline(False)
        tablet.ask("() => tablet.sync.now()")
        assert taken == (["applied", "applied"], 1, 0)
        assert set(tablet.ask("() => fates()")) <= {"accepted", "warned"}

        tablet.ask(EDIT)
        tablet.ask("() => tablet.sync.now()")
        [edit] = tablet.ask("() => tablet.outbox.items({limit: 1})")
        assert edit["fate"]["kind"] == "conflict"
        assert edit["fate"]["current"]["geometry"] != edit["fate"]["mine"]["fields"]["geometry"]["new"]

        with county.transaction() as session:
            device_id = UUID(tablet.ask("() => tablet.person.device_id"))
            devices.revoke(session, device_id, actor=None, reason="lost", now=datetime.now(UTC))
        tablet.ask("() => inspect(3, 1)")
        status = tablet.ask("() => tablet.sync.now()")
        [last] = tablet.ask("() => tablet.outbox.items({limit: 1})")
        assert (status["stop"], status["pause"]) == ("revoked", None)
        assert (last["fate"]["kind"], last["photos"]["arrived"]) == ("quarantined", 1)


def taken_in(county: County, path: Path, content: bytes) -> tuple[list[str], int, int]:
    """Take an outbox file in; return each item's status, the photos stored and what was damaged."""
    path.write_bytes(content)
    ports = service.ports(wiring.COMMAND_TYPES)
    store = Folder(county.settings.photo_store)
    with outbox_file.opened(path) as outbox:
        run = Import(county.database, ports, store, county.settings, datetime.now(UTC), False)
        report = run.take(outbox, None)
    return [item.status for item in report.items], report.photos_stored, len(report.damages)
