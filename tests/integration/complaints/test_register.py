"""From what a resident says to what the desk answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from server.auth.actor import Actor
from server.auth.rules import REACH
from server.complaints.lifecycle import NEXT, OWN
from server.complaints.verifying import verify_complaints
from sync.entity import user_bucket
from sync.mutations import Outcome
from tests.integration.complaints.desk import ADDRESS, CONTACT, NAME, PHONE, Desk
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, a_sender
from tests.pictures import jpeg


def test_a_resident_reports_and_follows_by_number_and_code(desk: Desk) -> None:
    receipt = desk.report()
    one = desk.known(receipt)

    assert (one["state"], one["channel"], one["taken_by"]) == ("received", "online", None)
    assert one["due_at"] == one["acknowledge_due_at"] < one["verify_due_at"] < one["answer_due_at"]
    desk.order(one["complaint_id"], "complaint.acknowledge")
    desk.order(one["complaint_id"], "complaint.answer", answer=f"已请物业劝离，谢谢{NAME}。")
    told = desk.public(
        "/complaints/follow", {"number": receipt["number"], "code": receipt["code"].lower()}
    ).json

    assert (told["state"], told["may_close"], told["may_reopen"]) == ("answered", True, True)
    assert told["answer"] == "已请物业劝离，谢谢***。"
    assert [step["command"].partition(".")[2] for step in told["steps"]] == [
        "receive",
        "acknowledge",
        "answer",
    ]
    closed = desk.public("/complaints/verdict", {**_of(receipt), "satisfied": True}).json
    assert closed["state"] == "closed"
    assert desk.known(receipt)["outcome"] == "satisfied"


def test_who_is_not_satisfied_has_it_taken_up_again(desk: Desk) -> None:
    receipt = desk.report()
    one = desk.known(receipt)["complaint_id"]
    desk.order(one, "complaint.refuse", reason="不属于物业服务事项")

    no_reason = desk.public("/complaints/verdict", {**_of(receipt), "satisfied": False})
    again = desk.public("/complaints/verdict", {**_of(receipt), "satisfied": False, "reason": "就在小区里"})

    assert (no_reason.status_code, no_reason.json["errors"][0]["pointer"]) == (422, "/reason")
    assert (again.json["state"], again.json["answer"]) == ("reopened", None)
    reopened = desk.get(f"/complaints/{one}").json
    assert reopened["reopened_count"] == 1
    assert reopened["due_at"] == reopened["verify_due_at"] > reopened["received_at"]
    told = desk.get("/notifications", desk.cast.shift_leader).json["items"]
    assert {line["kind"] for line in told} >= {"complaint_received", "complaint_reopened"}


def test_a_true_report_becomes_a_case_and_is_answered_when_the_case_has_ended(desk: Desk) -> None:
    receipt, one, case_id = desk.to_transferred()
    early = desk.order(one, "complaint.answer", answer="快了")
    desk.work("hear-of-cases")
    assert desk.get(f"/complaints/{one}").json["draft_answer"] is None
    _end(desk.cast, case_id)

    desk.work("hear-of-cases")
    shown = desk.get(f"/complaints/{one}").json

    assert (early.status_code, early.json["type"]) == (409, "/problems/complaint-not-now")
    assert shown["case_ended_at"] is not None
    assert shown["answer_due_at"] > shown["case_ended_at"]
    assert "现场核查合格" in shown["draft_answer"]
    assert desk.order(one, "complaint.answer", answer=shown["draft_answer"]).json["state"] == "answered"
    assert desk.public("/complaints/follow", _of(receipt)).json["case_number"]


def test_what_was_not_found_becomes_no_case(desk: Desk) -> None:
    one = desk.known(desk.report())["complaint_id"]
    desk.order(one, "complaint.verify", finding="not_found")

    refused = desk.order(one, "complaint.transfer", category="parking_disorderly", description="x")

    assert (refused.status_code, refused.json["type"]) == (409, "/problems/complaint-not-now")
    assert "complaint.transfer" not in desk.get(f"/complaints/{one}").json["commands"]


def test_a_command_on_an_older_version_shows_what_has_become(desk: Desk) -> None:
    one = desk.known(desk.report())["complaint_id"]
    desk.order(one, "complaint.acknowledge")

    stale = desk.post(
        f"/complaints/{one}/commands", {"type": "complaint.acknowledge", "base_version": 1, "data": {}}
    )
    forbidden = desk.order(one, "complaint.acknowledge")

    assert (stale.status_code, stale.json["type"]) == (409, "/problems/complaint-moved-on")
    assert stale.json["current"]["version"] == 2
    assert (forbidden.status_code, forbidden.json["type"]) == (409, "/problems/complaint-state-forbids")


@pytest.mark.parametrize(
    ("command", "data", "pointer"),
    [
        ("complaint.verify", {}, "/data/finding"),
        ("complaint.verify", {"finding": "perhaps"}, "/data/finding"),
        ("complaint.refuse", {"reason": " "}, "/data/reason"),
        ("complaint.note", {"text": "\0"}, "/data/text"),
        ("complaint.note", {"text": "看过", "mood": "grim"}, "/data/mood"),
        ("complaint.acknowledge", {"text": 7}, "/data/text"),
    ],
)
def test_data_that_cannot_be_read_is_refused_with_its_place(
    desk: Desk, command: str, data: dict[str, Any], pointer: str
) -> None:
    one = desk.known(desk.report())["complaint_id"]

    answer = desk.order(one, command, **data)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert desk.get(f"/complaints/{one}").json["version"] == 1


def test_complaints_of_one_place_and_kind_are_one_group(desk: Desk) -> None:
    first = desk.known(desk.report())
    near = desk.known(desk.report(location=desk.cast.location()))
    far = desk.known(desk.report(location=desk.cast.location(east_m=400)))
    other = desk.known(desk.report(category="small_ad_not_cleared"))

    assert near["group_id"] == first["group_id"] == first["complaint_id"]
    assert other["group_id"] == other["complaint_id"]
    assert far["group_id"] == first["group_id"]  # by the first, which names no position
    listed = desk.get("/complaints", group_id=first["group_id"]).json["items"]
    assert {one["group_size"] for one in listed} == {3}


def test_the_desk_takes_in_what_it_is_told_and_reads_the_caller_on_the_record(desk: Desk) -> None:
    body = {
        "community_id": str(desk.cast.community_id),
        "channel": "hotline",
        "description": f"{NAME}反映{ADDRESS}门前堆杂物",
        "contact": {"name": NAME, "phone": PHONE, "address": ADDRESS},
    }
    taken = desk.post("/complaints", body)
    path = f"/complaints/{taken.json['complaint_id']}/contact"

    assert taken.status_code == 201, taken.json
    assert taken.json["description"] == "***反映***门前堆杂物"
    assert desk.get(path).json == {"name": NAME, "phone": PHONE, "address": ADDRESS}
    assert desk.get(path, desk.cast.dispatcher).status_code == 403
    assert desk.get(path, desk.cast.fixer).status_code == 403
    readings = desk.sql("SELECT count(*) FROM server.audit_line WHERE action = 'complaint.contact'")
    assert readings == 1
    bad = desk.post("/complaints", {**body, "channel": "pigeon", "contact": "me"})
    assert {one["pointer"] for one in bad.json["errors"]} == {"/channel", "/contact"}
    assert desk.post("/complaints", body, desk.cast.fixer).status_code == 403


def test_time_closes_what_nobody_objects_to_and_erases_who_complained(desk: Desk) -> None:
    receipt = desk.report()
    one = desk.known(receipt)["complaint_id"]
    desk.order(one, "complaint.acknowledge")
    desk.order(one, "complaint.answer", answer="已清理")

    desk.work("age-complaints")
    assert desk.known(receipt)["state"] == "answered"
    desk.work("age-complaints", now=datetime.now(UTC) + timedelta(days=16))
    assert (desk.known(receipt)["state"], desk.known(receipt)["has_contact"]) == ("closed", True)
    desk.work("age-complaints", now=datetime.now(UTC) + timedelta(days=16 + 181))

    erased = desk.known(receipt)
    assert (erased["has_contact"], erased["erased_at"] is not None) == (False, True)
    assert desk.get(f"/complaints/{one}/contact").status_code == 404
    assert desk.public("/complaints/follow", _of(receipt)).status_code == 404
    assert desk.sql("SELECT count(*) FROM server.complaint_contact") == 0


def test_a_desk_hears_once_of_a_limit_that_has_passed(desk: Desk) -> None:
    receipt = desk.report()

    for _ in range(2):
        desk.work("age-complaints", now=datetime.now(UTC) + timedelta(days=6))

    kinds = desk.sql("SELECT count(*) FROM server.notification WHERE kind = 'complaint_overdue'")
    assert kinds == 1
    assert not desk.known(receipt)["overdue"]


def test_the_register_is_drawn_and_exported_within_reach_and_without_who_complained(desk: Desk) -> None:
    receipt = desk.report(location=desk.cast.location())
    desk.report(category="small_ad_not_cleared")

    drawn = desk.get("/map/complaints.geojson").json["features"]
    task = desk.post("/complaints/exports", {"filters": {"category": "parking_disorderly"}}).json
    desk.work("sheet-task", task["task_id"])
    made = desk.get(f"/sheets/{task['task_id']}/file")
    book = CalamineWorkbook.from_filelike(BytesIO(made.data)).get_sheet_by_index(0).to_python()
    made.close()

    assert [one["properties"]["number"] for one in drawn] == [receipt["number"]]
    assert desk.get("/map/complaints.geojson", desk.cast.worker).status_code == 403
    assert [row[1] for row in book[1:]] == [receipt["number"]]
    assert not any(secret in str(book) for secret in (PHONE, NAME, ADDRESS))
    assert desk.post("/complaints/exports", {"filters": {"state": "gone"}}).status_code == 422
    assert desk.post("/complaints/exports", {}, desk.cast.fixer).status_code == 403


def test_a_photo_joins_ones_own_report_and_nothing_else_does(desk: Desk) -> None:
    receipt = desk.report()
    path, code = (
        f"/api/v1/public/complaints/{receipt['number']}/photos",
        {"X-Follow-Up-Code": receipt["code"]},
    )

    joined = desk.client.post(path, data=jpeg(5, (64, 48)), headers=code)
    twice = desk.client.post(path, data=jpeg(5, (64, 48)), headers=code)
    text_ = desk.client.post(path, data=b"no picture at all", headers=code)
    nobody = desk.client.post(path, data=jpeg(6, (64, 48)))

    assert (joined.status_code, twice.status_code) == (204, 204)
    assert desk.known(receipt)["evidence"] == {"expected": 1, "received": 1, "missing": 0}
    assert (text_.status_code, (text_.json or {})["type"]) == (422, "/problems/not-a-picture")
    assert nobody.status_code == 404


def test_figures_count_by_kind_and_place_and_whether_in_time(desk: Desk) -> None:
    first = desk.known(desk.report())["complaint_id"]
    desk.report(category="small_ad_not_cleared")
    desk.order(first, "complaint.acknowledge")
    desk.order(first, "complaint.answer", answer="已清理")

    told = desk.get("/complaints/figures").json
    later = desk.get("/complaints/figures", received_from="2100-01-01").json

    assert (told["all"]["received"], told["all"]["answered"], told["all"]["answered_in_time"]) == (2, 1, 1)
    assert {row["key"]: row["received"] for row in told["category"]} == {
        "parking_disorderly": 1,
        "small_ad_not_cleared": 1,
    }
    assert [row["key"] for row in told["community"]] == [str(desk.cast.community_id)]
    assert [(row["key"], row["open"]) for row in told["channel"]] == [("online", 2)]
    assert (later["all"]["received"], later["category"]) == (0, [])


def test_the_database_and_the_code_hold_one_table_of_steps_and_of_rights(desk: Desk) -> None:
    with desk.cast.county.transaction() as session:
        steps = session.execute(text("SELECT command, from_state, to_state FROM server.complaint_transition"))
        rights = session.execute(text("SELECT command, role FROM server.complaint_right"))
        stored, given = {tuple(row) for row in steps}, {tuple(row) for row in rights}

    assert stored == {
        (command, source, target)
        for command, ways in {**NEXT, **OWN}.items()
        for source, target in ways.items()
    }
    assert given == {(command, role) for command in NEXT for role in REACH[command]}


def _of(receipt: dict[str, Any]) -> dict[str, Any]:
    return {name: receipt[name] for name in ("number", "code")}


def _end(cast: Cast, case_id: UUID) -> None:
    """Take a case to its close-out."""
    cast.clock = datetime.now(UTC)
    photo = a_digest()
    cast.order(cast.shift_leader, "case.file", case_id, category="parking_disorderly", severity="C")
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="清走")
    cast.order(cast.fixer, "case.accept", case_id)
    cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", photos=[photo])
    cast.arrive(photo)
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    cast.check(case_id)
    assert cast.order(cast.shift_leader, "case.close", case_id)["state"] == "closed"


def test_a_worker_looks_on_site_by_tablet_and_the_desk_makes_a_case_of_what_he_found(desk: Desk) -> None:
    receipt = desk.report()
    one = desk.known(receipt)["complaint_id"]
    worker, other = desk.cast.worker, desk.cast.checker
    asked = desk.order(one, "complaint.ask_verification", worker=str(worker.user_id))

    task = the_task(desk, one, worker)
    nothing_to_see = [desk.get(f"/complaints/{one}", other).status_code, the_task(desk, one, other)]
    bare = push_verdict(desk, worker, one, photos=[])
    stranger = push_verdict(desk, other, one)
    found = push_verdict(desk, worker, one, location=desk.cast.location(), text="属实，见照片")
    late = push_verdict(desk, worker, one)
    shown = desk.get(f"/complaints/{one}").json
    transferred = desk.order(
        one, "complaint.transfer", category="parking_disorderly", severity="C", description="单元门被堵"
    )

    assert (asked.json["state"], asked.json["verifier"]["user_id"]) == ("verifying", str(worker.user_id))
    assert task is not None
    assert task["kind"] == "verify_complaint"
    assert task["community"]["community_id"] == str(desk.cast.community_id)
    assert not any(word in str(task) for word in CONTACT.values())
    assert nothing_to_see == [404, None]
    assert bare.problem is not None
    assert bare.problem["errors"][0]["pointer"] == "/data/photos"
    assert [stranger.status, found.status, late.status] == ["rejected", "applied", "rejected"]
    assert (shown["state"], shown["finding"], len(shown["photos"])) == ("verified", "true", 1)
    assert the_task(desk, one, worker) is None
    assert transferred.json["state"] == "transferred"


def test_only_an_active_worker_is_asked_to_look(desk: Desk) -> None:
    one = desk.known(desk.report())["complaint_id"]

    clerk = desk.order(one, "complaint.ask_verification", worker=str(desk.clerk.user_id))
    nobody = desk.order(one, "complaint.ask_verification", worker="x")

    assert [answer.status_code for answer in (clerk, nobody)] == [422, 422]
    assert clerk.json["errors"][0]["pointer"] == "/data/worker"


def the_task(desk: Desk, complaint_id: str, worker: Actor) -> dict[str, Any] | None:
    """Return the task as it stands in a worker's bucket."""
    found = desk.sql(
        "SELECT s.body::text FROM sync.entity_state s JOIN sync.bucket_entry b USING (entity, entity_id)"
        " WHERE s.entity = 'task' AND s.entity_id = :id AND b.alive AND b.bucket = :bucket",
        id=complaint_id,
        bucket=user_bucket(worker.user_id),
    )
    return dict(orjson.loads(found)) if found else None


def push_verdict(desk: Desk, actor: Actor, complaint_id: str, **data: Any) -> Outcome:
    body = {"finding": "true", "photos": [a_digest()], **data}
    mutation = a_mutation("complaint.verify", UUID(complaint_id), body)
    with desk.cast.county.transaction() as session:
        [outcome] = verify_complaints(session, a_sender(actor), [mutation], datetime.now(UTC))
    return outcome
