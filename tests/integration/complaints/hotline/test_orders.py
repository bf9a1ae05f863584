"""Work orders of the hotline: taken in once, matched, answered; who called stays at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from checklists.deadlines import SHANGHAI
from tests.build import a_person
from tests.integration.complaints.hotline.calling import CALLER, PHONE, HotlineDesk, a_block, case_of


def test_a_pasted_order_is_previewed_taken_once_and_a_changed_one_keeps_what_it_was(
    desk: HotlineDesk,
) -> None:
    preview = desk.paste(a_block(), dry_run=True).json
    listed = desk.ask("GET", "/orders").json["items"]
    first, again = desk.paste(a_block()).json, desk.paste(a_block()).json
    changed = desk.paste(a_block(诉求内容="消防通道仍被堵死，请加快办理。")).json

    assert (preview["created"], preview["orders"][0]["fate"], listed) == (1, "new", [])
    assert (first["created"], again["unchanged"], changed["changed"]) == (1, 1, 1)
    assert changed["orders"][0]["differs"] == ["content"]
    order = desk.order("SD2026110001")
    assert [one["content"][:6] for one in order["editions"]] == ["消防通道仍被", "市民赵晓梅来"]
    assert order["content"].startswith("消防通道仍被")
    assert order["caller"] == {"name": CALLER, "phone": PHONE}
    assert [one["command"] for one in order["history"]] == ["hotline.receive", "hotline.change"]


def test_rows_copied_out_of_a_sheet_are_read_as_a_sheet(desk: HotlineDesk) -> None:
    heading = "工单号\t受理时间\t反映内容\t截止时间\n"
    rows = f'{heading}A1\t2026-11-19 8:00\t"两行\n的话"\t3个工作日\nA2\t2026/11/19\t停水\t\n'

    answer = desk.paste(rows)

    assert (answer.status_code, answer.json.get("created")) == (200, 2), answer.json
    assert desk.order("A1")["content"] == "两行\n的话"
    assert desk.order("A1")["due_at"] == "2026-11-24T09:30:00+00:00"


def test_a_faulty_order_stops_all_and_each_fault_names_its_line(desk: HotlineDesk) -> None:
    answer = desk.paste(a_block("A1"), a_block("A2", 来电时间="昨天"), a_block("A3", 办理时限="2026-11-01"))

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/table-faulty")
    assert [(one["row"], one["column"]) for one in answer.json["errors"]] == [
        (8, "来电时间"),
        (15, "办理时限"),
    ]
    assert desk.ask("GET", "/orders").json["items"] == []


@pytest.mark.parametrize("words", ["", "你好", "工单编号：1", "\x00", "工单编号\t来电时间\n", "a\tb\n1\t2"])
def test_a_text_without_orders_is_refused(desk: HotlineDesk, words: str) -> None:
    assert desk.paste(words).status_code == 422


def test_an_order_is_placed_matched_answered_and_closed(desk: HotlineDesk) -> None:
    case_id, _ = desk.cast.report(category="fire_lane_blocked", severity="A")
    order = desk.taken(诉求地址=f"泗水县{desk.community}3号楼前")
    proposed = desk.ask("GET", f"/orders/{order['order_id']}/proposals").json

    assert proposed["communities"][0]["community_id"] == str(desk.cast.community_id)
    assert proposed["communities"][0]["reasons"][0] == "name_in_address"
    assert proposed["categories"][0]["category"] == "fire_lane_blocked"
    assert (proposed["cases"][0]["case_id"], proposed["cases"][0]["reasons"]) == (
        str(case_id),
        ["community", "category", "time"],
    )
    order = desk.done(order, "place", community_id=str(desk.cast.community_id))
    order = desk.done(order, "link", case_id=str(case_id))
    reply = desk.ask("GET", f"/orders/{order['order_id']}/draft").json["reply"]
    assert order["state"] == "in_progress"
    assert desk.community in reply
    assert "SD2026110001" in reply
    assert "None" not in reply
    order = desk.done(order, "reply", reply=reply)
    order = desk.done(order, "contact", contacted_on="2026-11-20", satisfied="satisfied", solved="solved")
    assert (order["state"], order["signal"], order["commands"]) == (
        "closed",
        order["signal"],
        ["hotline.redo", "hotline.note"],
    )


def test_one_case_answers_many_orders(desk: HotlineDesk) -> None:
    first = desk.open_case(desk.taken("A1")).json
    case_id = case_of(first)

    second = desk.done(desk.taken("A2"), "link", case_id=str(case_id))

    assert case_of(second) == case_id
    found = desk.ask("GET", "/orders", query_string={"case_id": str(case_id)}).json["items"]
    assert {one["order_no"] for one in found} == {"A1", "A2"}
    assert desk.command(second, "link", case_id=str(case_id)).status_code == 409


def test_a_case_from_an_order_waits_for_a_person_and_names_nobody(desk: HotlineDesk) -> None:
    order = desk.open_case(desk.taken()).json

    with desk.cast.county.transaction() as session:
        case = session.execute(
            text('SELECT state, source, description FROM server."case" WHERE case_id = :id'),
            {"id": case_of(order)},
        ).one()
    assert order["state"] == "in_progress"
    assert (case.state, case.source) == ("reported", "hotline")
    assert CALLER not in case.description
    assert PHONE not in case.description
    assert "消防通道" in case.description


def test_who_called_never_leaves_the_desk(desk: HotlineDesk) -> None:
    order = desk.taken(诉求地址=desk.community)
    order = desk.open_case(order).json
    desk.cast.clock = datetime.now(UTC)
    desk.cast.order(
        desk.cast.shift_leader, "case.file", case_of(order), category="fire_lane_blocked", severity="A"
    )
    unit = desk.cast.fixer.unit_code
    desk.cast.order(desk.cast.dispatcher, "case.dispatch", case_of(order), unit=unit, demand="清走")

    for actor in (desk.cast.fixer, desk.cast.worker):
        assert desk.ask("GET", "/orders", actor).status_code == 403
        assert desk.ask("GET", f"/orders/{order['order_id']}", actor).status_code == 403
        shown = desk.client.get(
            f"/api/v1/cases/{case_of(order)}", headers=desk.cast.county.bearer(actor)
        ).get_data(as_text=True)
        assert CALLER not in shown
        assert PHONE not in shown
    words = _everything_beside_the_hotline(desk)
    assert "消防通道" in words
    assert CALLER not in words
    assert PHONE not in words


def _everything_beside_the_hotline(desk: HotlineDesk) -> str:
    """Return every row of every table but the hotline's own, as text."""
    with desk.cast.county.owner() as session:
        names = session.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname IN ('server', 'sync') AND tablename NOT LIKE 'hotline%'"
            )
        ).scalars()
        return "".join(
            str(row)
            for name in list(names)
            for row in session.execute(text(f"SELECT t::text FROM {name} t")).scalars()
        )


