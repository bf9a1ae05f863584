"""The model gives each item the fates that its cause allows, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.fates import RULES, Fates, Ground, Sent
from tests.chaos.fieldwork import FLAWS, flaw_of, spoilt

HERE, THERE, FAR = "c-here", "c-there", "c-far"
CASES = dict.fromkeys(("case", "theirs", "both"), frozenset({"1"}))
GROUND = Ground(
    cells={HERE: frozenset({"1"}), THERE: frozenset({"2"}), FAR: frozenset({"9"}), **CASES},
    community_of={"f1": HERE, "f9": FAR},
    inspectors={"own": "d1", "others": "d2"},
    walked={"d1": [frozenset({"1"}), frozenset({"1", "2"})]},
    asked={"case": frozenset({"d1"}), "theirs": frozenset({"d2"}), "both": frozenset({"d1", "d2"})},
)


def an_item(kind: str, entity_id: str = "x", status: str = "applied", **more: Any) -> Sent:
    body = {
        "entity_id": entity_id,
        "depends_on": more.pop("depends_on", []),
        "base_version": more.pop("base_version", None),
        "data": more.pop("data", {}),
    }
    return Sent(1, more.pop("mid", "m1"), kind, entity_id, status, status, body, **more)


def names(old: str = "a", new: str = "b") -> dict[str, Any]:
    return {"fields": {"name": {"old": old, "new": new}}}


def made(community_id: str) -> dict[str, Any]:
    return {"community_id": community_id}


def correction(first: str) -> dict[str, Any]:
    return {"community_id": HERE, "corrects": first}


MOVED = [("conflict", "stale-version"), ("conflict", "state-forbids")]
EDIT = an_item("facility.edit", "f1", data=names())
REMOVAL = an_item("facility.edit", "f1", mid="m2", data={"fields": {"removed": {"old": False, "new": True}}})
VERIFIED = an_item("case.verify", "case", base_version=2, version=2)


def of(case_id: str) -> Sent:
    return replace(VERIFIED, body={**VERIFIED.body, "entity_id": case_id})


@pytest.mark.parametrize(
    ("item", "others", "fates"),
    [
        (an_item("inspection.create", data=made(HERE)), [], [("applied", "")]),
        (an_item("inspection.create", data=made(THERE)), [], [("applied", ""), ("held", "not-yours")]),
        (an_item("case.report", data=made(FAR)), [], [("held", "not-yours")]),
        (an_item("inspection.correct", data=correction("own")), [], [("applied", "")]),
        (an_item("inspection.correct", data=correction("others")), [], [("rejected", "not-yours")]),
        (an_item("inspection.correct", data=correction("nobodys")), [], [("held", "not-found")]),
        (an_item("facility.create", data=made(FAR)), [], [("rejected", "not-yours")]),
        (an_item("complaint.create", data=made("nowhere")), [], [("rejected", "unknown-community")]),
        (
            an_item("facility.create", "twice", data=made(HERE)),
            [an_item("facility.create", "twice", mid="m2", data=made(HERE))],
            [("conflict", "already-there")],
        ),
        *(
            (an_item(kind, "twice", data=made(HERE)), [an_item(kind, "twice", mid="m2")], [("conflict", why)])
            for kind, why in (("inspection.create", "already-stored"), ("case.report", "already-there"))
        ),
        (
            an_item("case.report", "twice", data=made(HERE)),
            [an_item("case.report", "twice", "rejected", mid="m2")],
            [("applied", "")],
        ),
        (an_item("track.append", data={"points": [1]}), [], [("applied", "")]),
        (an_item("track.append", data={"points": []}), [], [("rejected", "invalid-input")]),
        (EDIT, [], [("applied", "")]),
        (EDIT, [an_item("facility.edit", "f1", mid="m2", data=names())], [("applied", ""), ("merged", "")]),
        (EDIT, [REMOVAL], [("applied", ""), ("conflict", "edited-meanwhile")]),
        (an_item("facility.edit", "f1", data=names("从未有过的名称")), [], [("merged", "")]),
        (an_item("facility.edit", "f9", data=names()), [], [("rejected", "not-yours")]),
        (an_item("facility.edit", "f2", data=names()), [], [("held", "not-found")]),
        (an_item("case.note", "case", data={"text": "t"}), [], [("applied", "")]),
        (an_item("case.note", "none", data={"text": "t"}), [], [("held", "not-found")]),
        (an_item("case.accept", "case"), [], [("rejected", "not-yours")]),
        (an_item("case.check", "case", base_version=2, version=2), [], [("rejected", "state-forbids")]),
        (an_item("case.check", "case", base_version=2, version=3), [], MOVED),
        (VERIFIED, [], [("applied", ""), ("rejected", "state-forbids")]),
        (replace(VERIFIED, version=3), [], [("applied", ""), *MOVED]),
        (of("theirs"), [], [("rejected", "not-yours"), ("rejected", "state-forbids")]),
        (of("both"), [], [("applied", ""), ("rejected", "not-yours"), ("rejected", "state-forbids")]),
        (of("none"), [], [("held", "not-found")]),
        (an_item("case.note", "case", depends_on=["m2"]), [], [("held", "dependency-missing")]),
        (
            an_item("case.note", "case", depends_on=["m2"]),
            [an_item("case.note", "case", "rejected", mid="m2")],
            [("rejected", "dependency-failed")],
        ),
    ],
)
def test_an_item_may_have_only_the_fates_that_its_cause_allows(
    item: Sent, others: Sequence[Sent], fates: list[tuple[str, str]]
) -> None:
    model = Fates([("d1", one) for one in (item, *others)], GROUND)

    assert sorted(model.of("d1", item)) == sorted(fates)


def test_another_fate_is_told_with_those_that_it_may_have() -> None:
    item = an_item("facility.create", status="rejected", data=made(HERE), reason="not-yours")

    assert "must be one of [('applied', '')]" in Fates([("d1", item)], GROUND).fault("d1", item)


@pytest.mark.parametrize("kind", sorted(FLAWS))
def test_what_is_unreadable_must_be_refused_at_its_flaw(kind: str) -> None:
    data = spoilt(made(HERE), *FLAWS[kind])
    entity_id = {"case.record_refusal": "case"}.get(kind, "f1")
    told = [
        an_item(kind, entity_id, "rejected", data=data, reason="invalid-input", pointers=[at])
        for at in ("/x", FLAWS[kind][0])
    ]
    model = Fates([("d1", one) for one in told], GROUND)

    assert flaw_of(kind, data) == FLAWS[kind][0]
    assert [bool(model.fault("d1", one)) for one in told] == [True, False]


def test_every_command_of_the_storm_has_its_rule() -> None:
    assert set(FLAWS) < set(RULES)
