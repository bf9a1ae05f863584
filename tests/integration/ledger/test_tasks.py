"""A checker from elsewhere finds in the task all that the check needs: case, community and photos."""

from __future__ import annotations

import base64
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server import wiring
from server.auth.actor import Actor
from server.photos.service import tell
from sync.entity import cell_bucket
from tests.build import a_worker
from tests.integration.ledger.acting import a_cast, a_mutation, a_sender, an_id
from tests.pictures import jpeg, sha256

if TYPE_CHECKING:
    from tests.build import County
    from tests.integration.ledger.acting import Cast


@pytest.fixture
def cast(county: County) -> Cast:
    """Return a cast whose checker walks a cell at the other end of the county."""
    found = a_cast(county)
    with county.transaction() as session:
        far = session.execute(text("SELECT max(code) FROM geo.grid_cell")).scalar_one()
        found.checker = a_worker(session, [far])
    return found


def at_a_tablet(cast: Cast, actor: Actor) -> dict[str, str]:
    """Return the headers of this person's calls from an enrolled tablet."""
    device_id = an_id()
    with cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.device (device_id, user_id, name, platform, app_version, enrolled_at)"
                " VALUES (CAST(:device AS uuid), CAST(:user AS uuid), 't', '', '', now())"
            ),
            {"device": str(device_id), "user": str(actor.user_id)},
        )
    return cast.county.bearer(Actor(**{**_members(actor), "device_id": device_id}))


def _members(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__slots__}


def tasks(client: Any, headers: dict[str, str], cursor: str = "") -> tuple[list[dict[str, Any]], str]:
    """Return what a pull says of tasks, and its cursor."""
    query = {"cursor": cursor} if cursor else {}
    page = client.get("/sync/v1/pull", query_string=query, headers=headers).json
    return [op for op in page["ops"] if op.get("entity") == "task"], page["cursor"]


def photo(client: Any, headers: dict[str, str], digest: str) -> tuple[int, bytes]:
    """Return status and bytes of a photo."""
    with closing(client.get(f"/sync/v1/photos/{digest}", headers=headers)) as answer:
        return answer.status_code, answer.data


def send(client: Any, headers: dict[str, str], content: bytes) -> None:
    """Upload a photo at one stroke."""
    told = f"sha256 {base64.b64encode(sha256(content).hex().encode()).decode()}"
    more = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(content)),
        "Upload-Metadata": told,
        "Content-Type": "application/offset+octet-stream",
    }
    answer = client.post("/sync/v1/uploads", data=content, headers={**headers, **more})
    assert answer.status_code == 201, answer.data


def to_checking(cast: Cast, digest: str) -> UUID:
    """Take a case to its checker, with a photo that has not arrived."""
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="清走")
    cast.order(cast.fixer, "case.accept", case_id)
    cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", photos=[digest])
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    return case_id


def test_a_task_brings_case_community_and_photos_and_goes_when_the_check_is_done(cast: Cast) -> None:
    content = jpeg(5)
    digest = sha256(content).hex()
    with cast.county.client() as client:
        mine, reporter = at_a_tablet(cast, cast.checker), at_a_tablet(cast, cast.worker)
        nothing, cursor = tasks(client, mine)
        case_id = to_checking(cast, digest)
        [asked], cursor = tasks(client, mine, cursor)
        before, _ = photo(client, mine, digest)
        send(client, reporter, content)
        [arrived], cursor = tasks(client, mine, cursor)
        after, seen = photo(client, mine, digest)
        cast.check(case_id)
        [done], _ = tasks(client, mine, cursor)

    assert nothing == []
    assert asked["bucket"] == f"user:{cast.checker.user_id}"
    assert asked["data"]["case"]["case_id"] == str(case_id)
    assert asked["data"]["community"]["community_id"] == str(cast.community_id)
    assert digest in {photo["sha256"] for photo in asked["data"]["photos"]}
    missing = [one["data"]["case"]["evidence"]["missing"] for one in (asked, arrived)]
    assert missing == [1, 0]
    assert (before, after, seen) == (404, 200, content)
    assert (done["op"], done["id"]) == ("tombstone", str(case_id))


def test_a_stranger_gets_neither_the_task_nor_its_photos(cast: Cast) -> None:
    content = jpeg(6)
    with cast.county.transaction() as session:
        far = session.execute(text("SELECT min(code) FROM geo.grid_cell")).scalar_one()
        stranger = a_worker(session, [far])
    with cast.county.client() as client:
        to_checking(cast, sha256(content).hex())
        send(client, at_a_tablet(cast, cast.worker), content)
        theirs = at_a_tablet(cast, stranger)

        assert tasks(client, theirs)[0] == []
        assert photo(client, theirs, sha256(content).hex())[0] == 404


def test_a_note_on_the_case_comes_with_a_new_task(cast: Cast) -> None:
    case_id = cast.to_checking()

    def revision() -> int:
        with cast.county.transaction() as session:
            found: int = session.execute(
                text("SELECT rev FROM sync.entity_state WHERE entity = 'task' AND entity_id = :id"),
                {"id": str(case_id)},
            ).scalar_one()
        return found

    before = revision()
    cast.order(cast.dispatcher, "case.note", case_id, text="请从北门进")

    assert revision() == before + 1


def test_a_photo_of_a_case_that_nobody_checks_moves_no_task(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    with cast.county.transaction() as session:
        before = _task_row(session, case_id)
        tell(session, [("case", case_id)])

    with cast.county.transaction() as session:
        assert _task_row(session, case_id) == before


def _task_row(session: Any, case_id: UUID) -> list[Any]:
    found = session.execute(
        text("SELECT bucket, rev, alive FROM sync.bucket_entry WHERE entity = 'task' AND entity_id = :id"),
        {"id": str(case_id)},
    )
    return list(found.all())


def test_an_edit_of_a_community_reaches_the_tasks_that_carry_it(cast: Cast) -> None:
    case_id, other = cast.to_checking(), cast.to_claimed()
    change = {"households": {"old": 0, "new": 497}}
    edit = a_mutation("community.edit", cast.community_id, {"fields": change})
    with cast.county.transaction() as session:
        sender = a_sender(cast.worker, [cell_bucket(cast.cell)])
        [outcome] = wiring.COMMAND_TYPES["community.edit"].handler(session, sender, [edit], cast.later())

    with cast.county.transaction() as session:
        told: dict[str, Any] = dict(
            session.execute(
                text(
                    "SELECT entity_id, body -> 'community' -> 'households' FROM sync.entity_state"
                    " WHERE entity = 'task'"
                )
            ).all()
        )

    assert outcome.status in ("applied", "merged")
    assert told == {str(case_id): 497}, other