def test_the_list_names_no_caller_and_other_streets_see_nothing(desk: HotlineDesk) -> None:
    desk.taken()
    with desk.cast.county.transaction() as session:
        division = desk.cast.dispatcher.division_code
        other = session.execute(
            text("SELECT code FROM server.unit WHERE kind = 'subdistrict' AND division_code <> :own LIMIT 1"),
            {"own": division},
        ).scalar_one()
        far = a_person(session, "dispatcher", other)
    listed = desk.ask("GET", "/orders")

    assert len(listed.json["items"]) == 1
    assert "caller" not in listed.json["items"][0]
    assert desk.ask("GET", "/orders", far).json["items"] == []
    assert desk.ask("GET", f"/orders/{listed.json['items'][0]['order_id']}", far).status_code == 404
    refused = desk.paste(a_block(诉求内容="改了"), actor=far)
    assert (refused.status_code, refused.json["errors"][0]["detail"]) == (422, "is an order of another desk")


def test_an_order_goes_back_with_a_reason_in_time_only(desk: HotlineDesk) -> None:
    late = desk.taken("A1")
    answer = desk.command(late, "return", reason="不属本辖区")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/order-state-forbids")

    today = desk.taken("A2", 来电时间=_minutes_ago(30), 办理时限="5个工作日")
    back = desk.done(today, "return", reason="不属本辖区")
    assert (back["state"], back["return_reason"]) == ("returned", "不属本辖区")
    again = desk.done(back, "return_refused", reason="属地管理")
    assert (again["state"], again["signal"]) == ("in_progress", "green")
    gone = desk.done(desk.done(again, "return", reason="属县住建局"), "return_granted")
    assert (gone["state"], gone["commands"]) == ("given_back", ["hotline.note"])


