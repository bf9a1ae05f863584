"""What residents read by a notice board's code: figures, the closed list and blurred photos, nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.photos.store import Folder
from server.published.blurring import FROM_PX, KEPT_PX
from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def code_of(cast: Cast, client: FlaskClient) -> str:
    path = f"/api/v1/communities/{cast.community_id}/board"
    answer = client.put(path, headers=cast.county.bearer(cast.dispatcher))
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["code"])


def close(cast: Cast) -> UUID:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    return case_id


def stripes() -> bytes:
    """Return a picture of stripes two points wide, as fine as the strokes of a number plate."""
    image = Image.new("RGB", (FROM_PX, FROM_PX), "white")
    for x in range(0, FROM_PX, 4):
        image.paste("black", (x, 0, x + 2, FROM_PX))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def look_into(cast: Cast) -> None:
    """Let the workers have made thumbnails of everything that arrived."""
    store = Folder(cast.county.settings.photo_store)
    with cast.county.transaction() as session:
        for digest in session.scalars(text("UPDATE server.photo SET derived_at = now() RETURNING sha256")):
            store.keep_thumbnail(bytes(digest), FROM_PX, stripes())


def test_the_boards_code_opens_figures_that_name_no_person(cast: Cast, client: FlaskClient) -> None:
    close(cast)
    cast.report()
    code = code_of(cast, client)

    answer = client.get(f"/api/v1/public/boards/{code.lower()}")

    assert answer.status_code == 200
    assert (answer.get_json()["open"], answer.get_json()["closed"]) == (1, 1)
    assert {one["step"]: one["cases"] for one in answer.get_json()["steps"]} == {"assigned": 1, "closed": 1}
    [measure] = answer.get_json()["measures"]
    assert (measure["open"], measure["closed"]) == (1, 1)
    assert cast.worker.display_name not in answer.text
    assert "三辆车" not in answer.text
    again = client.get(f"/api/v1/public/boards/{code}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_board_keeps_the_code_it_was_given(cast: Cast, client: FlaskClient) -> None:
    code = code_of(cast, client)

    assert code_of(cast, client) == code
    with pytest.raises(DatabaseError, match="append-only"), cast.county.owner() as session:
        session.execute(text("UPDATE server.board_code SET code = 'ABCDEFGH'"))


@pytest.mark.parametrize("code", ["ABCDEFGH", "short", "O0I1l%00%27", "x" * 500])
def test_a_code_that_no_board_has_is_not_found(cast: Cast, client: FlaskClient, code: str) -> None:
    for path in ("", "/closed", "/closed/370831-2026-000001/photos/ab"):
        assert client.get(f"/api/v1/public/boards/{code}{path}").status_code == 404


def test_the_closed_list_shows_photos_in_which_nothing_can_be_read(cast: Cast, client: FlaskClient) -> None:
    close(cast)
    look_into(cast)
    code = code_of(cast, client)

    [shown] = client.get(f"/api/v1/public/boards/{code}/closed").get_json()["items"]

    assert [one["role"] for one in shown["photos"]] == ["before", "after"]
    assert shown["grid_cell_code"] == cast.cell
    assert "location" not in shown
    path = f"/api/v1/public/boards/{code}/closed/{shown['number']}/photos/{shown['photos'][0]['name']}"
    answer = client.get(path, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.data)) as picture:
        middle = picture.convert("L").crop((60, 60, picture.width - 60, picture.height - 60))
        assert not picture.getexif()
    greys = list(middle.tobytes())
    assert max(greys) - min(greys) < 20, "the stripes have become one grey"
    assert (
        client.get(path, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True).status_code == 304
    )


def test_what_is_not_closed_is_not_listed_and_what_comes_back_leaves_the_list(
    cast: Cast, client: FlaskClient
) -> None:
    case_id = close(cast)
    cast.to_claimed()
    code = code_of(cast, client)
    listed = f"/api/v1/public/boards/{code}/closed"
    assert len(client.get(listed).get_json()["items"]) == 1

    photo = "ab" * 32
    cast.order(
        cast.worker, "case.reopen", case_id, reason="又停满了", location=cast.location(), photos=[photo]
    )

    assert client.get(listed).get_json()["items"] == []


def test_the_closed_list_goes_on_where_the_page_before_ended(cast: Cast, client: FlaskClient) -> None:
    for _ in range(3):
        close(cast)
    path = f"/api/v1/public/boards/{code_of(cast, client)}/closed"

    first = client.get(path, query_string={"limit": 2}).get_json()
    second = client.get(path, query_string={"limit": 2, "cursor": first["next"]}).get_json()

    numbers = [one["number"] for one in (*first["items"], *second["items"])]
    assert (len(set(numbers)), second["next"]) == (3, None)
    assert numbers == sorted(numbers, reverse=True)
    assert client.get(path, query_string={"cursor": "nonsense"}).status_code == 400
    assert client.get(path, query_string={"limit": 51}).status_code == 422


def test_the_office_keeps_a_photo_back_and_publishes_it_again(cast: Cast, client: FlaskClient) -> None:
    case_id = close(cast)
    look_into(cast)
    code = code_of(cast, client)
    bearer = cast.county.bearer(cast.shift_leader)
    office = f"/api/v1/communities/{cast.community_id}/published"
    [row] = client.get(office, headers=bearer).get_json()["items"]
    photo = row["photos"][0]
    public = f"/api/v1/public/boards/{code}/closed/{row['number']}/photos/{photo['name']}"
    assert client.get(public, buffered=True).status_code == 200
    decision = f"{office}/{row['number']}/photos/{photo['name']}"

    unsaid = client.put(decision, headers=bearer, json={"published": False, "reason": " "})
    kept = client.put(decision, headers=bearer, json={"published": False, "reason": "看得出住户"})

    assert (unsaid.status_code, kept.status_code) == (422, 200)
    assert client.get(public, buffered=True).status_code == 404
    [shown] = client.get(f"/api/v1/public/boards/{code}/closed").get_json()["items"]
    assert photo["name"] not in [one["name"] for one in shown["photos"]]
    assert client.put(decision, headers=bearer, json={"published": True}).status_code == 200
    assert client.get(public, buffered=True).status_code == 200
    assert row["case_id"] == str(case_id)


def test_boards_are_for_the_office_of_the_place(cast: Cast, client: FlaskClient) -> None:
    path = f"/api/v1/communities/{cast.community_id}/board"

    assert client.put(path).status_code == 401
    assert client.put(path, headers=cast.county.bearer(cast.fixer)).status_code == 403
    asked = f"{path}/qr"
    assert client.get(asked, headers=cast.county.bearer(cast.dispatcher)).status_code == 404
    code_of(cast, client)
    for kind, begins in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        answer = client.get(asked, query_string={"format": kind}, headers=cast.county.bearer(cast.dispatcher))
        assert answer.data.startswith(begins), kind
    wrong = client.get(
        asked, query_string={"address": "javascript:1"}, headers=cast.county.bearer(cast.dispatcher)
    )
    assert wrong.status_code == 422


def test_one_address_reads_only_so_much(cast: Cast, client: FlaskClient) -> None:
    for _ in range(20):
        assert client.get("/api/v1/public/boards/ABCDEFGH").status_code == 404

    assert client.get("/api/v1/public/boards/ABCDEFGH").status_code == 429


def test_a_blurred_picture_holds_too_few_points_for_a_face() -> None:
    # A face that fills a fifteenth of the width is then less than five points wide.
    assert KEPT_PX / 15 < 5
