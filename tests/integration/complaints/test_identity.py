"""Who complained reaches nobody but the desk that calls back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from server import wiring
from server.auth.actor import Actor
from server.complaints import queries
from server.complaints.errors import IdentityUnreadable
from server.complaints.identities import FORM
from server.complaints.resealing import reseal_all
from server.db import Database
from server.settings import Settings
from sync.bodies import as_sent
from tests.build import a_person
from tests.integration.complaints.desk import ADDRESS, CONTACT, NAME, PHONE, Desk
from tests.integration.fieldsync.test_held_work import a_tablet, push
from tests.integration.ledger.acting import an_id
from tests.integration.sync.pushing import an_item

SECRETS = (PHONE, NAME, ADDRESS)


def test_nothing_in_the_whole_database_names_who_complained(desk: Desk) -> None:
    receipt, one, _ = desk.to_transferred()
    desk.order(one, "complaint.note", text=f"{NAME}住{ADDRESS}，电话{PHONE}，已回访")
    desk.work("tell-units")

    found = {table for table, rows in _tables(desk) if any(secret in rows for secret in SECRETS)}
    codes = {table for table, rows in _tables(desk) if receipt["code"] in rows}

    assert found == set()
    assert codes == set()


def test_no_call_that_reads_tells_a_company_or_a_worker_who_complained(desk: Desk) -> None:
    _, one, case_id = desk.to_transferred()
    cast, unit = desk.cast, desk.cast.fixer.unit_code
    cast.clock = datetime.now(UTC)
    cast.order(cast.shift_leader, "case.file", case_id, category="parking_disorderly", severity="C")
    cast.order(cast.headquarters, "case.dispatch", case_id, unit=unit, demand="清走")
    ids = {"complaint_id": one, "case_id": str(case_id), "community_id": str(desk.cast.community_id)}
    with desk.cast.county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")

    for actor in (desk.cast.fixer, desk.cast.worker, planner, desk.cast.dispatcher):
        read = dict(_everything(desk, actor, ids))
        assert len(read) > 40, sorted(read)
        assert [path for path, body in read.items() if any(one in body for one in SECRETS)] == []
    case = dict(_everything(desk, desk.cast.fixer, ids))[f"/api/v1/cases/{case_id}"]
    assert "单元门被堵" in case  # so that the sweep is known to see what a company may


def test_a_wrong_code_is_answered_like_a_wrong_number_and_runs_out(desk: Desk) -> None:
    receipt = desk.report(contact=None)
    wrong = desk.public("/complaints/follow", {"number": receipt["number"], "code": "AAAAA-AAAAA"})
    nobody = desk.public("/complaints/follow", {"number": "TS2026-999999", "code": receipt["code"]})

    tried = [
        desk.public("/complaints/follow", {"number": receipt["number"], "code": "BBBBB-BBBBB"}).status_code
        for _ in range(20)
    ]

    assert (wrong.status_code, wrong.json["detail"]) == (404, nobody.json["detail"])
    assert tried[-1] == 429
    blocked = desk.public("/complaints/follow", {"number": receipt["number"], "code": receipt["code"]})
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0


def test_one_address_reports_so_many_times_an_hour(desk: Desk) -> None:
    for _ in range(10):
        desk.report()

    answer = desk.public(
        "/complaints", {"community_id": str(desk.cast.community_id), "description": "还有一件"}
    )

    assert (answer.status_code, answer.json["type"]) == (429, "/problems/too-many-reports")


def test_an_unreadable_report_names_every_fault_and_keeps_nothing(desk: Desk) -> None:
    bad: dict[str, Any] = {
        "community_id": "nowhere",
        "description": " ",
        "category": "noise_of_stars",
        "contact": {"phone": 5},
        "location": {"lon": 35.6, "lat": 117.3},
    }

    answer = desk.public("/complaints", bad)
    unknown = desk.public("/complaints", {"community_id": str(desk.clerk.user_id), "description": "x"})
    strange = desk.public("/complaints", {**bad, "mood": "grim"})

    assert answer.status_code == 422
    told = {one["pointer"] for one in answer.json["errors"]}
    assert {"/community_id", "/description", "/category", "/contact/phone"} <= told
    assert all(not pointer.startswith("/data") for pointer in told)
    assert unknown.status_code == 422
    assert strange.status_code == 422
    assert desk.sql("SELECT count(*) FROM server.complaint") == 0


def _tables(desk: Desk) -> list[tuple[str, str]]:
    with desk.cast.county.owner() as session:
        names = session.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename), schemaname || '.' || tablename FROM pg_tables"
                " WHERE schemaname IN ('server', 'sync', 'geo')"
            )
        ).all()
        return [
            (
                plain,
                session.execute(
                    text(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")
                ).scalar_one(),
            )
            for name, plain in names
        ]


def _everything(desk: Desk, actor: Actor, ids: dict[str, str]) -> list[tuple[str, str]]:
    """Return path and body of every call that reads, with what ids are known put in."""
    found = []
    for rule in desk.client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith(("/api/", "/sync/", "/ogc")):
            continue
        layer = rule.rule.replace("<layer>", "complaints")
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ids.get(part[1], ids["complaint_id"]), layer)
        answer = desk.client.get(path, headers=desk.cast.county.bearer(actor))
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
        found.append((path, answer.text))
    return found


def test_the_desk_finds_a_caller_by_number_and_no_word_of_the_number_is_kept(desk: Desk) -> None:
    receipt = desk.report()
    desk.report(contact={"phone": "13900000000"})

    found = desk.post("/complaints/by-phone", {"phone": "+86 138-1234-5678"})
    nobody = desk.post("/complaints/by-phone", {"phone": "0537-4220000"})
    worker = desk.post("/complaints/by-phone", {"phone": PHONE}, desk.cast.worker)
    bad = desk.post("/complaints/by-phone", {"phone": "1", "name": NAME})

    assert [one["number"] for one in found.json["items"]] == [receipt["number"]]
    assert nobody.json["items"] == []
    assert (worker.status_code, bad.status_code) == (403, 422)
    lines = desk.sql("SELECT count(*) FROM server.audit_line WHERE action = 'complaint.find_by_phone'")
    assert lines == 2
    assert [table for table, rows in _tables(desk) if "12345678" in rows] == []


def test_another_key_reads_what_the_earlier_one_sealed_and_seals_it_anew(desk: Desk) -> None:
    receipt = desk.report()
    complaint_id = UUID(desk.known(receipt)["complaint_id"])
    county = desk.cast.county
    turned = replace(county.settings, identity_key="x" * 32, identity_key_before=county.settings.secret_key)
    lost = replace(county.settings, identity_key="x" * 32)

    def read(settings: Settings) -> Mapping[str, str] | None:
        with county_of(desk, settings).transaction() as session:
            return queries.contact(session, complaint_id)

    assert read(turned) == CONTACT
    with pytest.raises(IdentityUnreadable):
        read(lost)
    done = reseal_all(county_of(desk, turned))
    assert (done["complaint"], reseal_all(county_of(desk, turned))["complaint"]) == (1, 0)
    assert read(lost) == CONTACT


def test_what_a_tablet_brings_of_a_complaint_is_kept_sealed_and_is_still_what_came(desk: Desk) -> None:
    cast, tablet, complaint_id = desk.cast, a_tablet(desk.cast), an_id()
    told = {"community_id": str(cast.community_id), "description": "电梯困人", "contact": CONTACT}

    [answer] = push(
        cast, desk.client, tablet, an_item(1, type="complaint.create", entity_id=str(complaint_id), data=told)
    )

    assert answer["status"] == "applied"
    assert [table for table, rows in _tables(desk) if any(secret in rows for secret in SECRETS)] == []
    assert CONTACT in [sent_by(desk, cast.county.settings)["mutations"][0]["data"]["contact"]]
    turned = replace(
        cast.county.settings, identity_key="x" * 32, identity_key_before=cast.county.settings.secret_key
    )
    assert reseal_all(county_of(desk, turned))["envelope"] == 1
    lost = replace(cast.county.settings, identity_key="x" * 32)
    assert sent_by(desk, lost)["device_id"] == str(tablet.device_id)


def sent_by(desk: Desk, settings: Settings) -> dict[str, Any]:
    with county_of(desk, settings).transaction() as session:
        row = session.execute(text("SELECT envelope_id, body, sha256 FROM sync.envelope")).one()
        body = as_sent(session, UUID(str(row.envelope_id)), bytes(row.body))
    assert sha256(body).digest() == bytes(row.sha256)
    assert bytes(row.body).startswith(FORM)
    return dict(orjson.loads(body))


def county_of(desk: Desk, settings: Settings) -> Database:
    return Database(desk.cast.county.database.engine, wiring.carried(settings))