@pytest.mark.parametrize(
    ("command", "data", "status", "pointer"),
    [
        ("return", {}, 422, "/data/reason"),
        ("reply", {"reply": " "}, 422, "/data/reply"),
        ("reply", {"reply": 7, "mood": "x"}, 422, "/data/reply"),
        ("place", {"community_id": "x"}, 422, "/data/community_id"),
        ("place", {"community_id": "01980000-0000-7000-8000-00000000c001"}, 422, None),
        ("link", {"case_id": "01980000-0000-7000-8000-00000000c001"}, 422, "/data/case_id"),
        ("unlink", {"case_id": "01980000-0000-7000-8000-00000000c001"}, 409, None),
        ("contact", {"contacted_on": "2026-11-20", "satisfied": "satisfied", "solved": "solved"}, 409, None),
        ("redo", {"reason": "x", "due_at": "2027-01-01T00:00:00+08:00"}, 409, None),
        ("note", {"text": "x\x00"}, 422, "/data/text"),
        ("dance", {}, 422, "/type"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_place(
    desk: HotlineDesk, command: str, data: dict[str, Any], status: int, pointer: str | None
) -> None:
    order = desk.taken()

    answer = desk.command(order, command, **data)

    assert (answer.status_code, answer.json["errors"][0]["pointer"] if pointer else None) == (status, pointer)
    assert desk.order("SD2026110001")["version"] == order["version"]


def test_a_command_on_an_old_version_is_refused(desk: HotlineDesk) -> None:
    order = desk.taken()
    desk.done(order, "accept")

    answer = desk.command(order, "note", text="迟到")

    assert (answer.status_code, answer.json["type"], answer.json["version"]) == (
        409,
        "/problems/order-moved-on",
        2,
    )


def test_an_order_sent_back_unsolved_runs_anew_and_an_old_sheet_does_not_undo_it(desk: HotlineDesk) -> None:
    order = desk.done(desk.done(desk.taken(), "accept"), "reply", reply="已清走")
    order = desk.done(
        order, "contact", contacted_on="2026-11-20", satisfied="dissatisfied", solved="unsolved"
    )

    anew = desk.done(order, "redo", reason="仍未解决", due_at="2099-01-01T17:30:00+08:00")
    desk.paste(a_block())

    assert (anew["state"], anew["signal"], anew["satisfied"]) == ("in_progress", "green", None)
    again = desk.order("SD2026110001")
    assert (again["version"], again["due_at"]) == (anew["version"], "2099-01-01T09:30:00+00:00")
    desk.paste(a_block(诉求内容="又改了"))
    assert desk.order("SD2026110001")["due_at"] == "2099-01-01T09:30:00+00:00"


def test_the_pages_of_the_list_tell_every_order_once_in_both_orders(desk: HotlineDesk) -> None:
    desk.paste(*(a_block(f"A{at}", 来电时间=f"2026-11-1{at} 09:00", 办理时限="") for at in range(5)))

    for sort in ("newest", "due"):
        seen: list[str] = []
        cursor = None
        while True:
            query = {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})
            page = desk.ask("GET", "/orders", query_string=query).json
            seen += [one["order_no"] for one in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert seen == [f"A{at}" for at in (range(5) if sort == "due" else range(4, -1, -1))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "in_progress"}, ["A2"]),
        ({"signal": ["yellow", "red"]}, ["A1"]),
        ({"linked": "true"}, []),
        ({"text": "A2"}, ["A2"]),
        ({"text": "消防_"}, []),
        ({"called_from": "2026-11-20"}, []),
        ({"called_from": "2026-11-19", "called_to": "2026-11-19", "state": ["received"]}, ["A1"]),
    ],
)
def test_the_list_is_filtered(desk: HotlineDesk, query: dict[str, Any], found: list[str]) -> None:
    desk.taken("A1", 办理时限="2026-11-20")
    desk.done(desk.taken("A2", 办理时限="2099-11-20"), "accept")

    items = desk.ask("GET", "/orders", query_string=query).json["items"]

    assert [one["order_no"] for one in items] == found


def test_the_county_sets_a_sentence_and_the_draft_says_it(desk: HotlineDesk) -> None:
    told = {"wording": "您反映的问题（{order_no}）正在办理。{due_on}前答复。", "source": "县热线办"}
    order = desk.taken()

    refused = desk.ask("PUT", "/wordings/none", json=told)
    wrong = desk.ask(
        "PUT", "/wordings/none", desk.cast.headquarters, json={**told, "wording": "{caller}您好"}
    )
    answer = desk.ask("PUT", "/wordings/none", desk.cast.headquarters, json=told)
    twice = desk.ask("PUT", "/wordings/none", desk.cast.headquarters, json=told)

    assert (refused.status_code, wrong.status_code, answer.status_code, twice.status_code) == (
        403,
        422,
        200,
        409,
    )
    assert wrong.json["errors"][0]["pointer"] == "/wording"
    reply = desk.ask("GET", f"/orders/{order['order_id']}/draft").json["reply"]
    assert "您反映的问题（SD2026110001）正在办理。2026年11月26日前答复。" in reply


def _minutes_ago(minutes: int) -> str:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_whatever_is_pasted_is_no_fault_of_the_server(desk: HotlineDesk) -> None:
    for body in (b"{", b"[]", orjson.dumps({"text": 7}), orjson.dumps({"text": "x", "dry_run": "?"})):
        answer = desk.ask("POST", "/orders/paste", data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500
