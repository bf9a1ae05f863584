"""A drawn past is as good as a lived one: proved, complete, in order, and gone when it is removed."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.cli import main
from server.ledger.joint import service as joint
from server.ledger.verify import verify
from server.local.throw_away import ThrowAway
from server.papers import service as papers
from server.photos.store import Folder
from server.programme import demo_removal
from server.programme.service import load_county
from server.simulation.history.errors import CountyMissing, DemoPlacesStand, RecordsExist
from server.simulation.history.load import Loaded, Tell, Wish, load
from tests import build
from tests.build import NOW, County
from tests.integration.sync.pulling import Reader

PASSWORD = "a demo password"
SMALL = Wish(communities=24, years=1, seed=11)


def quiet(what: str, share: float) -> None:
    """Hear what is done and tell nobody."""


@contextmanager
def an_empty_county(services: ThrowAway, photos: Path) -> Iterator[County]:
    """Yield a database with the county itself and no demo places."""
    name = f"test_{uuid.uuid4().hex}"
    services.clone(name)
    url, owner_url = (services.cluster.url(role, name) for role in ("wangge_app", "wangge_owner"))
    with build.opened(url, owner_url, services.redis.url(0), photos) as county:
        with county.transaction() as session:
            load_county(session, with_demo=False, seed=7, now=NOW, tell=lambda line: None)
        yield county
    services.drop(name)


def draw(county: County, wish: Wish = SMALL, tell: Tell = quiet) -> Loaded:
    store = Folder(county.settings.photo_store)
    return load(county.database, store, wish, password=PASSWORD, now=NOW, tell=tell)


@pytest.fixture(scope="module")
def drawn(services: ThrowAway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[County, Loaded]]:
    """Return a county with a year of history; tests only read it."""
    with an_empty_county(services, tmp_path_factory.mktemp("photos")) as county:
        yield county, draw(county)


@pytest.fixture(scope="module")
def past(drawn: tuple[County, Loaded]) -> County:
    return drawn[0]


def use(county: County) -> None:
    """Let a demo person propose and decide a joint action, draft a paper and void it."""
    with county.transaction() as session:
        [who] = session.execute(
            text(
                "SELECT u.user_id, u.username, u.display_name, u.role, u.unit_code, n.kind, n.division_code"
                ' FROM server."user" u JOIN server.unit n ON n.code = u.unit_code'
                " WHERE u.role = 'subdistrict' AND u.origin = 'demo' ORDER BY u.username LIMIT 1"
            )
        )
        named = (who.user_id, who.username, who.display_name, who.role, who.unit_code, who.kind)
        person = Actor(*named, division_code=who.division_code)
        of_street = text(
            'SELECT k.case_id, k.number FROM server."case" k JOIN geo.community c USING (community_id)'
            " WHERE k.ended_at IS NULL AND starts_with(c.neighbourhood_code, :street) LIMIT 1"
        )
        found = session.execute(of_street, {"street": who.division_code}).all()
        action = joint.propose(
            session,
            case_ids=[case_id for case_id, _ in found],
            participants=[],
            reason="试用",
            actor=person,
            now=NOW,
        )
        joint.obey(
            session,
            UUID(action["joint_action_id"]),
            command="joint.accept",
            base_version=action["version"],
            data={"held_on": NOW.date(), "participants": [], "reason": None},
            actor=person,
            now=NOW,
        )
        paper = papers.draft(
            session,
            kind="supervision",
            numbers=[number for _, number in found],
            body=None,
            to_unit=None,
            fields={},
            actor=person,
            now=NOW,
        )
        papers.obey(
            session,
            paper_id=UUID(paper["paper_id"]),
            command="paper.void",
            base_version=paper["version"],
            data={"reason": "试用"},
            actor=person,
            now=NOW,
        )


def number(session: Session, what: str) -> int:
    found: int = session.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()
    return found


def rows(county: County, statement: str) -> list[dict[str, Any]]:
    with county.transaction() as session:
        return [dict(row._mapping) for row in session.execute(text(statement))]


def test_the_ledger_proves_itself(drawn: tuple[County, Loaded]) -> None:
    county, loaded = drawn

    with county.database.snapshot() as session:
        proof = verify(session)

    assert (proof.cases, proof.open_cases) == (loaded.cases, loaded.open_cases)
    assert proof.numbers == loaded.cases > 100
    assert set(proof.years) == {2025, 2026}


def test_cases_stand_everywhere_in_their_life(past: County) -> None:
    [found] = rows(
        past,
        "SELECT count(*) FILTER (WHERE state = 'closed') AS closed,"
        " count(*) FILTER (WHERE state <> 'closed') AS open,"
        " count(*) FILTER (WHERE closed_at > due_at) AS late, sum(rework_count) AS failed,"
        " sum(refused_count) AS refused, count(*) FILTER (WHERE level = 2) AS risen, count(*) AS cases"
        ' FROM server."case"',
    )

    assert min(found.values()) > 0
    assert found["closed"] > 5 * found["open"]
    assert found["late"] < found["cases"] / 2


def test_residents_have_told_and_the_desk_has_come_to_different_ends(past: County) -> None:
    complaints = rows(past, "SELECT DISTINCT state FROM server.complaint ORDER BY state")
    orders = rows(past, "SELECT DISTINCT state FROM server.hotline_order ORDER BY state")

    ends = [row["state"] for row in complaints]
    assert ends == ["acknowledged", "answered", "closed", "received", "verified"]
    assert [row["state"] for row in orders] == ["in_progress", "received", "replied"]


def test_what_the_last_walks_found_waits_for_the_desk(past: County) -> None:
    [found] = rows(past, "SELECT count(*) AS cases FROM server.\"case\" WHERE state = 'filed'")

    assert found["cases"] > 3


def test_most_rounds_find_nothing(past: County) -> None:
    [found] = rows(
        past,
        "SELECT count(*) AS walked, count(*) FILTER (WHERE EXISTS (SELECT FROM server.violation v"
        " WHERE v.inspection_id = i.inspection_id)) AS faulty,"
        " count(DISTINCT checklist_version) AS checklists FROM server.inspection i",
    )

    assert 0.1 < found["faulty"] / found["walked"] < 0.35
    assert found["checklists"] >= 14


def test_entries_of_a_case_are_in_order_and_numbers_follow_the_filing(past: County) -> None:
    backwards = rows(
        past,
        "SELECT 1 FROM (SELECT recorded_at < lag(recorded_at) OVER (PARTITION BY case_id ORDER BY seq) AS bad"
        " FROM server.case_entry) e WHERE bad UNION ALL"
        " SELECT 1 FROM (SELECT filed_at < lag(filed_at) OVER (ORDER BY n.year, n.seq) AS bad"
        ' FROM server.case_number n JOIN server."case" USING (case_id)) f WHERE bad',
    )
    [span] = rows(past, "SELECT min(recorded_at) AS first, max(recorded_at) AS last FROM server.case_entry")

    assert backwards == []
    assert NOW - timedelta(days=366) < span["first"] < span["last"] < NOW


def test_people_work_in_working_hours_on_working_days(past: County) -> None:
    [found] = rows(
        past,
        "SELECT avg((extract(hour FROM t.at) BETWEEN 8 AND 17)::int) AS by_day,"
        " avg((extract(isodow FROM t.at) > 5)::int) AS weekend FROM (SELECT recorded_at AT TIME ZONE"
        " 'Asia/Shanghai' AS at FROM server.case_entry WHERE actor_id IS NOT NULL) t",
    )

    assert found["by_day"] > 0.95
    # Make-up days are worked, ordinary weekends are not.
    assert found["weekend"] < 0.06


def test_the_photos_of_a_closed_case_lie_in_the_store(past: County) -> None:
    store = Folder(past.settings.photo_store)
    claimed = rows(
        past,
        "SELECT DISTINCT p.sha256, p.state FROM server.photo_claim c JOIN server.photo p USING (sha256)"
        " JOIN server.\"case\" k ON k.case_id = c.entity_id WHERE k.state = 'closed'",
    )

    assert len(claimed) > 50
    for photo in claimed:
        content = store.original(bytes(photo["sha256"])).read_bytes()
        assert hashlib.sha256(content).digest() == bytes(photo["sha256"])
        assert content.startswith(b"\xff\xd8\xff")


def test_a_few_open_cases_wait_for_a_photo_and_no_closed_one_does(past: County) -> None:
    waiting = rows(
        past,
        'SELECT c.state FROM server.photo_claim p JOIN server.photo USING (sha256) JOIN server."case" c'
        " ON c.case_id = p.entity_id WHERE p.entity = 'case' AND photo.state = 'expected'",
    )

    assert waiting
    assert {row["state"] for row in waiting} <= {"filed", "dispatched", "in_progress"}


def test_places_are_of_every_kind(past: County) -> None:
    [found] = rows(
        past,
        "SELECT count(*) AS communities, count(DISTINCT kind) AS kinds,"
        " count(*) FILTER (WHERE warranty_until > '2026-11-20') AS guaranteed,"
        " count(*) FILTER (WHERE NOT EXISTS (SELECT FROM server.service_contract s"
        " WHERE s.community_id = c.community_id)) AS alone,"
        " (SELECT count(*) FROM (SELECT community_id FROM server.service_contract GROUP BY 1"
        " HAVING count(DISTINCT unit_code) > 1) m) AS changed,"
        " (SELECT count(DISTINCT kind) FROM geo.facility) AS facilities FROM geo.community c",
    )

    assert (found["communities"], found["kinds"], found["facilities"]) == (24, 3, 6)
    assert min(found.values()) > 0


def test_a_worker_s_tablet_pulls_what_its_cells_hold(past: County) -> None:
    [worker] = rows(
        past,
        "SELECT a.user_id, array_agg(a.grid_cell_code) AS cells FROM server.assignment a"
        ' JOIN server."case" c USING (grid_cell_code) WHERE a.valid_to IS NULL GROUP BY 1'
        " ORDER BY count(*) DESC LIMIT 1",
    )
    cells = {f"cell:{code.strip()}" for code in worker["cells"]}
    reader = Reader(past.database, frozenset({"global", f"user:{worker['user_id']}", *cells}), limit=500)

    reader.follow()

    assert {entity for _, entity, _ in reader.records} >= {"case", "inspection", "community", "assignment"}
    assert reader.checksums() == reader.checkpoint
    numbers = [data["number"] for (_, entity, _), (_, data) in reader.records.items() if entity == "case"]
    assert all(numbers)


def test_demo_people_sign_in_and_see_the_ledger(past: County) -> None:
    [who] = rows(past, "SELECT username FROM server.\"user\" WHERE role = 'dispatcher' ORDER BY 1 LIMIT 1")

    with past.client() as client:
        signed = client.post(
            "/api/v1/auth/login", json={"username": who["username"], "password": PASSWORD}
        ).get_json()
        headers = {"Authorization": f"Bearer {signed['access_token']}"}
        listed = client.get("/api/v1/cases?limit=5", headers=headers).get_json()

    assert len(listed["items"]) == 5


def test_a_second_history_is_refused(past: County) -> None:
    with pytest.raises(RecordsExist):
        draw(past)


def test_the_same_seed_draws_the_same_and_removing_it_leaves_nothing(
    past: County, services: ThrowAway, tmp_path: Path
) -> None:
    heads = 'SELECT case_id, head_hash FROM server."case" ORDER BY case_id'
    with an_empty_county(services, tmp_path / "photos") as county:
        draw(county)

        assert rows(county, heads) == rows(past, heads)

        use(county)
        with county.owner() as session:
            assert demo_removal.remove(session, NOW) == "emptied"
        with county.transaction() as session:
            emptied = (
                'server."case"',
                "server.inspection",
                "server.finding_outcome",
                "server.complaint",
                "server.hotline_order",
                "server.paper",
                "server.joint_action",
                "geo.community",
            )
            assert [number(session, table) for table in emptied] == [0] * 8
            gone = "sync.bucket_entry WHERE alive AND entity IN ('case', 'inspection', 'task', 'assignment')"
            assert number(session, gone) == 0
        draw(county, Wish(communities=12, years=1, seed=12))


def test_a_load_that_is_interrupted_leaves_nothing_behind(services: ThrowAway, tmp_path: Path) -> None:
    def interrupt(what: str, share: float) -> None:
        if what == "tablets":
            raise KeyboardInterrupt

    with an_empty_county(services, tmp_path / "photos") as county:
        with pytest.raises(KeyboardInterrupt):
            draw(county, Wish(communities=12, years=1, seed=3), interrupt)

        with county.transaction() as session:
            assert number(session, "geo.community") == 0
            assert number(session, "server.photo") == 0
    assert [file for _, _, files in os.walk(tmp_path / "photos") for file in files] == []


def test_demo_places_of_another_size_are_not_drawn_over(county: County) -> None:
    with pytest.raises(DemoPlacesStand):
        draw(county)


def test_the_command_says_in_one_sentence_why_it_refuses(county: County) -> None:
    environment = {
        "DATABASE_URL": county.database_url,
        "DATABASE_OWNER_URL": county.owner_url,
        "SECRET_KEY": county.settings.secret_key,
        "PHOTO_STORE": str(county.settings.photo_store),
    }

    refused = CliRunner().invoke(main, ["demo", "load"], env=environment)

    assert refused.exit_code == 1
    assert "wangge demo remove" in refused.output
    assert "Traceback" not in refused.output


def test_without_the_county_there_is_nothing_to_draw_on(
    services: ThrowAway, database_url: str, owner_url: str, tmp_path: Path
) -> None:
    with (
        build.opened(database_url, owner_url, services.redis.url(0), tmp_path / "photos") as county,
        pytest.raises(CountyMissing),
    ):
        draw(county)
