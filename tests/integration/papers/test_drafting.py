"""Papers that draft themselves, and say what their cases say."""

from __future__ import annotations

from secrets import token_bytes
from uuid import UUID

import pytest
from sqlalchemy import text

from server.auth.actor import Actor
from server.ledger import bulk, history, queries
from server.ledger.history import SYSTEM
from server.papers.drafting import kinds_of
from server.papers.files import made
from server.papers.kinds import CASE_COLUMNS, CASE_KINDS, KINDS
from server.photos.store import Folder
from tests.integration.ledger.acting import version_of
from tests.integration.papers.office import WRITTEN, Office
from tests.unit.papers.reading import pictures_in, rows_of, text_of


def raised(office: Office, case_id: UUID, level: int) -> None:
    """Raise a case's level as the scheduler would write it, whatever the rules of its time."""
    with office.county.transaction() as session:
        found = queries.case_for_update(session, case_id)
        assert found is not None
        _, head = found
        written = history.write(
            head,
            "case.raise_level",
            head.state,
            author=SYSTEM,
            at=office.cast.later(),
            salt=token_bytes(16),
            facts={"level": level, "why": "deadline"},
            level=level,
        )
        queries.store_entry(session, written, {})


def kinds(office: Office, case_id: UUID) -> set[str]:
    return set(office.papers(case_id))


def test_a_dispatch_drafts_its_assignment(office: Office) -> None:
    case_id = office.dispatched()

    office.work()

    [paper_id] = office.papers(case_id).values()
    paper = office.show(paper_id)
    assert (paper["kind"], paper["state"], paper["number"]) == ("assignment", "draft", None)
    assert (paper["body"], paper["to_unit"]) == (office.drafter.unit_code, office.cast.fixer.unit_code)
    assert paper["fields"]["demand"] == "立即清走"
    assert [one["number"] for one in paper["fields"]["cases"]] == [office.number(case_id)]
    assert [step["actor"] for step in paper["history"]] == [None]


def test_cases_dispatched_together_share_their_assignment(office: Office) -> None:
    ids = [office.cast.report(category="parking_disorderly", asset=f"楼{n}")[0] for n in range(3)]
    with office.county.transaction() as session:
        named = [(one, version_of(session, one)) for one in ids]
        data = {"unit": office.cast.fixer.unit_code, "demand": "清走"}
        bulk.obey_all(session, "case.dispatch", data, named, actor=office.drafter, now=office.cast.later())

    office.work()

    papers = {office.papers(one)["assignment"] for one in ids}
    assert len(papers) == 1
    rows = office.show(papers.pop())["fields"]["cases"]
    assert {row["number"] for row in rows} == {office.number(one) for one in ids}


@pytest.mark.parametrize(
    ("command", "level", "wanted"),
    [
        ("case.dispatch", 0, {"assignment"}),
        ("case.file", 0, {"rectification_notice"}),
        ("case.claim_fixed", 2, {"closeout_application"}),
        ("case.raise_level", 1, {"reminder"}),
        ("case.raise_level", 2, {"rectification_notice", "supervision"}),
        ("case.raise_level", 3, {"report_letter"}),
        ("case.raise_level", 4, {"joint_plan", "joint_record"}),
        ("case.raise_level", 5, {"listed_supervision", "interview_notice"}),
        ("case.note", 3, set()),
    ],
)
def test_each_entry_asks_for_the_papers_of_the_table(command: str, level: int, wanted: set[str]) -> None:
    assert set(kinds_of(command, level)) == wanted


def test_every_level_and_the_claim_draft_their_papers_for_a_real_case(office: Office) -> None:
    case_id = office.cast.to_claimed()
    for level in (1, 2, 3, 4, 5):
        raised(office, case_id, level)

    office.work()

    assert kinds(office, case_id) == set(CASE_KINDS) - {"interview_record"}


def test_severity_a_is_told_at_once_and_not_again_at_level_two(office: Office) -> None:
    case_id, _ = office.cast.report(category="fire_lane_blocked", severity="A")
    office.work()
    assert kinds(office, case_id) == {"rectification_notice"}
    told = office.papers(case_id)["rectification_notice"]

    raised(office, case_id, 2)
    office.work()

    assert office.papers(case_id) == {
        "rectification_notice": told,
        "supervision": office.papers(case_id)["supervision"],
    }


def test_a_lesser_case_is_not_told_at_its_filing(office: Office) -> None:
    case_id, _ = office.cast.report()

    office.work()

    assert kinds(office, case_id) == set()


def test_drafting_again_drafts_nothing_more(office: Office) -> None:
    case_id = office.dispatched()
    office.work()
    with office.county.owner() as session:
        session.execute(
            text(
                "INSERT INTO server.paper_due SELECT :id, max(seq) FROM server.case_entry"
                " WHERE case_id = :id AND command = 'case.dispatch'"
            ),
            {"id": case_id},
        )

    office.work()

    [count] = office.one("SELECT count(*) FROM server.paper_case WHERE case_id = :id", id=case_id)
    assert count == 1
    assert office.one("SELECT count(*) FROM server.paper_due") == (0,)


def test_an_old_history_of_a_case_that_is_over_drafts_nothing(office: Office) -> None:
    case_id = office.cast.to_checking()
    office.cast.check(case_id)
    office.cast.order(office.cast.shift_leader, "case.close", case_id)

    office.work(now=office.cast.later(days=8))

    assert kinds(office, case_id) == set()


def filled(office: Office, paper_id: UUID, hands: tuple[Actor, Actor, Actor]) -> None:
    """Write what a kind needs and the case does not tell."""
    paper = office.show(paper_id, hands[2])
    missing = {
        field.name: WRITTEN[field.name]
        for field in KINDS[paper["kind"]].fields
        if field.needed and not paper["fields"].get(field.name)
    }
    if missing:
        office.order(hands[0], "paper.edit", paper_id, fields=missing)


@pytest.mark.parametrize("code", CASE_KINDS)
def test_every_paper_of_a_real_case_reads_back_field_by_field(office: Office, code: str) -> None:
    case_id = office.cast.to_claimed()
    assert office.thumbnails(case_id) == 2
    raised(office, case_id, 3)
    kind, hands = KINDS[code], office.hands(code)
    paper_id = office.draft(code, case_id, actor=hands[0])
    filled(office, paper_id, hands)
    issued = office.issue(paper_id, hands)

    with office.county.transaction() as session:
        store = Folder(office.county.settings.photo_store)
        name, content = made(session, store, paper_id, "paper", actor=hands[2], now=office.cast.clock)

    told, fields = text_of(content), issued["fields"]
    assert name == f"{kind.title}{issued['number']}.docx"
    hands_told = (
        f"拟稿：{hands[0].display_name}　审核：{hands[1].display_name}　会签：{hands[2].display_name}"
    )
    assert all(words in told for words in (kind.title, issued["number"], issued["body_name"], hands_told))
    for field in kind.fields:
        if field.shape == "text":
            assert f"{field.label}：{fields.get(field.name, '')}" in told
        elif field.shape == "lines":
            assert all(f"{n}. {line}" in told for n, line in enumerate(fields.get(field.name, []), start=1))
        elif field.shape == "cases":
            assert [[row[name] for name in CASE_COLUMNS] for row in fields[field.name]] == rows_of(content)[
                1:
            ]
    photos = [one for f in kind.fields if f.shape == "photos" for one in fields[f.name]]
    assert pictures_in(content) == len(photos)
    assert len(photos) == {"rectification_notice": 1, "closeout_application": 2}.get(code, 0)
