"""The way of a paper through people's hands, its service and receipt, its scan, its templates; over HTTP."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

import pytest
from docx import Document
from flask.testing import FlaskClient

from server.auth.actor import Actor
from server.papers.errors import FieldsMissing, PaperMovedOn, PaperStateForbids, SamePerson
from server.papers.layout import standard
from server.problems import NotFound, NotYours
from tests.build import a_person
from tests.integration.papers.office import Office
from tests.pictures import jpeg
from tests.unit.papers.reading import text_of

SERVED = {
    "manner": "direct",
    "place": "物业办公室",
    "served_at": "2026-11-20T16:00:00+08:00",
    "server_1": "张一",
    "server_2": "李二",
    "received": True,
    "receiver": "赵三",
}


def call(
    client: FlaskClient, office: Office, who: Actor, method: str, path: str, wanted: int = 200, **more: Any
) -> Any:
    answer = client.open(f"/api/v1/papers{path}", method=method, headers=office.county.bearer(who), **more)
    assert answer.status_code == wanted, answer.get_data(as_text=True)[:600]
    answer.get_data()
    answer.close()
    return answer


def command(name: str, version: int, **data: Any) -> dict[str, Any]:
    return {"type": name, "base_version": version, "data": data}


def test_a_paper_goes_through_all_hands_over_http(office: Office) -> None:
    numbers = [office.number(office.dispatched())]
    with office.county.client() as client:
        body = {"kind": "assignment", "cases": numbers, "fields": {"demand": "三日内清走"}}
        drafted = call(client, office, office.drafter, "POST", "", 201, json=body).json
        at = f"/{drafted['paper_id']}"
        assert (drafted["state"], drafted["fields"]["demand"]) == ("draft", "三日内清走")
        assert drafted["commands"] == ["paper.edit"]

        for who, name, version in (
            (office.reviewer, "paper.review", 1),
            (office.signer, "paper.countersign", 2),
            (office.signer, "paper.issue", 3),
        ):
            shown = call(client, office, who, "POST", f"{at}/commands", json=command(name, version)).json
        assert (shown["state"], shown["version"]) == ("issued", 4)
        assert set(shown["commands"]) == {"paper.serve", "paper.receive", "paper.attach_scan"}
        company = office.cast.fixer
        assert call(client, office, company, "GET", at).json["number"] == shown["number"]
        assert call(client, office, company, "GET", "?state=draft").json["items"] == []

        receipt = {"received_by": "赵三", "received_at": "2026-11-20T16:00:00+08:00"}
        call(client, office, company, "POST", f"{at}/commands", json=command("paper.receive", 4, **receipt))
        call(
            client, office, office.drafter, "POST", f"{at}/commands", json=command("paper.serve", 4, **SERVED)
        )
        paper = text_of(call(client, office, company, "GET", f"{at}/file").data)
        served = text_of(call(client, office, office.drafter, "GET", f"{at}/file?form=service_return").data)
        assert "签收人：赵三　　签收时间：2026年11月20日16时00分" in paper
        assert all(
            words in served
            for words in (
                shown["number"],
                "交办单",
                "直接送达",
                "物业办公室",
                "张一",
                "李二",
                "已签收",
                "赵三",
            )
        )

        scan = jpeg(3)
        told = call(client, office, office.drafter, "PUT", f"{at}/scan", data=scan).json
        again = call(client, office, office.drafter, "PUT", f"{at}/scan", data=scan).json
        assert (told["scan"]["content_type"], again["version"]) == ("image/jpeg", told["version"])
        assert call(client, office, company, "GET", f"{at}/scan").data == scan
        newer = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
        call(client, office, office.drafter, "PUT", f"{at}/scan", data=newer)
        assert call(client, office, company, "GET", f"{at}/scan").mimetype == "application/pdf"

        listed = call(client, office, office.signer, "GET", "?kind=assignment&limit=1").json
        assert [one["paper_id"] for one in listed["items"]] == [drafted["paper_id"]]


def test_what_cannot_be_is_a_problem_with_a_pointer_and_stores_nothing(office: Office) -> None:
    number, waiting, issued = office.number(office.dispatched()), office.draft(), office.issued()
    refused: list[tuple[str, str, int, Any, str]] = [
        (
            "POST",
            "",
            422,
            {"kind": "reminder", "cases": [number], "fields": {"due": "\ud800"}},
            "/data/fields/due",
        ),
        ("POST", "", 422, {"kind": "reminder", "cases": ["\ud800"]}, "/cases/0"),
        ("POST", "", 422, {"kind": "poem", "cases": [number]}, "/kind"),
        ("POST", "", 422, {"kind": "reminder", "cases": []}, "/cases"),
        ("POST", "", 422, {"kind": "reminder", "cases": ["370831-2026-999999"]}, "/cases"),
        ("POST", "", 422, {"kind": "reminder", "cases": [number], "fields": {"x": "y"}}, "/data/fields/x"),
        ("POST", "", 422, {"kind": "reminder", "cases": [number], "fields": {"due": 7}}, "/data/fields/due"),
        ("POST", f"/{waiting}/commands", 422, command("paper.edit", 1), "/data/fields"),
        (
            "POST",
            f"/{waiting}/commands",
            422,
            command("paper.edit", 1, fields={"cases": []}),
            "/data/fields/cases",
        ),
        ("POST", f"/{waiting}/commands", 422, command("paper.dance", 1), "/type"),
        (
            "POST",
            f"/{issued}/commands",
            422,
            command("paper.serve", 4, **{**SERVED, "server_2": "张一"}),
            "/data/server_2",
        ),
        (
            "POST",
            f"/{issued}/commands",
            422,
            command("paper.serve", 4, **{**SERVED, "received": False}),
            "/data/refused_because",
        ),
    ]
    with office.county.client() as client:
        before = [call(client, office, office.signer, "GET", f"/{one}").json for one in (waiting, issued)]
        for method, path, status, body, pointer in refused:
            sent = {"data": json.dumps(body), "content_type": "application/json"}
            told = call(client, office, office.drafter, method, path, status, **sent).json
            assert pointer in [one["pointer"] for one in told["errors"]], told
        for scan in (b"", b"MZ\x90", jpeg(1)[:-9], b"%PDF-1.7 cut off"):
            call(client, office, office.drafter, "PUT", f"/{issued}/scan", 422, data=scan)
        call(client, office, office.drafter, "PUT", f"/{waiting}/scan", 409, data=jpeg(1))
        call(client, office, office.drafter, "GET", f"/{waiting}/file?form=service_return", 409)
        call(client, office, office.drafter, "GET", f"/{issued}/scan", 404)
        call(client, office, office.drafter, "GET", "?cursor=x", 400)
        after = [call(client, office, office.signer, "GET", f"/{one}").json for one in (waiting, issued)]

    assert after == before


def test_each_hand_is_another_persons_and_sees_the_newest_version(office: Office) -> None:
    paper_id = office.draft()
    office.order(office.reviewer, "paper.edit", paper_id, fields={"copies": "县城建指挥部"})

    with pytest.raises(SamePerson):
        office.order(office.reviewer, "paper.review", paper_id)
    with pytest.raises(PaperMovedOn):
        office.order(office.signer, "paper.review", paper_id, 1)
    with pytest.raises(NotFound):
        office.order(office.cast.fixer, "paper.receive", paper_id)
    with pytest.raises(NotYours):
        office.order(office.drafter, "paper.review", paper_id)
    with office.county.transaction() as session:
        other_street = {"sihe_subdistrict": "jihe_subdistrict"}.get(
            office.signer.unit_code, "sihe_subdistrict"
        )
        stranger = a_person(session, "subdistrict", other_street)
    with pytest.raises(NotFound):
        office.order(stranger, "paper.review", paper_id)


def test_a_paper_sent_back_or_void_says_why(office: Office) -> None:
    paper_id = office.to_countersigned(office.draft())

    back = office.order(office.signer, "paper.send_back", paper_id, reason="要求不明确")
    with pytest.raises(PaperStateForbids):
        office.order(office.signer, "paper.issue", paper_id)
    void = office.order(office.signer, "paper.void", paper_id, reason="案卷已办结")

    assert (back["state"], void["state"], void["number"]) == ("draft", "void", None)
    assert [step["data"].get("reason") for step in void["history"][-2:]] == ["要求不明确", "案卷已办结"]


def test_a_paper_that_lacks_a_field_is_not_reviewed(office: Office) -> None:
    paper_id = office.draft(fields={"demand": ""})

    with pytest.raises(FieldsMissing) as refused:
        office.order(office.reviewer, "paper.review", paper_id)

    assert [one["pointer"] for one in refused.value.errors] == ["/fields/demand"]


def a_template(words: str) -> bytes:
    paper = Document()
    paper.add_paragraph(words)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def test_the_office_replaces_a_template_and_what_was_issued_keeps_its_own(office: Office) -> None:
    issued, waiting = office.issued(), office.draft()
    headquarters, at = office.cast.headquarters, "/templates/assignment"
    with office.county.client() as client:

        def words(paper_id: UUID) -> str:
            return text_of(call(client, office, office.signer, "GET", f"/{paper_id}/file").data)

        before = words(issued)
        call(client, office, office.drafter, "POST", at, 403, data=a_template("{{ number }}"))
        told = call(client, office, headquarters, "POST", at, 422, data=a_template("{{ colour }}")).json
        assert told["type"] == "/problems/template-unusable"
        assert call(client, office, headquarters, "GET", at).data == standard("assignment")
        kinds = call(client, office, headquarters, "POST", at, data=a_template("新版：{{ demand }}")).json[
            "items"
        ]

        [kind] = [one for one in kinds if one["kind"] == "assignment"]
        assert [(one["origin"], one["valid_to"] is None) for one in kind["versions"]] == [
            ("office", True),
            ("standard", False),
        ]
        assert (words(issued), words(waiting)) == (before, "新版：立即清走")
        call(client, office, headquarters, "GET", "/templates/poem", 404)

        call(client, office, office.drafter, "DELETE", at, 403)
        call(client, office, headquarters, "DELETE", "/templates/poem", 404)
        call(client, office, headquarters, "DELETE", at)
        assert call(client, office, headquarters, "GET", at).data == standard("assignment")
