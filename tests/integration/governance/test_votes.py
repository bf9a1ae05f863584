"""A vote from the register to the decision: ballots entered twice, counted by the law of the day."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from redis import Redis
from sqlalchemy import text

from server.governance import queries
from server.governance.errors import SameClerk, VoteNotNow, VoteStateForbids
from server.governance.lifecycle import NEXT
from server.governance.rules import Count, Weight, verdict
from server.problems import InvalidInput, NotFound, NotYours
from server.sheets.service import JOB
from server.wiring import JOBS
from server.work import Work
from tests.build import a_person
from tests.integration.governance.voting import Voting


def test_the_database_permits_what_the_table_of_the_code_permits(voting: Voting) -> None:
    with voting.county.transaction() as session:
        stored = set(
            session.execute(text("SELECT command, from_state, to_state FROM server.vote_transition"))
        )

    told = {(command, state, to) for state, steps in NEXT.items() for command, to in steps.items()}
    assert {tuple(row) for row in stored} == told


def test_a_vote_is_taken_from_its_register_to_its_decision(voting: Voting) -> None:
    vote = voting.decided(A="for", B="for", C="for", D="invalid")

    assert (vote["state"], vote["outcome"], vote["rule_set"]) == ("decided", "passed", "civil_code_2021")
    assert vote["result"]["figures"]["approving"] == {"heads": 3, "area_m2": "350.00"}
    assert vote["result"]["figures"]["everybody"] == {"heads": 4, "area_m2": "400.00"}
    [paper_id] = vote["paper_ids"]
    paper = voting.one("SELECT kind, state, body, fields FROM server.paper WHERE paper_id = :id", id=paper_id)
    assert (paper.kind, paper.state, paper.body) == ("vote_notice", "draft", "sihe_subdistrict")
    assert paper.fields["outcome"] == "通过"
    told = voting.one(
        "SELECT array_agg(kind ORDER BY created_at) FROM server.notification WHERE entity = 'vote'"
    )
    assert set(told[0]) == {"vote_open", "vote_count", "vote_decide"}


@pytest.mark.parametrize(
    ("form", "matter", "choices", "outcome"),
    [
        ("assembly", "common_use", {"A": "for", "B": "for", "C": "against"}, "rejected"),
        ("assembly", "committee", {"A": "for", "B": "for", "C": "against"}, "passed"),
        ("assembly", "committee", {"A": "for", "B": "for"}, "no_quorum"),
        ("poll", "common_use", {"D": "for"}, "passed"),
    ],
)
def test_the_matter_and_the_form_decide_what_a_count_means(
    voting: Voting, form: str, matter: str, choices: dict[str, str], outcome: str
) -> None:
    vote = voting.opened(form=form, matter=matter)
    for number in (1, 2):
        voting.enter(vote, number, choices)
    voting.pass_days(10)

    if matter == "committee" and outcome == "passed":
        # Two of three heads, but 200 of 350 m²: more than half of both.
        assert voting.order(vote, "vote.count")["result"]["approved"]
    else:
        assert voting.order(vote, "vote.count")["outcome"] == outcome


def test_the_database_decides_every_count_as_the_code_does(voting: Voting) -> None:
    figures = (
        "SELECT server.vote_outcome(r, jsonb_build_object("
        " 'everybody', jsonb_build_object('heads', 90, 'area_m2', '9000.00'),"
        " 'approving', jsonb_build_object('heads', a, 'area_m2', (b * 100)::text),"
        " 'against', jsonb_build_object('heads', c, 'area_m2', (d * 100)::text),"
        " 'abstaining', jsonb_build_object('heads', 0, 'area_m2', '0'),"
        " 'invalid', jsonb_build_object('heads', 0, 'area_m2', '0'))),"
        " r.rule_set, r.form, r.matter, a, b, c, d"
        " FROM server.vote_rule r, unnest(ARRAY[0, 29, 30, 31, 44, 45, 46, 60]) a,"
        " unnest(ARRAY[30, 45, 60]) b, unnest(ARRAY[0, 15, 29, 30]) c, unnest(ARRAY[0, 15, 30]) d"
        " WHERE r.matter IN ('any', 'other', 'rebuild')"
    )
    with voting.county.transaction() as session:
        known = {(one.rule_set, one.form, one.matter): one for one in queries.rules(session)}
        rows = session.execute(text(figures)).all()

    assert len(rows) > 1000
    for stored, rule_set, form, matter, a, b, c, d in rows:
        weights = [Weight(heads, Decimal(area * 100)) for heads, area in ((90, 90), (a, b), (c, d), (0, 0))]
        assert verdict(known[rule_set, form, matter], Count(*weights)).outcome == stored


def test_a_vote_of_before_2021_is_counted_by_the_property_law(voting: Voting) -> None:
    vote = voting.register(voting.draft())
    vote = voting.order(vote, "vote.open", opens_on="2020-12-01", closes_on="2021-01-15")
    for number in (1, 2):
        voting.enter(vote, number, {"A": "for", "B": "for", "C": "for"})

    vote = voting.order(vote, "vote.count")

    assert (vote["rule_set"], vote["outcome"]) == ("property_law_2007", "passed")


def test_each_ballot_is_entered_twice_by_two_people_and_hidden_until_then(voting: Voting) -> None:
    vote = voting.opened()
    voting.enter(vote, 1, {"A": "for", "B": "for"})
    with pytest.raises(SameClerk):
        voting.enter(vote, 2, {"A": "for"}, actor=voting.clerk)
    voting.enter(vote, 2, {"A": "against"})
    voting.pass_days(10)

    with voting.county.client() as client:
        path = f"/api/v1/votes/{vote['vote_id']}/owners"
        listed: Any = client.get(path, headers=voting.county.bearer(voting.second)).json
    shown = {row["owner_no"]: row for row in listed["items"]}
    assert [shown[one]["ballot"] for one in "ABC"] == ["differs", "once", "none"]
    assert shown["A"]["first"]["choice"] == "for"
    assert shown["B"]["first"] is None
    with pytest.raises(VoteNotNow, match="2 ballots"):
        voting.order(vote, "vote.count")

    with pytest.raises(InvalidInput):
        voting.enter(vote, 2, {"A": "for"})
    now = voting.enter(vote, 2, {"A": "for"}, because="看错一行")
    assert now["ballots"] == {"once": 1, "agreed": 1, "differs": 0}


def test_ballots_are_counted_after_the_last_day_and_objections_are_answered_first(voting: Voting) -> None:
    vote = voting.opened()
    with pytest.raises(VoteNotNow, match="until"):
        voting.order(vote, "vote.count")
    voting.pass_days(10)
    vote = voting.order(vote, "vote.count")
    assert vote["outcome"] == "no_quorum"
    until = voting.clock.date().isoformat()
    vote = voting.order(vote, "vote.publish", posted_on=until, posted_at="公告栏", objections_until=until)
    with pytest.raises(VoteNotNow, match="until"):
        voting.order(vote, "vote.decide")
    voting.pass_days(1)

    vote = voting.order(vote, "vote.object", by_name="张某", objection_text="面积有误")
    [objection] = vote["objections"]
    with pytest.raises(VoteNotNow, match="every objection"):
        voting.order(vote, "vote.decide")
    with pytest.raises(InvalidInput):
        voting.order(vote, "vote.answer", objection=1, answer="已核实")
    vote = voting.order(vote, "vote.answer", objection=objection["objection"], answer="已核实无误")

    vote = voting.order(vote, "vote.decide")
    assert vote["commands"] == []
    with pytest.raises(VoteStateForbids):
        voting.order(vote, "vote.void", reason="重来")


def imported(voting: Voting, vote: Any, folder: Path, rows: Any) -> Any:
    """Send a register as an Excel file and let a worker take it in; return the task as it ended."""
    file = folder / "register.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    headers = voting.county.bearer(voting.clerk)
    with voting.county.client() as client:
        sent: Any = client.post(
            f"/api/v1/votes/{vote['vote_id']}/owners/import",
            data={"file": (io.BytesIO(file.read_bytes()), "名册.xlsx")},
            headers=headers,
        )
        assert sent.status_code == 202, sent.text
        with Redis.from_url(voting.county.settings.redis_url) as redis:
            work = Work(voting.county.database, voting.county.settings, redis, voting.clock)
            JOBS[JOB](work, sent.json["task_id"])
        return client.get(sent.json["status"], headers=headers).json


def owners_of(voting: Voting, vote: Any) -> int:
    with voting.county.client() as client:
        found: Any = client.get(
            f"/api/v1/votes/{vote['vote_id']}", headers=voting.county.bearer(voting.clerk)
        )
    return int(found.json["owners"])


def test_a_register_comes_from_excel_whole_or_with_every_fault_named(voting: Voting, tmp_path: Path) -> None:
    vote = voting.draft()
    titles = ["房号", "业主姓名", "业主编号", "专有部分面积"]
    good = [["1-101", "甲", "A", 90.5], ["1-102", "乙", "B", 80], ["1-103", "甲", "A", 60.25]]

    done = imported(voting, vote, tmp_path, [titles, *good])
    assert done["state"] == "done", done
    assert owners_of(voting, vote) == 2

    faulty = imported(
        voting,
        vote,
        tmp_path,
        [titles, ["1-101", "丙", "C", -5], ["1-101", "丁", "D", 70], [None, "戊", "E", 1]],
    )
    assert faulty["state"] == "refused"
    assert len(faulty["answer"]["errors"]) >= 3, faulty["answer"]
    assert owners_of(voting, vote) == 2


def test_only_the_street_and_its_neighbourhood_run_a_vote(voting: Voting) -> None:
    vote = voting.draft()
    with voting.county.transaction() as session:
        other = a_person(session, "subdistrict", "jihe_subdistrict")
        bureau = a_person(session, "department", "emergency_bureau")

    with pytest.raises(NotFound):
        voting.order(vote, "vote.void", actor=other, reason="越权")
    with pytest.raises(NotYours):
        voting.order(vote, "vote.void", actor=bureau, reason="越权")
    with voting.county.client() as client:
        path = f"/api/v1/votes/{vote['vote_id']}"
        assert client.get(path, headers=voting.county.bearer(bureau)).status_code == 200
        assert client.get(f"{path}/owners", headers=voting.county.bearer(bureau)).status_code == 403


BAD: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("POST", "/votes", {"form": "assembly"}, "/community_id"),
    ("PUT", "/votes/{id}/owners", {"units": [{"unit_no": "1", "area_m2": -3}]}, "/units/0/area_m2"),
    ("PUT", "/votes/{id}/owners", {"units": [{"unit_no": "1"}, {"unit_no": "1"}]}, "/units/1/unit_no"),
    ("PUT", "/votes/{id}/owners", {"units": []}, "/units"),
    (
        "POST",
        "/votes/{id}/commands",
        {"type": "vote.open", "base_version": 1, "data": {"opens_on": "x"}},
        "/data/opens_on",
    ),
    (
        "POST",
        "/votes/{id}/commands",
        {
            "type": "vote.open",
            "base_version": 1,
            "data": {"opens_on": "2026-11-20", "closes_on": "2026-11-19"},
        },
        "/data/closes_on",
    ),
    ("POST", "/votes/{id}/commands", {"type": "vote.cheat", "base_version": 1}, "/type"),
    ("POST", "/votes/{id}/commands", {"type": "vote.edit", "base_version": 1, "data": {}}, "/data"),
    (
        "POST",
        "/votes/{id}/ballots",
        {"number": 3, "ballots": [{"owner_no": "A", "choice": "for"}]},
        "/number",
    ),
    (
        "POST",
        "/votes/{id}/ballots",
        {"number": 1, "ballots": [{"owner_no": "A", "choice": "yes"}]},
        "/ballots/0/choice",
    ),
    (
        "POST",
        "/votes/{id}/ballots",
        {"number": 1, "ballots": [{"owner_no": "A", "choice": "for", "kind": "proxy"}]},
        "/ballots/0/proxy_name",
    ),
)


def test_bad_input_is_answered_with_the_field_and_the_mend(voting: Voting) -> None:
    vote = voting.draft()
    bearer = voting.county.bearer(voting.chief)
    with voting.county.client() as client:
        for method, path, body, pointer in BAD:
            url = "/api/v1" + path.format(id=vote["vote_id"])
            answer: Any = client.open(url, method=method, json=body, headers=bearer)
            assert answer.status_code == 422, (path, answer.text)
            assert pointer in [one["pointer"] for one in answer.json["errors"]], answer.json
            assert all(one["detail_zh"] for one in answer.json["errors"])
        told: Any = client.post(
            f"/api/v1/votes/{vote['vote_id']}/commands",
            json={"type": "vote.edit", "base_version": 7, "data": {"subject": "新"}},
            headers=bearer,
        )
        assert (told.status_code, told.json["type"]) == (409, "/problems/vote-moved-on")
        empty: Any = client.post(
            f"/api/v1/votes/{vote['vote_id']}/commands",
            json={
                "type": "vote.open",
                "base_version": 1,
                "data": {"opens_on": "2026-11-20", "closes_on": "2026-11-30"},
            },
            headers=bearer,
        )
        assert empty.json["type"] == "/problems/vote-not-now"
        early: Any = client.post(
            f"/api/v1/votes/{vote['vote_id']}/commands",
            json={
                "type": "vote.open",
                "base_version": 1,
                "data": {"opens_on": "1999-01-01", "closes_on": "1999-01-02"},
            },
            headers=bearer,
        )
        assert early.json["type"] == "/problems/no-vote-rule"
